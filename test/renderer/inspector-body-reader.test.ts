import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BodyReader } from '../../renderer/inspector/body-reader.ts'
import type { ByteSpan } from '../../renderer/inspector/line-index.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_795_000_000_000 }))
afterEach(() => vi.useRealTimers())

function readerOf(stream: ScriptedStream) {
  const asked: ByteSpan[] = []
  const reader = new BodyReader(async (span) => {
    asked.push(span)
    await new Promise((resolve) => setTimeout(resolve, 2))
    return stream.body(span, Date.now())
  }, 80)
  reader.subscribe(() => undefined)
  return { reader, asked }
}

const past = (rows: number, more: object = {}) =>
  new ScriptedStream({ id: 1, startedAt: Date.now() - 60_020, rowsPerSecond: rows / 60, ...more })

describe('the body reader', () => {
  test('fetches what is on screen in blocks, and nothing more for hex', async () => {
    const stream = past(6000)
    const { reader, asked } = readerOf(stream)
    const total = stream.exchange(Date.now()).arrivedBytes
    reader.see({ span: { from: 200_000, to: 200_400 }, total, needsLines: false })
    expect(reader.read({ from: 200_000, to: 200_400 })).toBeNull()
    await vi.advanceTimersByTimeAsync(20)
    expect(asked).toEqual([{ from: 196_608, to: 262_144 }])
    expect(reader.read({ from: 200_000, to: 200_400 })).toEqual(stream.body({ from: 200_000, to: 200_400 }, Date.now()).bytes)
  })

  test('finds every line of the body for text, from its start to its end', async () => {
    const stream = past(30_000)
    const { reader } = readerOf(stream)
    const { arrivedBytes: total, rows } = stream.exchange(Date.now())
    reader.see({ span: { from: 0, to: 400 }, total, needsLines: true })
    await vi.advanceTimersByTimeAsync(200)
    // Each event is an id line, a data line of more than 80 bytes, which takes two rows, and an empty line.
    expect(reader.lines?.end).toBe(total)
    expect(reader.lines?.lines).toBe(rows * 4)
    const last = reader.lines?.line(rows * 4 - 4) ?? { from: 0, to: 0 }
    expect(new TextDecoder().decode(stream.body(last, Date.now()).bytes)).toBe(`id: ${String(rows - 1).padStart(9, '0')}\n`)
  })

  test('begins at the oldest byte that is kept', async () => {
    const stream = past(6000, { keptRows: 1000 })
    const { reader } = readerOf(stream)
    const { arrivedBytes: total, forgottenRows, rows } = stream.exchange(Date.now())
    reader.see({ span: { from: 0, to: 400 }, total, needsLines: true })
    await vi.advanceTimersByTimeAsync(100)
    expect(reader.first).toBe((total / rows) * forgottenRows)
    expect(reader.lines?.line(reader.lines.indexAt(reader.first)).from).toBe(reader.first)
  })

  test('stops asking when nobody looks any more', async () => {
    const stream = past(60_000)
    const asked: ByteSpan[] = []
    const reader = new BodyReader(async (span) => {
      asked.push(span)
      await new Promise((resolve) => setTimeout(resolve, 2))
      return stream.body(span, Date.now())
    }, 80)
    const stop = reader.subscribe(() => undefined)
    reader.see({ span: { from: 0, to: 400 }, total: stream.exchange(Date.now()).arrivedBytes, needsLines: true })
    await vi.advanceTimersByTimeAsync(5)
    stop()
    const before = asked.length
    await vi.advanceTimersByTimeAsync(100)
    expect(asked.length).toBe(before)
  })
})
