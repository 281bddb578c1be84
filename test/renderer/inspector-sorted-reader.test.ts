import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Row } from '../../proxy-core/contract/rows.ts'
import type { SortedRows } from '../../proxy-core/contract/timing.ts'
import { directionOf, sortingAfter } from '../../renderer/inspector/row-sorting.ts'
import { SortedReader, type RowSorting, type SortedAsk, type SortedSeen } from '../../renderer/inspector/sorted-reader.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const longestFirst: RowSorting = { by: 'held', descending: true }
const screen: SortedSeen = { ...longestFirst, since: 0, from: 0, to: 20, find: null, isPaused: false, stamp: '1' }

it('reads what is on screen at once, and again at a bounded rate while the stream goes on', async () => {
  const { reader, asks } = openReader()
  reader.see(screen)
  await vi.advanceTimersByTimeAsync(0)
  expect(asks).toMatchObject([{ by: 'held', from: 0, to: 120, rests: false }])
  expect(reader.row(3)?.index).toBe(996)
  for (let stamp = 2; stamp <= 60; stamp++) {
    reader.see({ ...screen, stamp: String(stamp) })
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(asks.length).toBeGreaterThan(8)
  expect(asks.length).toBeLessThanOrEqual(11)
})

it('asks nothing while nothing changes, and while paused only for what is not here', async () => {
  const { reader, asks } = openReader()
  for (const seen of [screen, screen, { ...screen, isPaused: true, stamp: '2' }]) {
    reader.see(seen)
    await vi.advanceTimersByTimeAsync(400)
  }
  expect(asks).toHaveLength(1)
  reader.see({ ...screen, isPaused: true, from: 500, to: 520, stamp: '3' })
  await vi.advanceTimersByTimeAsync(0)
  expect(asks[1]).toMatchObject({ from: 400, to: 620, rests: true })
})

it('knows the rank of a row on screen, and of one that it asked for', async () => {
  const { reader } = openReader()
  reader.see({ ...screen, find: 100 })
  await vi.advanceTimersByTimeAsync(0)
  expect([reader.rankOf(999), reader.rankOf(100), reader.rankOf(101)]).toEqual([0, 899, null])
})

it('shows no row of one order in another', async () => {
  const { reader } = openReader()
  reader.see(screen)
  await vi.advanceTimersByTimeAsync(0)
  reader.see({ ...screen, by: 'bytes' })
  expect([reader.total, reader.row(0)]).toEqual([null, undefined])
  await vi.advanceTimersByTimeAsync(400)
  expect(reader.total).toBe(1000)
})

it.each([
  { column: 'held', turns: [{ by: 'held', descending: true }, { by: 'held', descending: false }, null] },
  { column: 'bytes', turns: [{ by: 'bytes', descending: true }, { by: 'bytes', descending: false }, null] },
  { column: 'gap', turns: [{ by: 'gap', descending: true }, { by: 'gap', descending: false }, null] },
  { column: 'index', turns: [{ by: 'arrival', descending: true }, null] },
  { column: 'arrived', turns: [{ by: 'arrival', descending: true }, null] },
  { column: 'data', turns: [null] },
] as const)('pressing the title of $column goes through its orders and back', ({ column, turns }) => {
  let sorting: RowSorting | null = null
  for (const turn of turns) {
    sorting = sortingAfter(column, sorting)
    expect(sorting).toEqual(turn)
  }
})

it('another column sorts at once, and number or arrival goes back to the order of arrival', () => {
  expect(sortingAfter('gap', longestFirst)).toEqual({ by: 'gap', descending: true })
  expect(sortingAfter('index', longestFirst)).toBeNull()
  expect([directionOf('held', longestFirst), directionOf('index', longestFirst), directionOf('index', null)]).toEqual([
    'descending',
    null,
    'ascending',
  ])
})

/** Over a stream of a thousand rows that were held the longer the later they came. */
function openReader() {
  const asks: SortedAsk[] = []
  const reader = new SortedReader((ask) => {
    asks.push(ask)
    const to = Math.min(1000, ask.to)
    const rows = Array.from({ length: Math.max(0, to - ask.from) }, (_, place) => ({ index: 999 - ask.from - place }) as Row)
    const rank = ask.find === null ? null : 999 - ask.find
    const answer: SortedRows = { from: ask.from, rows, total: 1000, asOf: { rows: 1000, leftRows: 1000, forgottenRows: 0 }, rank }
    return Promise.resolve(answer)
  })
  return { reader, asks }
}
