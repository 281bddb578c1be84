import type { ExchangeHead, RowKind } from './contract/exchange.ts'
import { isLineType } from './decision.ts'
import { fieldValue, framingFault, mediaType } from './headers.ts'

/** What a response head says about its body. */
export interface ResponseHead {
  readonly raw: string[]
  readonly statusText: string
  readonly hasBody: boolean
  readonly mediaType: string
  readonly accelBuffering: string
  readonly rowKind: RowKind
  readonly summary: Omit<ExchangeHead, 'respondedAt' | 'status'> & { readonly status: number }
}

/** Reads a response head, or says why it can't be trusted (RFC 9112 §6). */
export function readResponseHead(input: {
  status: number
  statusText: string
  raw: string[]
  method: string
}): ResponseHead | { readonly fault: string } {
  const { status, raw, method } = input
  if (status > 999) return { fault: `The upstream answered with the status ${status}.` }
  const fault = framingFault(raw, '1.1')
  if (fault !== null) return { fault: `The upstream's response ${fault}.` }
  const isChunked = fieldValue(raw, 'transfer-encoding') !== undefined
  const hasLength = fieldValue(raw, 'content-length') !== undefined
  if (isChunked && hasLength) return { fault: "The upstream's response has both Transfer-Encoding and Content-Length." }
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  const contentType = fieldValue(raw, 'content-type') ?? null
  const contentEncoding = fieldValue(raw, 'content-encoding') ?? null
  const media = contentType === null ? '' : mediaType(contentType)
  // An encoded body's events can't be seen without decoding it, so that its rows are its chunks.
  const isPlain = contentEncoding === null || contentEncoding.trim().toLowerCase() === 'identity'
  const rowKind = !isPlain ? 'chunk' : media === 'text/event-stream' ? 'event' : isLineType(media) ? 'line' : 'chunk'
  const framing = !hasBody ? 'none' : isChunked ? 'chunked' : hasLength ? 'length' : 'close'
  return {
    raw,
    // A reason phrase is free text (RFC 9112 §4), but not for node:http.
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    statusText: input.statusText.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' '),
    hasBody,
    mediaType: media,
    accelBuffering: (fieldValue(raw, 'x-accel-buffering') ?? '').trim().toLowerCase(),
    rowKind,
    summary: { status, contentType, contentEncoding, framing, rowKind },
  }
}
