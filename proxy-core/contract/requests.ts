import { z } from 'zod'
import type { ExchangeId } from './exchange.ts'
import type { HeaderField } from './rows.ts'
import type { RouteId } from './route.ts'

/** Stands in for a secret in all that is shown and kept. A request that holds it is not sent. */
export const redactedMarker = '[redacted]'

/** The route of requests that the window sends straight to a URL; no route of a config can be called so. */
export const directRouteId = '(direct)' as RouteId

const maxBodyBytes = 67_108_864

// RFC 9110 §5.6.2.
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/

/** What frames a message or is for one hop: the gateway writes these itself, so that no request can hide another one. */
const framingFields = new Set([
  'connection',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Whether a field is left to the gateway, because it frames the message or is for one hop. */
export function isFramingField(name: string): boolean {
  return framingFields.has(name.toLowerCase())
}

const method = z
  .string()
  .regex(token, { error: 'A method is one word, such as GET.' })
  .refine((value) => !/^(connect|trace)$/i.test(value), { error: 'CONNECT and TRACE can’t be sent from here.' })

const fieldName = z
  .string()
  .regex(token, { error: 'This is not a header name.' })
  .refine((value) => !isFramingField(value), { error: 'This header is written by the gateway. Leave it out.' })

// RFC 9110 §5.5: a line break would start another field. Characters up to U+00FF stand for the bytes of the same number.
const fieldValue = z
  .string()
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'A header value is one line of text.' })
  .refine((value) => !value.includes(redactedMarker), { error: 'This value is redacted. Write the real one.' })

const url = z
  .string()
  .max(16_384, { error: 'A URL has at most 16,384 characters.' })
  .regex(/^(\/|https?:\/\/[^/?#\s]+)/i, { error: 'Write a path that starts with /, or a URL that starts with http:// or https://.' })
  // RFC 9112 §3.2: white space would end the request line early. All else beyond ASCII is percent-encoded by who writes the URL.
  .regex(/^[\x21-\x7e]*$/, { error: 'A URL has neither spaces nor control characters; write them percent-encoded.' })
  .refine((value) => !value.includes(redactedMarker) && !value.includes(encodeURIComponent(redactedMarker)), {
    error: 'A part of this URL is redacted. Write the real one.',
  })

const body = z.union([z.string(), z.instanceof(Uint8Array)]).nullable()

const written = z.strictObject({
  method,
  /** A path through the gateway, or a URL: one of the gateway's own goes through it, any other is sent straight to. */
  url,
  headers: z
    .array(z.tuple([fieldName, fieldValue]))
    .max(500)
    .default([]),
})

/** Where a request would go, asked before it is sent. */
export const RequestAddress = written.pick({ method: true, url: true, headers: true })
export type RequestAddress = z.output<typeof RequestAddress>

/** A request to send, as the window writes it. */
export const RequestToSend = written
  .extend({
    body: body.refine((value) => value === null || value.length <= maxBodyBytes, { error: 'A body has at most 64 MiB.' }).default(null),
    /** Buffering for its exchanges alone, from the first byte; null leaves it to the route. */
    buffering: z.enum(['off', 'on']).nullable().default(null),
    /** Connects again when the stream ends, as an EventSource does. */
    reconnects: z.boolean().default(false),
  })
  .refine((request) => !request.reconnects || request.method === 'GET', {
    path: ['reconnects'],
    error: 'Only a GET can be sent again by itself.',
  })
export type RequestToSend = z.output<typeof RequestToSend>

/** Where a request goes: through a route, straight to a URL, or nowhere. */
export type RequestPlan =
  | { readonly type: 'route'; readonly routeId: RouteId }
  | { readonly type: 'direct'; readonly origin: string }
  | { readonly type: 'no-route' }

/** What the window learns of a request that it sent: its first exchange, and how it may be kept. */
export interface SentReply {
  readonly requestId: number
  /** Null where the gateway answered without an exchange. */
  readonly exchangeId: ExchangeId | null
  /** With secrets replaced by the marker. */
  readonly url: string
  readonly headers: readonly HeaderField[]
}

/** Why a request is over; all but the first two end an EventSource for good. */
export type RequestEnding =
  /** The answer was read to its end. */
  | 'complete'
  /** The connection ended before the answer did. */
  | 'cut'
  | 'stopped'
  /** It reconnects, and the answer was not a 200. */
  | 'status'
  /** It reconnects, and the answer was not called an event stream. */
  | 'content-type'

/** A request of the window's as it stands. One that reconnects has an exchange for each attempt. */
export interface SentRequest {
  readonly id: number
  readonly method: string
  /** Secrets redacted. */
  readonly url: string
  readonly state: 'open' | 'waiting' | 'ended'
  /** The exchange of the last attempt. */
  readonly exchangeId: ExchangeId | null
  readonly reconnects: boolean
  /** The attempt that runs or is waited for, counting from 1. */
  readonly attempt: number
  /** When the next attempt is made, while it waits. */
  readonly retryAt: number | null
  /** What the next attempt sends as Last-Event-ID; empty for none. */
  readonly lastEventId: string
  /** The status of the last answer. */
  readonly status: number | null
  readonly ending: RequestEnding | null
}
