import { randomBytes } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { RowKind } from '../../proxy-core/contract/exchange.ts'
import { readRows } from '../../proxy-core/rows.ts'
import { Tap } from '../../proxy-core/tap.ts'
import { StreamEncoder } from './support/encoded-stream.ts'

test('a body that is not what its coding says is shown as it came, and why', async () => {
  const { tap, settled } = openTap('event', ['gzip'])
  tap.arrived(Buffer.from('data: plain\n\n'), 1)
  tap.arrived(Buffer.from('data: text\n\n'), 2)
  await settled(true)
  expect(tap.decodeError).toEqual({ code: 'invalid', coding: 'gzip', atByte: 0 })
  expect(readRows(tap, 0, 10).rows).toMatchObject([
    { type: 'chunk', preview: 'data: plain', arrivedAt: 1 },
    { type: 'chunk', preview: 'data: text', arrivedAt: 2 },
  ])
  expect([tap.rows, tap.events]).toEqual([2, 0])
})

test('a body that is damaged on its way keeps the rows before, and the rest as it came', async () => {
  const { tap, settled } = openTap('event', ['gzip'])
  const encoder = new StreamEncoder('gzip')
  const first = await encoder.encode('data: a\n\n')
  tap.arrived(first, 1)
  tap.arrived(Buffer.from('garbage'), 2)
  tap.left(first.length + 7, 3)
  await settled(false)
  tap.arrived(Buffer.from('more'), 4)
  expect(tap.decodeError).toEqual({ code: 'invalid', coding: 'gzip', atByte: first.length })
  expect(readRows(tap, 0, 10).rows).toMatchObject([
    { type: 'event', preview: 'a', arrivedAt: 1, leftAt: 3 },
    { type: 'chunk', preview: 'garbage', arrivedAt: 2, leftAt: 3 },
    { type: 'chunk', preview: 'more', arrivedAt: 4, leftAt: null },
  ])
  expect(tap.leftRows).toBe(2)
})

test('bytes behind the end of an encoded body are no part of it', async () => {
  const body = brotliCompressSync('data: a\n\n')
  const { tap, settled } = openTap('event', ['br'])
  tap.arrived(Buffer.concat([body, Buffer.from('tail')]), 1)
  await settled(true)
  expect(tap.decodeError?.code).toBe('invalid')
  expect(tap.events).toBe(1)
})

test('a whole body without its end mark is truncated; one that was cut is not called so', async () => {
  for (const coding of ['gzip', 'br', 'zstd'] as const) {
    const encoder = new StreamEncoder(coding)
    const wire = await encoder.encode('data: a\n\n')
    const whole = openTap('event', [coding])
    whole.tap.arrived(wire, 1)
    await whole.settled(true)
    expect(whole.tap.decodeError).toEqual({ code: 'truncated', coding, atByte: wire.length })
    expect(whole.tap.events).toBe(1)
    const cut = openTap('event', [coding])
    cut.tap.arrived(wire, 1)
    await cut.settled(false)
    expect([cut.tap.events, cut.tap.decodeError]).toEqual([1, null])
  }
})

test('a coding that is not known leaves the chunks', () => {
  const { tap } = openTap('chunk', ['compress'])
  tap.arrived(Buffer.from('x'), 1)
  expect(tap.decodeError).toEqual({ code: 'unknown-coding', coding: 'compress', atByte: 0 })
  expect(tap.rows).toBe(1)
})

test.each([
  ['gzip', () => gzipSync(Buffer.alloc(300_000_000, 'data: x\n\n'))],
  ['br', () => brotliCompressSync(Buffer.alloc(300_000_000, 'data: x\n\n'), { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } })],
  ['zstd', () => zstdCompressSync(Buffer.alloc(300_000_000, 'data: x\n\n'))],
] as const)('a bomb in %s is not unpacked', async (coding, make) => {
  const bomb = make()
  const budget = new CaptureBudget(256_000_000, 64_000_000)
  const { tap, settled } = openTap('event', [coding], budget)
  for (let from = 0; from < bomb.length; from += 65_536) tap.arrived(bomb.subarray(from, from + 65_536), 1)
  await settled(true)
  expect(tap.decodeError?.code).toBe('too-large')
  expect(tap.arrivedBytes).toBe(bomb.length)
  expect(budget.usedBytes).toBeLessThan(64_000_000 + 10_000_000)
})

test('a bomb within a bomb is stopped at the inner one', async () => {
  const { tap, settled } = openTap('event', ['gzip', 'gzip'])
  tap.arrived(gzipSync(gzipSync(Buffer.alloc(300_000_000))), 1)
  await settled(true)
  expect(tap.decodeError?.code).toBe('too-large')
})

test('a body that comes faster than it can be decoded is let go, and its bytes are kept as they came', async () => {
  const { tap, settled } = openTap('line', ['gzip'])
  const noise = randomBytes(12_000_000).toString('base64')
  const wire = gzipSync(noise.replace(/.{80}/g, '$&\n'))
  for (let from = 0; from < wire.length; from += 65_536) tap.arrived(wire.subarray(from, from + 65_536), from)
  expect(tap.decodeError).toMatchObject({ code: 'too-slow', coding: 'gzip' })
  await settled(true)
  expect(tap.arrivedBytes).toBe(wire.length)
  expect(readRows(tap, tap.rows - 1, tap.rows).rows).toMatchObject([{ type: 'chunk' }])
})

test('what is decoded counts as captured, and is forgotten with the bytes that it came from', async () => {
  const budget = new CaptureBudget(1_000_000, 1e9)
  const { tap, settled } = openTap('event', ['gzip'], budget)
  const encoder = new StreamEncoder('gzip')
  for (let index = 0; index < 3000; index++) {
    const wire = await encoder.encode(`id: ${index}\ndata: ${'some text that is much shorter on the wire '.repeat(20)}\n\n`)
    tap.arrived(wire, 1000 + index)
    tap.left(wire.length, 5000 + index)
  }
  await settled(false)
  const { first, total, rows } = readRows(tap, 0, 5000)
  expect(total).toBe(3000)
  expect(first).toBeGreaterThan(1000)
  expect(rows.length).toBe(total - first)
  expect(rows[0]).toMatchObject({ index: first, eventId: String(first), arrivedAt: 1000 + first, leftAt: 5000 + first })
  expect(rows.at(-1)).toMatchObject({ index: 2999, arrivedAt: 3999, leftAt: 7999 })
  expect(budget.usedBytes).toBeLessThanOrEqual(1_000_000)
  tap.forgetAll()
  expect(budget.usedBytes).toBe(0)
})

test('a chunk that is forgotten before it is decoded leaves rows that are forgotten, and no trace in the budget', async () => {
  const budget = new CaptureBudget(1e9, 1e9)
  const { tap, settled } = openTap('event', ['gzip'], budget)
  const encoder = new StreamEncoder('gzip')
  const wire = [await encoder.encode('data: a\n\n'), await encoder.encode('data: b\n\n')]
  wire.forEach((chunk, index) => tap.arrived(chunk, index + 1))
  tap.forgetOldest(1)
  await settled(false)
  expect(readRows(tap, 0, 10)).toMatchObject({ first: 1, total: 2, rows: [{ preview: 'b', arrivedAt: 2 }] })
  tap.forgetAll()
  expect(budget.usedBytes).toBe(0)
})

function openTap(rowKind: RowKind, codings: readonly string[], budget = new CaptureBudget(1e9, 1e9)) {
  const tap = new Tap(rowKind, budget, { codings })
  return { tap, settled: (isWhole: boolean) => new Promise<void>((resolve) => tap.ended(isWhole, resolve)) }
}
