import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import { readRowDetail, readRows } from '../../proxy-core/rows.ts'
import { deflateTerms } from '../../proxy-core/web-socket/deflate-terms.ts'
import { MessageLog } from '../../proxy-core/web-socket/message-log.ts'
import { openMessages } from '../../proxy-core/web-socket/open-messages.ts'
import { MessageDeflater } from '../support/message-deflater.ts'
import { cutBytes, frame } from '../support/web-socket-frames.ts'

const key = [9, 200, 31, 4] as const
const unbounded = (): CaptureBudget => new CaptureBudget(1e9, 1e9)
const settled = (log: MessageLog): Promise<void> => new Promise((resolve) => log.ended(true, resolve))

/** A compressed message of several frames, RSV1 in the first; behind each but the last comes a ping that is not compressed. */
function compressed(payload: Buffer, fragments: number, isMasked: boolean): Buffer {
  const size = Math.max(1, Math.ceil(payload.length / fragments))
  const count = Math.max(1, Math.ceil(payload.length / size))
  const masked = isMasked ? key : null
  const parts = Array.from({ length: count }, (_, index) => {
    const isFinal = index === count - 1
    const part = payload.subarray(index * size, (index + 1) * size)
    const data = frame({ opcode: index === 0 ? 1 : 0, payload: part, reserved: index === 0 ? 4 : 0, isFinal, key: masked })
    return isFinal ? data : Buffer.concat([data, frame({ opcode: 9, payload: 'between', key: masked })])
  })
  return Buffer.concat(parts)
}

test('compressed messages are inflated in both directions, with and without context, in the order in which they came', async () => {
  const texts = fc.array(
    fc.record({
      isUp: fc.boolean(),
      isPlain: fc.boolean(),
      text: fc.oneof(fc.constantFrom('hello hello hello', '', '{"tick":1}'), fc.string()),
    }),
    { maxLength: 12 },
  )
  const windowBits = fc.integer({ min: 9, max: 15 })
  const cases = fc.tuple(texts, fc.boolean(), fc.boolean(), windowBits, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 }))
  await fc.assert(
    fc.asyncProperty(cases, async ([messages, toUpstream, toClient, bits, fragments, cut]) => {
      const log = new MessageLog(unbounded(), { deflate: { toUpstream, toClient } })
      const up = new MessageDeflater({ keepsContext: toUpstream, windowBits: bits })
      const down = new MessageDeflater({ keepsContext: toClient, windowBits: bits })
      let at = 0
      const ends: number[] = []
      for (const { isUp, isPlain, text } of messages) {
        const payload = Buffer.from(text)
        const bytes = isPlain
          ? frame({ opcode: 1, payload, key: isUp ? key : null })
          : compressed(await (isUp ? up : down).deflate(payload), fragments, isUp)
        for (const chunk of cutBytes(bytes, [cut])) log.arrived(isUp ? 'toUpstream' : 'toClient', chunk, ++at)
        ends.push(at)
      }
      await settled(log)
      const rows = readRows(log, 0, 100).rows.filter(({ message }) => message?.opcode === 'text')
      expect(
        rows.map((row) => [row.message?.direction, readRowDetail(log, row.index)?.data, row.arrivedAt, row.message?.isCompressed]),
      ).toEqual(
        messages.map(({ isUp, isPlain, text }, index) => [
          isUp ? 'toUpstream' : 'toClient',
          Buffer.from(text).toString(),
          ends[index],
          !isPlain,
        ]),
      )
      expect(rows.every(({ message }) => message?.issue === null)).toBe(true)
      const opened = await openMessages(structuredClone(log.record()), unbounded(), { isPinned: false })
      expect(readRows(opened, 0, 100)).toEqual(readRows(log, 0, 100))
    }),
    { numRuns: 300 },
  )
})

test('a message may refer to what is 32 KiB behind it', async () => {
  const log = new MessageLog(unbounded(), { deflate: { toUpstream: true, toClient: true } })
  const deflater = new MessageDeflater({ keepsContext: true })
  const noise = Buffer.from(Array.from({ length: 8000 }, (_, index) => (index * index * 7919) % 251))
  const texts = [noise, noise.subarray(0, 5000), Buffer.concat([noise, noise, noise, noise, noise]), noise]
  for (const text of texts) log.arrived('toClient', compressed(await deflater.deflate(text), 1, false), 1)
  await settled(log)
  expect(texts.map((text, index) => log.read(log.row(index)?.start ?? 0, log.row(index)?.end ?? 0).equals(text))).toEqual([
    true,
    true,
    true,
    true,
  ])
})

describe('a compressed message that can’t be shown as a whole', () => {
  const bomb = Buffer.from(deflateRawSync(Buffer.alloc(40_000_000), { finishFlush: 2 }).subarray(0, -4))
  const broken = Buffer.from('ffffffffffff', 'hex')
  const fine = Buffer.from(deflateRawSync('fine', { finishFlush: 2 }).subarray(0, -4))

  test('is cut when it grows beyond measure, and without context the next one is fine', async () => {
    const log = new MessageLog(unbounded(), { deflate: { toUpstream: false, toClient: false } })
    for (const payload of [bomb, broken, fine]) log.arrived('toClient', compressed(payload, 1, false), 1)
    await settled(log)
    const { rows } = readRows(log, 0, 10)
    expect(rows.map(({ message, bytes }) => [message?.issue, bytes > 4 ? bytes : 0])).toEqual([
      ['too-large', 16_777_216],
      ['invalid', 0],
      [null, 0],
    ])
    expect(readRowDetail(log, 2)?.data).toBe('fine')
  })

  test('takes those behind it with it where they refer to it: they are shown as they came', async () => {
    const log = new MessageLog(unbounded(), { deflate: { toUpstream: true, toClient: true } })
    for (const payload of [broken, fine]) log.arrived('toClient', compressed(payload, 1, false), 1)
    log.arrived('toUpstream', compressed(fine, 1, true), 2)
    await settled(log)
    const { rows } = readRows(log, 0, 10)
    expect(rows.map(({ message }) => message?.issue)).toEqual(['invalid', 'not-inflated', null])
    expect(rows[1]).toMatchObject({ bytes: fine.length, preview: fine.toString('hex').replace(/..(?=.)/g, '$& ') })
    expect(readRowDetail(log, 2)?.data).toBe('fine')
  })

  test('waits for no more than the tunnel has: one that inflating can’t keep up with is shown as it came', async () => {
    const log = new MessageLog(unbounded(), { deflate: { toUpstream: false, toClient: false } })
    const stored = deflateRawSync(Buffer.alloc(3_000_000, 'x'), { level: 0, finishFlush: 2 }).subarray(0, -4)
    for (let sent = 0; sent < 4; sent++) log.arrived('toClient', compressed(stored, 1, false), sent)
    await settled(log)
    expect(log.rows).toBe(4)
    const issues = readRows(log, 0, 4).rows.map(({ message }) => message?.issue)
    expect(issues).toContain('not-inflated')
    expect(issues[0]).toBe(null)
  })
})

test.each<[string, readonly string[], object | null]>([
  ['nothing', [], null],
  ['another extension', ['Sec-WebSocket-Extensions', 'x-own'], null],
  ['both with context', ['sec-websocket-extensions', 'permessage-deflate'], { toUpstream: true, toClient: true }],
  [
    'the server without',
    ['Sec-WebSocket-Extensions', 'x-own, Permessage-Deflate; server_no_context_takeover; client_max_window_bits=10'],
    { toUpstream: true, toClient: false },
  ],
  [
    'the client without',
    ['Sec-WebSocket-Extensions', 'permessage-deflate;client_no_context_takeover'],
    { toUpstream: false, toClient: true },
  ],
])('what was agreed on is read from the head of the switch: %s', (_name, fields, terms) => {
  expect(deflateTerms(fields)).toEqual(terms)
})
