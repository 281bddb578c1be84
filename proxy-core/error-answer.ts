import type { ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import type { ErrorReport } from './contract/errors.ts'
import type { ExchangeHead } from './contract/exchange.ts'

/** The media type of every error that the gateway answers with. */
export const errorContentType = 'application/json; charset=utf-8'

/** Answers with an error in the gateway's own name: a status and `{ "error": { code, message } }`. */
export function answerError(outlet: ClientSide, status: number, error: ErrorReport, fields: readonly string[] = []): void {
  // RFC 9110 §6.4.1: these have no content.
  if (status === 204 || status === 205 || status === 304) {
    outlet.answer(status, ['Cache-Control', 'no-store', ...fields], null)
    return
  }
  const body = errorBody(error)
  const head = ['Content-Type', errorContentType, 'Content-Length', String(body.length), 'Cache-Control', 'no-store', ...fields]
  outlet.answer(status, head, body)
}

/** The body of such an answer. */
export function errorBody(error: ErrorReport): Buffer {
  return Buffer.from(JSON.stringify({ error: { code: error.code, message: error.message } }) + '\n')
}

/** The head of such an answer, as it goes on record. */
export function errorHead(status: number): ExchangeHead {
  return { status, respondedAt: now(), contentType: errorContentType, contentEncoding: null, framing: 'length', rowKind: 'chunk' }
}
