import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { RowKind } from '../../proxy-core/contract/exchange.ts'
import { openBody, recordBody, type BodyRecord } from '../../proxy-core/exchange-record.ts'
import { readBody, storeBody } from '../../proxy-core/history/stored-body.ts'
import { readBody as readRange, readRowDetail, readRows, readTimeline } from '../../proxy-core/rows.ts'
import { Tap } from '../../proxy-core/tap.ts'
import { StreamEncoder, type TestCoding } from './support/encoded-stream.ts'

const unbounded = () => new CaptureBudget(1e9, 1e9)

/** What happens to a body: a chunk comes, of so many bytes; bytes leave; the oldest are forgotten; or capture is stopped or started. */
type Step =
  | { type: 'arrive'; length: number }
  | { type: 'leave'; share: number }
  | { type: 'forget'; bytes: number }
  | { type: 'capture'; isKeeping: boolean }

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('arrive' as const), length: fc.integer({ min: 1, max: 60 }) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('leave' as const), share: fc.integer({ min: 0, max: 10 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const), bytes: fc.integer({ min: 1, max: 1500 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('capture' as const), isKeeping: fc.boolean() }) },
  ),
  { maxLength: 120 },
)
type BodyKind = Exclude<RowKind, 'message'>
const kinds = fc.constantFrom<BodyKind>('event', 'line', 'chunk')
const pieces: Readonly<Record<BodyKind, readonly string[]>> = {
  event: ['data: a\n', 'id: 7\r\n', '\n', '\r\n', '\r', ': note\n\n', 'event: x\ndata: é€😀\n\n', 'retry: 5\n\n', '\ufeff', 'data', '\n\n'],
  line: ['{"a":1}\n', '\n', '\r\n', '{"b":', '"é€😀"}\n', 'x', '\r'],
  chunk: ['abc', '\n', 'é€😀', '\0'],
}
const bodyOf = (kind: BodyKind) => fc.array(fc.constantFrom(...pieces[kind]), { maxLength: 80 }).map((parts) => Buffer.from(parts.join('')))

describe('a body that is written down and opened again', () => {
  test('shows the same rows, details, clocks, bytes and timeline as the live one, whatever was forgotten of it', async () => {
    const cases = kinds.chain((kind) => fc.tuple(fc.constant(kind), bodyOf(kind), steps, fc.boolean()))
    await fc.assert(
      fc.asyncProperty(cases, async ([kind, body, script, isEnded]) => {
        const budget = unbounded()
        const tap = new Tap(kind, budget)
        play(tap, body, script, budget)
        if (isEnded) tap.ended(true, () => undefined)
        await expectTheSame(tap, isEnded)
      }),
      { numRuns: 2000 },
    )
  })

  test('does so when it was encoded, also after its first bytes were forgotten', async () => {
    const cases = kinds.chain((kind) =>
      fc.tuple(fc.constant(kind), fc.array(bodyOf(kind), { maxLength: 12 }), steps, fc.constantFrom<TestCoding>('gzip', 'br', 'deflate')),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([kind, parts, script, coding]) => {
        const encoder = new StreamEncoder(coding)
        const wire: Buffer[] = []
        for (const part of parts) wire.push(await encoder.encode(part))
        wire.push(await encoder.end())
        const budget = unbounded()
        const tap = new Tap(kind, budget, { codings: [coding] })
        play(tap, Buffer.concat(wire), script, budget)
        await new Promise<void>((resolve) => tap.ended(false, resolve))
        await expectTheSame(tap, true)
        tap.forgetOldest(script.length * 20)
        await expectTheSame(tap, true)
      }),
      { numRuns: 300 },
    )
  })

  test.each<BodyKind>(['event', 'line', 'chunk'])('keeps what could not be decoded as it came, and says why: %s rows', async (kind) => {
    const good = gzipSync('data: 1\n\ndata: 2\n\n{"half":')
    const bad = Buffer.concat([good.subarray(0, -8), Buffer.from('not gzip at all, and then some more of it')])
    const tap = new Tap(kind, unbounded(), { codings: ['gzip'] })
    for (let start = 0; start < bad.length; start += 9) tap.arrived(bad.subarray(start, start + 9), 100 + start)
    tap.left(20, 500)
    await new Promise<void>((resolve) => tap.ended(true, resolve))
    expect(tap.decodeError).toMatchObject({ code: 'invalid' })
    await expectTheSame(tap, true)
    tap.forgetOldest(350)
    await expectTheSame(tap, true)
    tap.forgetOldest(250)
    await expectTheSame(tap, true)
  })

  test('shows a body in an unknown coding, and one that was cut, as it was', async () => {
    const unknown = new Tap('event', unbounded(), { codings: ['br', 'rot13'] })
    unknown.arrived(Buffer.from('qngn: n'), 1)
    unknown.arrived(Buffer.from('\n\n'), 2)
    await expectTheSame(unknown, true)
    const cut = new Tap('event', unbounded(), { codings: ['gzip'] })
    cut.arrived(gzipSync('data: 1\n\ndata: 2\n\n').subarray(0, -9), 5)
    await new Promise<void>((resolve) => cut.ended(true, resolve))
    expect(cut.decodeError).toMatchObject({ code: 'truncated' })
    await expectTheSame(cut, true)
  })

  test('starts with the first row that is whole when the start of a row was forgotten', async () => {
    const tap = new Tap('event', unbounded())
    tap.arrived(Buffer.from('data: long, and then '), 1)
    tap.arrived(Buffer.from('longer still, and'), 2)
    tap.forgetOldest(1)
    tap.arrived(Buffer.from(' over\n\ndata: next\n\n'), 3)
    expect(tap.rows).toBe(2)
    const opened = await openBody(structuredClone(recordBody(tap, true)), unbounded())
    expect([opened.rows, opened.forgottenRows]).toEqual([2, 1])
    expect(readRows(opened, 0, 10).rows).toMatchObject([{ index: 1, preview: 'next', arrivedAt: 3, bytes: 12 }])
    expect(readRowDetail(opened, 0)).toBeNull()
    expect(readRange(opened, 0, 1000)).toEqual(readRange(tap, 0, 1000))
  })

  test('counts in the capture budget, and gives back what it took', async () => {
    const budget = unbounded()
    const tap = new Tap('line', budget)
    tap.arrived(Buffer.from('{"a":1}\n'), 1)
    const used = budget.usedBytes
    const opened = await openBody(recordBody(tap, true), budget)
    expect(budget.usedBytes).toBe(used * 2)
    opened.forgetAll()
    expect(budget.usedBytes).toBe(used)
  })
})

function play(tap: Tap, body: Buffer, script: readonly Step[], budget: CaptureBudget): void {
  let arrived = 0
  let left = 0
  let at = 1_700_000_000_000.25
  for (const step of script) {
    // Some steps lie so close together that departures share an entry.
    at += step.type === 'leave' ? 0.02 : 0.013
    if (step.type === 'arrive') {
      const chunk = body.subarray(arrived, arrived + step.length)
      if (chunk.length > 0) tap.arrived(chunk, at)
      arrived += chunk.length
    } else if (step.type === 'leave') {
      const bytes = Math.ceil(((arrived - left) * step.share) / 10)
      if (bytes > 0) tap.left(bytes, at)
      left += bytes
    } else if (step.type === 'capture') {
      budget.isKeeping = step.isKeeping
    } else {
      tap.forgetOldest(step.bytes)
    }
  }
}

/** What can be seen of a body, from its first whole row on. */
function lookInto(tap: Tap, record: BodyRecord) {
  const { firstRow } = record
  const { rows, total, leftRows } = readRows(tap, firstRow, firstRow + 2000)
  return {
    total,
    leftRows: Math.max(leftRows, firstRow),
    events: rows.filter(({ type }) => type === 'event').length,
    // The gap before the first is known to the live one alone, when the row before it is still there in part.
    rows: rows.map((row, index) => (index === 0 ? { ...row, gapMs: null } : row)),
    details: rows.map(({ index }) => ({ ...readRowDetail(tap, index), gapMs: null })),
    body: readRange(tap, 0, 1e6),
    timeline: readTimeline(tap, [], { from: 1_700_000_000_000, to: 1_700_000_000_050, columns: 40 }),
    arrivedBytes: tap.arrivedBytes,
    decodeError: tap.decodeError,
    unkeptBytes: record.from === 0 ? tap.unkept.bytes : null,
  }
}

async function expectTheSame(tap: Tap, isEnded: boolean): Promise<void> {
  const record = recordBody(tap, isEnded)
  const opened = await openBody(structuredClone(record), unbounded())
  const isPartial = tap.forgottenRows < record.firstRow
  const [seen, live] = [lookInto(opened, record), lookInto(tap, record)]
  // A row that lost its start is drawn by the live one alone.
  if (isPartial) for (const side of [seen, live]) side.timeline = readTimeline(opened, [], { from: 0, to: 1, columns: 1 })
  expect(seen).toEqual(live)
  // And what is written down of it again is the same once more; so is what the history writes.
  const bytes = (chunks: BodyRecord['chunks']) => chunks.map((chunk) => (typeof chunk === 'number' ? chunk : Buffer.from(chunk)))
  const decoded = record.decoded && { ...record.decoded, chunks: bytes(record.decoded.chunks) }
  const same = { ...record, chunks: bytes(record.chunks), decoded }
  expect({ ...recordBody(opened, isEnded) }).toEqual(same)
  expect(await readBody(structuredClone(await storeBody(tap.packed(isEnded))))).toEqual(same)
}
