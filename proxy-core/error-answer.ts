import type { ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import type { ErrorReport } from './contract/errors.ts'
import type { ExchangeHead } from './contract/exchange.ts'

/** Answers with an error in the gateway's own name: a status and `{ "error": { code, message } }`. */
export function answerError(outlet: ClientSide, status: number, error: ErrorReport, fields: readonly string[] = []): void {
  const body = Buffer.from(JSON.stringify({ error: { code: error.code, message: error.message } }) + '\n')
  const head = ['Content-Type', contentType, 'Content-Length', String(body.length), 'Cache-Control', 'no-store', ...fields]
  outlet.answer(status, head, body)
}

/** The head of such an answer, as it goes on record. */
export function errorHead(status: number): ExchangeHead {
  return { status, respondedAt: now(), contentType, contentEncoding: null, framing: 'length', rowKind: 'chunk' }
}

const contentType = 'application/json; charset=utf-8'
