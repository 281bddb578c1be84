import { expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import { readRows, readTimeline } from '../../proxy-core/rows.ts'
import { Tap } from '../../proxy-core/tap.ts'

const budget = () => new CaptureBudget(1e9, 1e9)

test('an event arrives with the byte that ends it, and leaves with that byte', () => {
  const tap = new Tap('event', budget())
  tap.arrived(Buffer.from('data: a\n'), 100)
  tap.left(8, 101)
  tap.arrived(Buffer.from('\ndata: b\n\nda'), 200)
  tap.arrived(Buffer.from('ta: c\n\n'), 300)
  expect(readRows(tap, 0, 10).rows).toMatchObject([
    { index: 0, preview: 'a', arrivedAt: 200, leftAt: null, gapMs: null, bytes: 9 },
    { index: 1, preview: 'b', arrivedAt: 200, leftAt: null, gapMs: 0, bytes: 9 },
    { index: 2, preview: 'c', arrivedAt: 300, leftAt: null, gapMs: 100, bytes: 9 },
  ])
  tap.left(1, 400)
  expect(tap.leftRows).toBe(1)
  tap.left(11, 500)
  expect(tap.leftRows).toBe(2)
  tap.left(7, 600)
  expect(readRows(tap, 0, 10).rows.map((row) => row.leftAt)).toEqual([400, 500, 600])
})

test('rows of every type are told apart without a body being decoded twice', () => {
  const tap = new Tap('event', budget())
  tap.arrived(Buffer.from(': hello\n\nretry: 50\nid: 7\n\nevent: time\nid: 8\ndata: x\ndata: y\n\n'), 1)
  expect(readRows(tap, 0, 10).rows).toMatchObject([
    { type: 'comment', preview: 'hello', eventType: '' },
    { type: 'fields', eventId: '7', preview: 'id: 7, retry: 50' },
    { type: 'event', eventType: 'time', eventId: '8', preview: 'x\ny' },
  ])
  expect([tap.rows, tap.events]).toEqual([3, 1])
})

test('lines and chunks are rows too, a last line without its end among them', () => {
  const lines = new Tap('line', budget())
  lines.arrived(Buffer.from('{"a":1}\n{"b"'), 1)
  lines.arrived(Buffer.from(':2}'), 2)
  lines.ended(true, () => {})
  expect(readRows(lines, 0, 10).rows).toMatchObject([
    { preview: '{"a":1}', arrivedAt: 1 },
    { preview: '{"b":2}', arrivedAt: 2 },
  ])
  const chunks = new Tap('chunk', budget())
  chunks.arrived(Buffer.from('one'), 1)
  chunks.arrived(Buffer.from('two'), 2)
  expect(readRows(chunks, 1, 10)).toMatchObject({ total: 2, rows: [{ index: 1, preview: 'two', arrivedAt: 2 }] })
})

test('beyond the budget the oldest rows are forgotten, and the later ones keep their numbers and clocks', () => {
  const tap = new Tap('event', new CaptureBudget(30_000, 1e9))
  for (let index = 0; index < 1000; index++) {
    tap.arrived(Buffer.from(`data: ${index}\n\n`), 1000 + index)
    tap.left(`data: ${index}\n\n`.length, 2000 + index)
  }
  const { first, total, rows } = readRows(tap, 0, 5000)
  expect(total).toBe(1000)
  expect(first).toBeGreaterThan(500)
  expect(rows[0]).toMatchObject({ index: first, preview: String(first), arrivedAt: 1000 + first, leftAt: 2000 + first })
  expect(rows.at(-1)).toMatchObject({ index: 999, preview: '999', arrivedAt: 1999, leftAt: 2999 })
  expect(tap.leftRows).toBe(1000)
})

test('rows count in the budget, so that a stream of tiny events keeps no more than one of large ones', () => {
  const limit = 1_000_000
  const all = new CaptureBudget(1e9, limit)
  const tap = new Tap('event', all)
  for (let count = 0; count < 300; count++) tap.arrived(Buffer.from('d\n\n'.repeat(2000)), count)
  expect(tap.rows).toBe(600_000)
  // Three bytes of the body and the two numbers of its row.
  expect((tap.rows - tap.forgottenRows) * (3 + 16)).toBeLessThanOrEqual(limit)
  expect((tap.rows - tap.forgottenRows) * (3 + 16)).toBeGreaterThan(limit / 2)
  expect(all.usedBytes).toBeLessThan(limit * 1.1)
  tap.forgetAll()
  expect(all.usedBytes).toBe(0)
})

test('the strip of a stretch has its first and last row, and those that leave in it though they arrived before', () => {
  const tap = new Tap('event', budget())
  for (let index = 0; index < 1000; index++) tap.arrived(Buffer.from('data: x\n\n'), index)
  tap.left(9 * 1000, 1500)
  const { points } = readTimeline(tap, [], { from: 500, to: 1600, columns: 100 })
  const rows = Array.from({ length: points.length / 3 }, (_, index) => points[index * 3 + 2] as number)
  expect(rows).toEqual([...rows].sort((a, b) => a - b))
  expect(rows[0]).toBe(0)
  expect(rows).toContain(500)
  expect(rows.at(-1)).toBe(999)
  expect(rows.length).toBeLessThan(500)
})
