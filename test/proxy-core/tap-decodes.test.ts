import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { RowKind } from '../../proxy-core/contract/exchange.ts'
import { readBody, readRowDetail, readRows } from '../../proxy-core/rows.ts'
import { Tap } from '../../proxy-core/tap.ts'
import { StreamEncoder, testCodings, type TestCoding } from './support/encoded-stream.ts'

const events = Array.from({ length: 20 }, (_, index) => `id: ${index}\ndata: {"token":"number ${index}"}\n\n`)

describe.each(testCodings)('a body in %s', (coding) => {
  test('shows its events with the times of the wire', async () => {
    const { tap, settled } = openTap('event', [nameOf(coding)])
    const encoder = new StreamEncoder(coding)
    for (const [index, event] of events.entries()) {
      const wire = await encoder.encode(event)
      tap.arrived(wire, 1000 + index * 10)
      tap.left(wire.length, 1003 + index * 10)
    }
    tap.arrived(await encoder.end(), 2000)
    await settled(true)
    expect(tap.decodeError).toBeNull()
    expect(readRows(tap, 0, 100).rows).toMatchObject(
      events.map((event, index) => ({
        type: 'event',
        eventId: String(index),
        preview: `{"token":"number ${index}"}`,
        bytes: event.length,
        arrivedAt: 1000 + index * 10,
        leftAt: 1003 + index * 10,
      })),
    )
    expect(tap.leftRows).toBe(20)
  })

  test('shows them whatever the chunks on the wire are', async () => {
    const { tap, settled } = openTap('event', [nameOf(coding)])
    const encoder = new StreamEncoder(coding)
    const wire: Buffer[] = []
    const endsAt: number[] = []
    for (const event of events) {
      wire.push(await encoder.encode(event))
      endsAt.push(Buffer.concat(wire).length)
    }
    wire.push(await encoder.end())
    // A byte a millisecond: an event arrives with a byte of its own part of the wire.
    for (const [offset, byte] of Buffer.concat(wire).entries()) tap.arrived(Buffer.from([byte]), offset + 1)
    await settled(true)
    const { rows } = readRows(tap, 0, 100)
    expect(rows.map((row) => row.preview)).toEqual(events.map((_, index) => `{"token":"number ${index}"}`))
    for (const [index, row] of rows.entries()) {
      expect(row.arrivedAt).toBeGreaterThan(endsAt[index - 1] ?? 0)
      expect(row.arrivedAt).toBeLessThanOrEqual(endsAt[index] as number)
    }
  })
})

test('several codings are undone in their order', async () => {
  const { tap, settled } = openTap('event', ['gzip', 'br'])
  const encoder = new StreamEncoder('gzip', 'br')
  for (const [index, event] of events.entries()) tap.arrived(await encoder.encode(event), index)
  await settled(false)
  expect(tap.decodeError).toBeNull()
  expect(readRows(tap, 0, 100).rows.map(({ eventId, arrivedAt }) => [eventId, arrivedAt])).toEqual(
    events.map((_, index) => [String(index), index]),
  )
})

test('an event that is spread over chunks arrives and leaves with the last of them', async () => {
  const { tap, settled } = openTap('event', ['gzip'])
  const encoder = new StreamEncoder('gzip')
  const parts = [await encoder.encode('data: fi'), await encoder.encode('rst\n'), await encoder.encode('\ndata: second\n\nda')]
  parts.forEach((part, index) => tap.arrived(part, 100 + index))
  tap.left((parts[0]?.length ?? 0) + (parts[1]?.length ?? 0), 200)
  await settled(false)
  expect(readRows(tap, 0, 10).rows).toMatchObject([
    { preview: 'first', arrivedAt: 102, leftAt: null, gapMs: null },
    { preview: 'second', arrivedAt: 102, leftAt: null, gapMs: 0 },
  ])
  expect(tap.leftRows).toBe(0)
  tap.left(parts[2]?.length ?? 0, 300)
  expect(readRows(tap, 0, 10).rows.map((row) => row.leftAt)).toEqual([300, 300])
  expect(tap.leftRows).toBe(2)
})

test('lines are read too, a last one without its end among them, and other text chunk by chunk', async () => {
  const lines = openTap('line', ['gzip'])
  lines.tap.arrived(gzipSync('{"a":1}\n{"b":2}'), 5)
  await lines.settled(true)
  expect(readRows(lines.tap, 0, 10).rows.map((row) => row.preview)).toEqual(['{"a":1}', '{"b":2}'])
  const chunks = openTap('chunk', ['br'])
  const encoder = new StreamEncoder('br')
  const wire = [await encoder.encode('{"answer":'), await encoder.encode('42}')]
  wire.forEach((bytes, index) => chunks.tap.arrived(bytes, 10 + index))
  await chunks.settled(false)
  expect(readRows(chunks.tap, 0, 10).rows).toMatchObject([
    { type: 'chunk', preview: '{"answer":', bytes: 10, arrivedAt: 10 },
    { type: 'chunk', preview: '42}', bytes: 3, arrivedAt: 11 },
  ])
  expect(Buffer.from(readBody(chunks.tap, 0, 1000).bytes)).toEqual(Buffer.concat(wire))
})

test('gzip members and zstd frames may follow each other, also within a chunk', async () => {
  const gzip = openTap('event', ['gzip'])
  gzip.tap.arrived(Buffer.concat([gzipSync('data: a\n\n'), gzipSync('data: b\n\n')]), 1)
  gzip.tap.arrived(gzipSync('data: c\n\n'), 2)
  await gzip.settled(true)
  expect(previews(gzip.tap)).toEqual(['a', 'b', 'c'])
  expect(gzip.tap.decodeError).toBeNull()
  const zstd = openTap('event', ['zstd'])
  zstd.tap.arrived(Buffer.concat(['a', 'b', 'c'].map((name) => zstdCompressSync(`data: ${name}\n\n`))), 1)
  zstd.tap.arrived(zstdCompressSync('data: d\n\n'), 2)
  await zstd.settled(true)
  expect(previews(zstd.tap)).toEqual(['a', 'b', 'c', 'd'])
  expect(zstd.tap.decodeError).toBeNull()
})

test('a body without a byte has no error', async () => {
  const { tap, settled } = openTap('event', ['gzip'])
  await settled(true)
  expect([tap.rows, tap.decodeError]).toEqual([0, null])
})

test('rows of an encoded body read in full as those of a plain one', async () => {
  const { tap, settled } = openTap('event', ['zstd'])
  tap.arrived(zstdCompressSync('\ufeffevent: time\nid: 7\ndata: x\ndata: y\n\n: ping\n\n'), 1)
  await settled(true)
  expect(readRowDetail(tap, 0)).toMatchObject({ eventType: 'time', eventId: '7', data: 'x\ny' })
  expect(readRowDetail(tap, 1)).toMatchObject({ type: 'comment', comments: ['ping'] })
})

function previews(tap: Tap): string[] {
  return readRows(tap, 0, 100).rows.map((row) => row.preview)
}

function nameOf(coding: TestCoding): string {
  return coding === 'deflate-raw' ? 'deflate' : coding
}

function openTap(rowKind: RowKind, codings: readonly string[]) {
  const tap = new Tap(rowKind, new CaptureBudget(1e9, 1e9), { codings })
  return { tap, settled: (isWhole: boolean) => new Promise<void>((resolve) => tap.ended(isWhole, resolve)) }
}
