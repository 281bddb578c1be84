import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RowSpan } from '../../renderer/exchanges/row-range.ts'
import { RowReader } from '../../renderer/inspector/row-reader.ts'
import { TimelineReader } from '../../renderer/inspector/timeline-reader.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_795_000_000_000 }))
afterEach(() => vi.useRealTimers())

const answerMs = 3

/** A reader of a stream whose answers take a moment, as they do across threads. */
function readerOf(stream: ScriptedStream) {
  const asked: RowSpan[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const reader = new RowReader(async (span) => {
    asked.push(span)
    mostAtOnce = Math.max(mostAtOnce, ++atOnce)
    await new Promise((resolve) => setTimeout(resolve, answerMs))
    atOnce--
    return stream.rows(span, Date.now())
  })
  reader.subscribe(() => undefined)
  return { reader, asked, mostAtOnce: () => mostAtOnce }
}

describe('the row reader', () => {
  test('follows 50,000 rows a second with a fetch every 66 ms, one at a time, of a screenful, and is never blank', async () => {
    const stream = new ScriptedStream({ id: 1, startedAt: Date.now(), rowsPerSecond: 50_000 })
    const { reader, asked, mostAtOnce } = readerOf(stream)
    for (let frame = 0; frame < 120; frame++) {
      await vi.advanceTimersByTimeAsync(16)
      const { rows, leftRows } = stream.exchange(Date.now())
      reader.see({ span: { from: Math.max(0, reader.tail - 40), to: reader.tail }, screenRows: 40, isFollowing: true, rows, leftRows })
      for (let index = Math.max(0, reader.tail - 40); index < reader.tail; index++) expect(reader.row(index)).toBeDefined()
    }
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.length).toBeLessThan(32)
    expect(mostAtOnce()).toBe(1)
    expect(Math.max(...asked.map(({ from, to }) => to - from))).toBeLessThanOrEqual(40)
    expect(reader.tail).toBeGreaterThan(80_000)
  })

  test('asks for nothing while nothing on screen changes', async () => {
    const stream = new ScriptedStream({ id: 1, startedAt: Date.now() - 60_000, rowsPerSecond: 100 })
    const { reader, asked } = readerOf(stream)
    for (let frame = 0; frame < 60; frame++) {
      const { rows, leftRows } = stream.exchange(Date.now())
      reader.see({ span: { from: 1000, to: 1040 }, screenRows: 40, isFollowing: false, rows, leftRows })
      await vi.advanceTimersByTimeAsync(16)
    }
    expect(asked).toEqual([{ from: 936, to: 1104 }])
    expect(reader.row(1010)?.index).toBe(1010)
  })

  test('fetches held rows again once they have left, and not before', async () => {
    const now = Date.now()
    const stream = new ScriptedStream({ id: 1, startedAt: now - 10_000, rowsPerSecond: 10 })
    stream.hold(now - 5000)
    const { reader, asked } = readerOf(stream)
    const look = async () => {
      const { rows, leftRows } = stream.exchange(Date.now())
      reader.see({ span: { from: 40, to: 60 }, screenRows: 40, isFollowing: false, rows, leftRows })
      await vi.advanceTimersByTimeAsync(100)
    }
    await look()
    await look()
    expect(asked).toHaveLength(1)
    expect(reader.row(55)?.leftAt).toBeNull()
    stream.release(Date.now())
    await look()
    expect(asked).toHaveLength(2)
    expect(reader.row(55)?.leftAt).not.toBeNull()
  })

  test('jumping elsewhere is not kept waiting by the pace', async () => {
    const stream = new ScriptedStream({ id: 1, startedAt: Date.now() - 60_000, rowsPerSecond: 100 })
    const { reader, asked } = readerOf(stream)
    const { rows, leftRows } = stream.exchange(Date.now())
    reader.see({ span: { from: 0, to: 40 }, screenRows: 40, isFollowing: false, rows, leftRows })
    await vi.advanceTimersByTimeAsync(answerMs)
    reader.see({ span: { from: 4000, to: 4040 }, screenRows: 40, isFollowing: false, rows, leftRows })
    await vi.advanceTimersByTimeAsync(answerMs)
    expect(asked).toHaveLength(2)
    expect(reader.row(4020)?.index).toBe(4020)
  })

  test('says why when the rows cannot be had, and goes on when they can', async () => {
    let isGone = true
    const stream = new ScriptedStream({ id: 1, startedAt: Date.now() - 1000, rowsPerSecond: 100 })
    const reader = new RowReader(async (span) => {
      await Promise.resolve()
      if (isGone) throw new Error('gone')
      return stream.rows(span, Date.now())
    })
    reader.subscribe(() => undefined)
    const see = async () => {
      reader.see({ span: { from: 0, to: 10 }, screenRows: 40, isFollowing: false, rows: 100, leftRows: 100 })
      await vi.advanceTimersByTimeAsync(100)
    }
    await see()
    expect(reader.error).toEqual(new Error('gone'))
    isGone = false
    await see()
    expect(reader.error).toBeNull()
  })
})

test('a live timeline is asked for at most 12 times a second, in whole columns, and not at all while nothing is new', async () => {
  const stream = new ScriptedStream({ id: 1, startedAt: Date.now(), rowsPerSecond: 200 })
  const asked: { from: number; to: number; columns: number }[] = []
  const reader = new TimelineReader(
    async (ask) => {
      asked.push(ask)
      await new Promise((resolve) => setTimeout(resolve, answerMs))
      return stream.timeline(ask, Date.now())
    },
    () => undefined,
  )
  const showFrames = async (frames: number, stamp: () => string) => {
    for (let frame = 0; frame < frames; frame++) {
      const to = Date.now()
      reader.see({ from: to - 15_000, to, columns: 1000, stamp: stamp() })
      await vi.advanceTimersByTimeAsync(16)
    }
  }
  await showFrames(125, () => String(stream.rowCount(Date.now())))
  expect(asked.length).toBeGreaterThan(15)
  expect(asked.length).toBeLessThanOrEqual(26)
  const columnMs = 15
  for (const { from, to, columns } of asked) {
    expect(from % columnMs).toBe(0)
    expect((to - from) / columns).toBe(columnMs)
  }
  const before = asked.length
  reader.stop()
  reader.start()
  const last = asked.at(-1)
  if (!last) throw new Error('nothing was asked')
  const span = { from: last.from + 100, to: last.to - 100, columns: Math.round((last.to - last.from - 200) / columnMs) }
  reader.see({ ...span, stamp: 'quiet' })
  await vi.advanceTimersByTimeAsync(500)
  for (let frame = 0; frame < 60; frame++) {
    reader.see({ ...span, stamp: 'quiet' })
    await vi.advanceTimersByTimeAsync(16)
  }
  expect(asked.length).toBe(before + 1)
})
