import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import type { FramingFault, FramingRule, InflateIssue, MessageOpcode } from '../contract/messages.ts'
import type { MessageLog } from '../web-socket/message-log.ts'
import { keptRows } from './export-source.ts'
import type { MessageTold } from './imported-messages.ts'

const direction = z.enum(['toUpstream', 'toClient'])
const opcodes = ['text', 'binary', 'ping', 'pong', 'close'] as const satisfies readonly MessageOpcode[]
const issues = ['invalid', 'too-large', 'not-inflated'] as const satisfies readonly InflateIssue[]
const rules = [
  'reserved-bits',
  'unknown-opcode',
  'not-masked',
  'masked',
  'control-fragmented',
  'control-too-long',
  'length-not-minimal',
  'length-too-large',
  'stray-continuation',
  'message-in-message',
] as const satisfies readonly FramingRule[]
const fault = z.object({ direction, rule: z.enum(rules), atByte: z.number().min(0) }) satisfies z.ZodType<FramingFault>

/** The line before the messages of a WebSocket. */
export const MessagesLine = z.object({
  type: z.literal('messages'),
  firstRow: z.int().min(0),
  faults: z.array(fault).max(2).default([]),
})

/** The line of one message. */
export const MessageLine = z.object({
  type: z.literal('message'),
  direction,
  opcode: z.enum(opcodes).nullable(),
  frames: z.int().min(0).default(1),
  isCompressed: z.boolean().default(false),
  issue: z.enum(issues).nullable().default(null),
  wireBytes: z.int().min(0).default(0),
  arrivedAt: z.number().nullable(),
  leftAt: z.number().nullable(),
  raw: z.string().optional(),
  rawBase64: z.base64().optional(),
  /** In place of its text, where that was not kept. */
  unkeptBytes: z.int().min(0).optional(),
})

/** A message as its line tells of it. */
export function messageTold(line: z.output<typeof MessageLine>, otherwiseAt: number): MessageTold {
  const { raw = '', rawBase64, unkeptBytes, arrivedAt } = line
  const text = unkeptBytes ?? (rawBase64 === undefined ? Buffer.from(raw, 'utf8') : Buffer.from(rawBase64, 'base64'))
  return { ...line, text, arrivedAt: arrivedAt ?? otherwiseAt }
}

/** The messages of a WebSocket as lines: which way each went, what it is, both clocks, and its bytes. */
export function* messageLines(log: MessageLog): Generator<object> {
  yield { type: 'messages', firstRow: log.forgottenRows, faults: log.faults }
  for (const { index, bounds, bytes, arrivedAt, leftAt } of keptRows(log)) {
    if (!bounds.message) continue
    const text = log.isWhole(bounds.start, bounds.end)
      ? isUtf8(bytes)
        ? { raw: bytes.toString('utf8') }
        : { rawBase64: bytes.toString('base64') }
      : { unkeptBytes: bytes.length }
    yield { type: 'message', index, arrivedAt, leftAt, heldMs: leftAt === null ? null : leftAt - arrivedAt, ...bounds.message, ...text }
  }
}
