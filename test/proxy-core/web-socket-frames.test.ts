import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FramingRule } from '../../proxy-core/contract/messages.ts'
import { FrameScanner, type FrameRules, type ScannedMessage } from '../../proxy-core/web-socket/frame-scanner.ts'
import { cutBytes, frame } from '../support/web-socket-frames.ts'

const fromServer: FrameRules = { isMasked: false, mayCompress: false }
const fromClient: FrameRules = { isMasked: true, mayCompress: false }

function scan(chunks: readonly Buffer[], rules: FrameRules) {
  const messages: ScannedMessage[] = []
  let fault: { readonly rule: FramingRule; readonly atByte: number } | null = null
  const scanner = new FrameScanner(rules, {
    message: (message) => messages.push(message),
    payload: () => undefined,
    broken: (rule, atByte) => (fault = { rule, atByte }),
  })
  for (const chunk of chunks) scanner.feed(chunk)
  return { messages, fault, pendingStart: scanner.pendingStart }
}

/** All ways to cut in two, whole, and byte by byte. */
function everyCut(bytes: Buffer): Buffer[][] {
  const halves = Array.from({ length: bytes.length - 1 }, (_, index) => [bytes.subarray(0, index + 1), bytes.subarray(index + 1)])
  return [[bytes], ...halves, cutBytes(bytes, [1])]
}

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex')
const text = (start: number, end: number, payloadBytes: number, frames = 1) => ({
  opcode: 'text',
  start,
  end,
  payloadBytes,
  frames,
  isCompressed: false,
})

describe('the examples of RFC 6455 §5.7, at every cut', () => {
  test.each<[string, Buffer, FrameRules, object[]]>([
    ['an unmasked text', hex('81 05 48 65 6c 6c 6f'), fromServer, [text(0, 7, 5)]],
    ['a masked text', hex('81 85 37 fa 21 3d 7f 9f 4d 51 58'), fromClient, [text(0, 11, 5)]],
    ['a text in two fragments', hex('01 03 48 65 6c 80 02 6c 6f'), fromServer, [text(0, 9, 5, 2)]],
    ['a ping', hex('89 05 48 65 6c 6c 6f'), fromServer, [{ ...text(0, 7, 5), opcode: 'ping' }]],
    ['its masked pong', hex('8a 85 37 fa 21 3d 7f 9f 4d 51 58'), fromClient, [{ ...text(0, 11, 5), opcode: 'pong' }]],
    ['256 bytes', Buffer.concat([hex('82 7e 01 00'), Buffer.alloc(256, 7)]), fromServer, [{ ...text(0, 260, 256), opcode: 'binary' }]],
  ])('%s', (_name, bytes, rules, messages) => {
    for (const chunks of everyCut(bytes)) expect(scan(chunks, rules)).toEqual({ messages, fault: null, pendingStart: bytes.length })
  })

  test('65,536 bytes, in chunks of many sizes', () => {
    const bytes = Buffer.concat([hex('82 7f 00 00 00 00 00 01 00 00'), Buffer.alloc(65_536, 7)])
    for (const lengths of [[1], [2, 3], [4096], [9, 65_537], [65_546]]) {
      expect(scan(cutBytes(bytes, lengths), fromServer).messages).toEqual([{ ...text(0, 65_546, 65_536), opcode: 'binary' }])
    }
  })
})

describe('a control frame between fragments', () => {
  test('is a message by itself, and complete before the one around it', () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, payload: 'he', isFinal: false }),
      frame({ opcode: 9, payload: 'are you there' }),
      frame({ opcode: 0, payload: '', isFinal: false }),
      frame({ opcode: 0, payload: 'llo' }),
    ])
    for (const chunks of everyCut(bytes)) {
      expect(scan(chunks, fromServer).messages).toEqual([{ ...text(4, 19, 13), opcode: 'ping' }, text(0, bytes.length, 5, 3)])
    }
  })
})

describe('a frame that breaks a rule', () => {
  const key = [1, 2, 3, 4] as const
  const cases: [FramingRule, Buffer, FrameRules][] = [
    ['reserved-bits', frame({ opcode: 1, reserved: 4, payload: 'x' }), fromServer],
    ['reserved-bits', frame({ opcode: 1, reserved: 2, payload: 'x' }), { isMasked: false, mayCompress: true }],
    ['reserved-bits', frame({ opcode: 9, reserved: 4, payload: 'x' }), { isMasked: false, mayCompress: true }],
    ['unknown-opcode', frame({ opcode: 3, payload: 'x' }), fromServer],
    ['unknown-opcode', frame({ opcode: 11, payload: 'x' }), fromServer],
    ['not-masked', frame({ opcode: 1, payload: 'x' }), fromClient],
    ['masked', frame({ opcode: 1, payload: 'x', key }), fromServer],
    ['control-fragmented', frame({ opcode: 9, isFinal: false }), fromServer],
    ['control-too-long', frame({ opcode: 9, payload: 'x'.repeat(126) }), fromServer],
    ['length-not-minimal', frame({ opcode: 1, payload: 'x', lengthBytes: 2 }), fromServer],
    ['length-not-minimal', frame({ opcode: 1, payload: 'x', lengthBytes: 8 }), fromServer],
    ['length-too-large', hex('82 7f 80 00 00 00 00 00 00 00'), fromServer],
    ['length-too-large', hex('82 7f 00 20 00 00 00 00 00 00'), fromServer],
    ['stray-continuation', frame({ opcode: 0, payload: 'x' }), fromServer],
    ['message-in-message', Buffer.concat([frame({ opcode: 1, isFinal: false }), frame({ opcode: 2 })]), fromServer],
  ]
  test.each(cases)('%s: it ends the scan where it begins, at every cut', (rule, bytes, rules) => {
    const before = frame({ opcode: 1, payload: 'fine', key: rules.isMasked ? key : null })
    const all = Buffer.concat([before, bytes, Buffer.from('and what follows')])
    const atByte = before.length + (rule === 'message-in-message' ? 2 : 0)
    for (const chunks of everyCut(all)) {
      const { messages, fault } = scan(chunks, rules)
      expect([messages.length, fault]).toEqual([1, { rule, atByte }])
    }
  })

  test('RSV1 in the first frame of a data message means compressed where that was agreed on', () => {
    const bytes = Buffer.concat([frame({ opcode: 2, reserved: 4, isFinal: false, payload: 'a' }), frame({ opcode: 0, payload: 'b' })])
    const { messages, fault } = scan([bytes], { isMasked: false, mayCompress: true })
    expect([messages, fault]).toMatchObject([[{ opcode: 'binary', frames: 2, isCompressed: true }], null])
  })
})

test('whatever bytes come, and however they are cut, the scan says the same', () => {
  const bytes = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom(hex('8100'), hex('8900'), hex('0101aa'), hex('8001bb'))),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(
      bytes,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (parts, lengths, mayCompress) => {
        const all = Buffer.concat(parts)
        const rules = { isMasked: false, mayCompress }
        const [whole, cut] = [scan([all], rules), scan(cutBytes(all, lengths), rules)]
        expect(cut.messages).toEqual(whole.messages)
        expect(cut.fault).toEqual(whole.fault)
      },
    ),
    { numRuns: 2000 },
  )
})
