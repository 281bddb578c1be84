import { z } from 'zod'
import type { Decision } from '../contract/buffering.ts'
import { errorCodes } from '../contract/errors.ts'
import type { Exchange, ExchangeId } from '../contract/exchange.ts'
import { RouteId } from '../contract/route.ts'
import type { ExchangeHeads } from '../contract/rows.ts'
import type { BodyRecord, ExchangeRecord } from '../exchange-record.ts'
import type { MessagesRecord } from '../web-socket/message-record.ts'
import { decisionReason } from './decision-in-file.ts'
import { VerdictInFile } from './verdict-in-file.ts'

const time = z.number().min(0).max(8_640_000_000_000_000)
const text = z.string().max(1_048_576)
const field = z.tuple([text, text])
const fields = z.array(field).max(10_000).default([])

const decision = z.object({
  at: time,
  mode: z.enum(['off', 'on']),
  reason: decisionReason,
  holdBytes: z.number().nullable(),
  holdMs: z.number().nullable(),
}) satisfies z.ZodType<Decision>

/** What a file may say of an exchange; all else is dropped, and counts are taken from its rows. */
export const ExchangeInFile = z.object({
  method: text,
  target: text,
  host: text.default(''),
  httpVersion: text.default('1.1'),
  client: text.default(''),
  routeId: RouteId.nullable().catch(null),
  startedAt: time,
  upstream: text.nullable().default(null),
  status: z.int().min(0).max(999).nullable().default(null),
  respondedAt: time.nullable().default(null),
  contentType: text.nullable().default(null),
  framing: z.enum(['chunked', 'length', 'close', 'none']).nullable().catch(null),
  rowKind: z.enum(['event', 'line', 'chunk', 'message']).nullable().default(null),
  decisions: z.array(decision).max(1000).catch([]),
  verdict: VerdictInFile,
  state: z.enum(['open', 'complete', 'failed', 'aborted']).default('complete'),
  endedAt: time.nullable().default(null),
  error: z
    .object({ code: z.enum(errorCodes), message: text })
    .nullable()
    .catch(null),
})
export type ExchangeInFile = z.output<typeof ExchangeInFile>

export const HeadsInFile = z.object({
  requestReceived: fields,
  requestSent: fields,
  responseReceived: fields,
  responseSent: fields,
}) satisfies z.ZodType<ExchangeHeads>

/** The record of an exchange that a file told of. Its verdict is the file's: what one rests on is not in it. */
export function importedRecord(
  told: ExchangeInFile,
  heads: ExchangeHeads,
  bodies: { readonly request: BodyRecord | null; readonly response: BodyRecord | null; readonly messages: MessagesRecord | null },
): ExchangeRecord {
  const { request, response, messages } = bodies
  const arrivedBytes = messages?.toClient.bytes.ends.at(-1) ?? (response === null ? 0 : response.from + length(response))
  const isOver = told.state !== 'open'
  const exchange: Exchange = {
    ...told,
    // The store gives it a number of its own.
    id: 1 as ExchangeId,
    origin: 'imported',
    contentEncoding: null,
    requestBytes: messages?.toUpstream.bytes.ends.at(-1) ?? (request === null ? 0 : request.from + length(request)),
    isOverridden: false,
    isPinned: false,
    arrivedBytes,
    leftBytes: (messages?.toClient ?? response)?.leftEnds.at(-1) ?? 0,
    heldBytes: 0,
    oldestHeldAt: null,
    rows: 0,
    events: 0,
    leftRows: 0,
    forgottenRows: 0,
    firstRowAt: null,
    lastRowAt: null,
    decodeError: null,
    ...(messages && messages.faults.length > 0 ? { framingFaults: messages.faults } : {}),
    unkeptBytes: 0,
    unkeptFrom: null,
    unkeptTo: null,
    state: isOver ? told.state : 'aborted',
    endedAt: told.endedAt ?? response?.arrivedAt.at(-1) ?? told.respondedAt ?? told.startedAt,
  }
  return { exchange, heads, request, response, ...(messages ? { messages } : {}) }
}

function length({ chunks }: BodyRecord): number {
  return chunks.reduce<number>((sum, chunk) => sum + (typeof chunk === 'number' ? chunk : chunk.length), 0)
}
