import type { ServerResponse } from 'node:http'
import { now } from './clock.ts'
import type { ErrorReport } from './contract/errors.ts'
import type { ExchangeHead } from './contract/exchange.ts'

/** Answers with an error in the gateway's own name: a status and `{ "error": { code, message } }`. */
export function answerError(
  response: ServerResponse,
  status: number,
  error: ErrorReport,
  fields: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = Buffer.from(JSON.stringify({ error: { code: error.code, message: error.message } }) + '\n')
  const head: Record<string, string> = {
    'Content-Type': contentType,
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    ...fields,
  }
  // A client that asked first may now leave its body out, so that what it sends next could be either.
  if (response.req.headers.expect !== undefined) head['Connection'] = 'close'
  response.writeHead(status, head)
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** The head of such an answer, as it goes on record. */
export function errorHead(status: number): ExchangeHead {
  return { status, respondedAt: now(), contentType, contentEncoding: null, framing: 'length', rowKind: 'chunk' }
}

const contentType = 'application/json; charset=utf-8'
