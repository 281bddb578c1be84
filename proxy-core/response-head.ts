import type { ClientRequest } from './client-side.ts'
import { contentCodings, unknownCoding } from './content-coding.ts'
import type { ExchangeHead, RowKind } from './contract/exchange.ts'
import { contentTypeOf } from './content-type.ts'
import { isLineType } from './decision.ts'
import { connectionOptions, fieldValue, fieldValues, framingFault, mediaType } from './headers.ts'

/** What a response head says about its body. */
export interface ResponseHead {
  readonly raw: string[]
  readonly statusText: string
  readonly hasBody: boolean
  readonly mediaType: string
  readonly accelBuffering: string
  readonly rowKind: RowKind
  /** The codings of a body that is decoded to be looked at, in the order in which they were applied. */
  readonly codings: readonly string[]
  readonly contentLength: number | null
  readonly summary: Omit<ExchangeHead, 'respondedAt' | 'status'> & { readonly status: number }
}

/** Reads a response head, or says why it can't be trusted (RFC 9112 §6). */
export function readResponseHead(input: {
  status: number
  statusText: string
  raw: string[]
  /** The client's. */
  request: Pick<ClientRequest, 'method' | 'httpVersion'>
}): ResponseHead | { readonly fault: string } {
  const { status, raw, request } = input
  if (status < 200 || status > 999) return { fault: `The upstream answered with the status ${status}.` }
  // RFC 9110 §15: valid ones end at 599, and node:http2 sends no other.
  if (status > 599 && request.httpVersion === '2')
    return { fault: `The upstream answered with the status ${status}, which HTTP/2 cannot carry to this client.` }
  const fault = framingFault(raw, '1.1')
  if (fault !== null) return { fault: `The upstream's response ${fault}.` }
  const isChunked = fieldValue(raw, 'transfer-encoding') !== undefined
  const length = fieldValue(raw, 'content-length')
  const hasLength = length !== undefined
  if (isChunked && hasLength) return { fault: "The upstream's response has both Transfer-Encoding and Content-Length." }
  const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 304
  const named = contentTypeOf(raw)
  const contentType = named ?? fieldValue(raw, 'content-type') ?? null
  const contentEncoding = fieldValues(raw, 'content-encoding').join(', ') || null
  const media = named === null ? '' : mediaType(named)
  const codings = contentCodings(raw)
  const streamKind = media === 'text/event-stream' ? 'event' : isLineType(media) ? 'line' : 'chunk'
  // What can't be decoded has no rows but its chunks.
  const rowKind = unknownCoding(codings) === null && (codings.length === 0 || status !== 206) ? streamKind : 'chunk'
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
    // RFC 9110 §15.3.7: a part of an encoded body can't be decoded alone.
    codings: hasBody && status !== 206 && (streamKind !== 'chunk' || isTextType(media)) ? codings : [],
    contentLength: length === undefined ? null : Number.parseInt(length, 10),
    summary: { status, contentType, contentEncoding, framing, rowKind },
  }
}

/** The trailers that may be passed on behind a head, and whether there were others that frame messages. */
export function readTrailers(
  raw: readonly string[],
  head: readonly string[],
): {
  readonly trailers: readonly (readonly [string, string])[]
  readonly hasFraming: boolean
} {
  const trailers: (readonly [string, string])[] = []
  let hasFraming = false
  const named = connectionOptions(head)
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (framingField.test(name)) hasFraming = true
    // RFC 9110 §7.6.1: what Connection names goes no further, in the trailer section neither.
    else if (!named.has(name.toLowerCase())) trailers.push([name, raw[index + 1] ?? ''])
  }
  return { trailers, hasFraming }
}

// RFC 9110 §6.5.1: what frames a message or is for one hop has no place in trailers.
const framingField = /^(transfer-encoding|content-length|connection|keep-alive|te|trailer|upgrade|host|via)$/i

/** Whether a body of this media type is text that somebody may want to read. */
export function isTextType(media: string): boolean {
  return media.startsWith('text/') || /^application\/(.*[+-])?(json|xml|javascript)$/.test(media)
}
