// What a stream's two clocks are asked: rows by another order than their own, the numbers of a stretch, and the whole over time.
import { EventEmitter, once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import { rowOrders } from '../../proxy-core/contract/timing.ts'
import { RadixSort } from '../../proxy-core/radix-sort.ts'
import { SpreadTally } from '../../proxy-core/spread-tally.ts'
import { TimeColumns } from '../../proxy-core/time-columns.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let gateway: TestGateway
let id: ExchangeId
let rows: readonly Row[]

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let index = 0; index < 60; index++) {
      await exchange.chunk(`data: ${'x'.repeat((index * 7) % 31)}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, index % 20 === 9 ? 60 : 3))
    }
    exchange.end()
  })
  gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'on', holdBytes: 200 } })] })
  const feed = await gateway.feed()
  await fetchWhole(gateway.url)
  id = (await feed.exchange((exchange) => exchange.state === 'complete')).id
  ;({ rows } = await gateway.command('exchange.rows', { id, from: 0, to: 100 }))
})
afterAll(async () => {
  await gateway?.close()
  await upstream?.close()
})

const keys = {
  arrival: (row: Row) => row.index,
  held: (row: Row) => (row.leftAt ?? Number.NaN) - row.arrivedAt,
  bytes: (row: Row) => row.bytes,
  gap: (row: Row) => row.gapMs ?? 0,
}

test.each(
  rowOrders.flatMap((by) => [
    { by, descending: false },
    { by, descending: true },
  ]),
)('rows by $by, descending $descending, equal ones in their own order', async ({ by, descending }) => {
  const turn = descending ? -1 : 1
  const expected = rows.toSorted((one, other) => turn * (keys[by](one) - keys[by](other)) || one.index - other.index)
  const find = expected[33]?.index ?? 0
  const sorted = await gateway.command('exchange.sorted', { id, by, descending, from: 10, to: 50, find })
  expect(sorted).toMatchObject({ from: 10, total: 60, rank: 33, asOf: { rows: 60, leftRows: 60 } })
  expect(sorted.rows.map((row) => row.index)).toEqual(expected.slice(10, 50).map((row) => row.index))
})

test('rows before a given one have no rank', async () => {
  const ask = { id, by: 'bytes', descending: true, since: 40, from: 0, to: 100, find: 39 } as const
  const sorted = await gateway.command('exchange.sorted', ask)
  const expected = rows.slice(40).toSorted((one, other) => other.bytes - one.bytes || one.index - other.index)
  expect(sorted.rows.map((row) => row.index)).toEqual(expected.map((row) => row.index))
  expect(sorted).toMatchObject({ total: 20, rank: null })
})

test('an order that rests stays while the stream goes on', async () => {
  const asked = new EventEmitter()
  const slow = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    await exchange.chunk('data: one\n\n')
    await once(asked, 'more')
    await exchange.chunk('data: two\n\n')
    await once(asked, 'end')
    exchange.end()
  })
  const other = await startGateway({ routes: [routeTo(slow.url)] })
  const feed = await other.feed()
  const whole = fetchWhole(other.url)
  const open = await feed.exchange((exchange) => exchange.rows === 1)
  const ask = { id: open.id, by: 'arrival', descending: true, from: 0, to: 10, find: null } as const
  expect((await other.command('exchange.sorted', ask)).rows.map((row) => row.index)).toEqual([0])
  asked.emit('more')
  await feed.exchange((exchange) => exchange.rows === 2)
  expect((await other.command('exchange.sorted', { ...ask, rests: true })).rows.map((row) => row.index)).toEqual([0])
  await expect.poll(async () => (await other.command('exchange.sorted', ask)).rows.map((row) => row.index)).toEqual([1, 0])
  asked.emit('end')
  await whole
  await other.close()
  await slow.close()
})

test('the numbers of a stretch are those of the rows that arrived in it', async () => {
  const inside = rows.slice(12, 48)
  const [from, to] = [inside[0]?.arrivedAt ?? 0, (inside.at(-1)?.arrivedAt ?? 0) + 0.001]
  const stretch = await gateway.command('exchange.stretch', { id, from, to })
  expect(stretch).toMatchObject({ rows: 36, firstRow: 12, bytes: inside.reduce((sum, row) => sum + row.bytes, 0) })
  expect(stretch.longestHeldMs).toBeCloseTo(Math.max(...inside.map(keys.held)), 6)
  expect(stretch.longestGapMs).toBeCloseTo(Math.max(...inside.slice(1).map(keys.gap)), 6)
  expect(stretch.leftRows).toBe(rows.filter((row) => row.leftAt !== null && row.leftAt >= from && row.leftAt < to).length)
  const empty = await gateway.command('exchange.stretch', { id, from: 1, to: 2 })
  expect(empty).toMatchObject({ rows: 0, firstRow: null, longestHeldMs: null, longestGapMs: null })
})

test('the stream over time has each row once on both clocks, and the longest waits', async () => {
  const timing = await gateway.command('exchange.timing', { id, columns: 40 })
  const sum = (series: Float64Array | undefined) => series?.reduce((total, value) => total + value, 0)
  expect(timing?.columns).toBeLessThanOrEqual(40)
  expect([sum(timing?.arrived.rows), sum(timing?.left.rows), timing?.rows]).toEqual([60, 60, 60])
  expect(sum(timing?.arrived.bytes)).toBe(rows.reduce((total, row) => total + row.bytes, 0))
  expect(timing?.arrived.gaps.max).toBeCloseTo(Math.max(...rows.map(keys.gap)), 6)
  expect(timing?.held.max).toBeCloseTo(Math.max(...rows.map(keys.held)), 6)
  expect(timing?.held.count).toBe(60)
})

test('percentiles are right to 1 %', () => {
  const tally = new SpreadTally()
  for (let ms = 1; ms <= 10_000; ms++) tally.add(ms)
  const { p50, p95, p99, max, mean } = tally.summary()
  expect([max, mean]).toEqual([10_000, 5000.5])
  for (const [found, exact] of [
    [p50, 5000],
    [p95, 9500],
    [p99, 9900],
  ] as const)
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.0101)
})

test('columns of time widen with the stream, and lose nothing', () => {
  const columns = new TimeColumns(1000)
  const [sums, maxima] = [columns.sums(), columns.maxima()]
  for (let index = 0; index < 50_000; index++) {
    columns.add(sums, 1000 + index * 3, 1)
    columns.add(maxima, 1000 + index * 3, index)
  }
  expect(columns.columnMs).toBe(128)
  expect(columns.read(sums, 4).reduce((total, value) => total + value, 0)).toBe(50_000)
  expect(columns.read(maxima, 1)[0]).toBe(42)
})

test('a sort in steps keeps equal keys in their order, both ways', () => {
  const keysOf = Float64Array.from({ length: 70_000 }, (_, place) =>
    place % 7 === 0 ? 0 : ((place * 7919) % 1013) / 8 + (place % 3) * 1e6,
  )
  for (const isDescending of [false, true]) {
    const sort = new RadixSort(keysOf, isDescending)
    while (sort.step()) continue
    const places = Array.from(keysOf, (_, place) => place)
    const turn = isDescending ? -1 : 1
    const expected = places.sort((one, other) => turn * ((keysOf[one] ?? 0) - (keysOf[other] ?? 0)) || one - other)
    expect(Array.from(sort.order)).toEqual(expected)
  }
})
