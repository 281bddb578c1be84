import { z } from 'zod'
import type { Decision } from './buffering.ts'
import type { ErrorReport } from './errors.ts'
import type { FaultHit } from './faults.ts'
import type { FramingFault } from './messages.ts'
import type { RouteId } from './route.ts'

/** The number of an exchange, counting from 1 at each start of the gateway; those of the history, which began before, count down from -1. */
export const ExchangeId = z.int().brand<'ExchangeId'>()
export type ExchangeId = z.output<typeof ExchangeId>

/** What one row is: a server-sent event, a line of NDJSON, or a chunk as it came; or a message of a WebSocket, in either direction. */
export type RowKind = 'event' | 'line' | 'chunk' | 'message'

/** Where an exchange is from: it passed through here since the start, or was read from a file, or from the history. */
export type ExchangeOrigin = 'live' | 'imported' | 'restored'

/** How an exchange stands; `aborted` is the client leaving, `failed` everything else that cut it short. */
export type ExchangeState = 'open' | 'complete' | 'failed' | 'aborted'

/** Why the rows of an encoded body can't be seen, or no longer from a byte on. The bytes go on all the same. */
export interface DecodeError {
  readonly code: DecodeErrorCode
  /** The coding that could not be undone, as `Content-Encoding` names it. */
  readonly coding: string
  /** Offset in the body as it came where the chunk starts that could not be decoded. */
  readonly atByte: number
}

/** `too-large` is a body that grows beyond all measure when it is decoded, `too-slow` one that comes faster than it can be. */
export type DecodeErrorCode = 'unknown-coding' | 'invalid' | 'truncated' | 'too-large' | 'too-slow'

/** Who held the bytes of a stream, from its two clocks. All durations in milliseconds. */
export type Verdict =
  /** No row has come yet. */
  | { readonly type: 'waiting' }
  | { readonly type: 'passes'; readonly longestHeldMs: number; readonly longestStallMs: number; readonly causes: readonly UpstreamCause[] }
  /** The route's faults on purpose changed how it goes on: nobody else is to blame. */
  | { readonly type: 'fault'; readonly faults: readonly FaultHit[]; readonly causes: readonly UpstreamCause[] }
  /** A policy of this gateway held bytes, now or before. */
  | {
      readonly type: 'held'
      readonly longestHeldMs: number
      readonly largestReleaseBytes: number
      /** How many times bytes were held, the hold that goes on now included. */
      readonly holds: number
      /** The decision that held for longest. */
      readonly by: Pick<Decision, 'reason' | 'holdBytes' | 'holdMs'> | null
      readonly causes: readonly UpstreamCause[]
    }
  /** Released bytes waited for the client's socket. */
  | {
      readonly type: 'client-slow'
      readonly longestStallMs: number
      readonly stalls: number
      readonly stalledMs: number
      readonly causes: readonly UpstreamCause[]
    }
  /** The rows came in bursts already. */
  | {
      readonly type: 'bursty-upstream'
      readonly bursts: number
      readonly largestBurstRows: number
      /** From the first row to the last. */
      readonly spreadMs: number
      readonly meanBurstBytes: number
      /** From the start of one burst to the start of the next; null when there was one alone. */
      readonly meanApartMs: number | null
      /** How long the upstream took before the largest burst. */
      readonly waitMs: number
      readonly causes: readonly UpstreamCause[]
    }
  /** The upstream was silent for long. */
  | {
      readonly type: 'idle-gap'
      readonly longestGapMs: number
      /** Since when, while that silence goes on. */
      readonly since: number | null
      /** Who ended the exchange in that silence. */
      readonly endedBy: 'upstream' | 'client' | null
      readonly causes: readonly UpstreamCause[]
    }

/** What is known to make an upstream's stream come as it did, and fits the data. A cause fits; it is never proved. */
export type UpstreamCause =
  /** The bytes of so many of the bursts fill blocks of one size. */
  | { readonly type: 'buffer-steps'; readonly stepBytes: number; readonly fits: number; readonly bursts: number }
  /** All rows came together when the upstream's answer ended. */
  | { readonly type: 'burst-at-end'; readonly rows: number; readonly waitMs: number; readonly beforeEndMs: number }
  /** The bursts are as far apart as a corked socket waits for more to send. */
  | { readonly type: 'send-delay'; readonly delayMs: number; readonly meanApartMs: number }
  | { readonly type: 'compressed'; readonly coding: string }
  /** An event stream that says its length was written down before it was sent. */
  | { readonly type: 'content-length'; readonly bytes: number | null }
  /** Its end is the end of the connection, as HTTP/1.0 has it. */
  | { readonly type: 'close-delimited' }
  /** It looks like an event stream and is not called one. */
  | { readonly type: 'content-type'; readonly contentType: string | null }
  /** The silence was about as long as hops commonly wait. */
  | { readonly type: 'idle-timeout'; readonly timeoutMs: number; readonly gapMs: number }

/** A stream of the same route and target that ended before this exchange began, and by how long. */
export interface Reconnect {
  readonly id: ExchangeId
  readonly afterMs: number
}

/**
 * One request and its response, as far as it has come. Times are epoch milliseconds with a fraction.
 * Byte and row counts are totals since the start, whatever has been forgotten since.
 */
export interface Exchange {
  readonly id: ExchangeId
  readonly origin: ExchangeOrigin
  readonly routeId: RouteId | null
  readonly method: string
  /** The request target as the client wrote it, secrets redacted. */
  readonly target: string
  readonly host: string
  readonly httpVersion: string
  readonly client: string
  readonly startedAt: number
  /** The `Last-Event-ID` that the client asked to go on from; absent when it sent none. */
  readonly lastEventId?: string
  /** The stream that it goes on from; absent when none is known. */
  readonly reconnectOf?: Reconnect
  readonly upstream: string | null
  readonly requestBytes: number

  readonly status: number | null
  readonly respondedAt: number | null
  readonly contentType: string | null
  readonly contentEncoding: string | null
  readonly framing: 'chunked' | 'length' | 'close' | 'none' | null
  readonly rowKind: RowKind | null

  /** Every decision so far, oldest first; the last is in force. */
  readonly decisions: readonly Decision[]
  readonly isOverridden: boolean
  /** Neither forgotten for want of room nor cleared. */
  readonly isPinned: boolean

  readonly arrivedBytes: number
  readonly leftBytes: number
  readonly heldBytes: number
  readonly oldestHeldAt: number | null
  /** Rows so far: dispatched events, comments and field-only blocks, or lines, or chunks, or messages in both directions. */
  readonly rows: number
  /** Rows that an EventSource would dispatch, or messages that carry data; equals `rows` for lines and chunks. */
  readonly events: number
  /** Rows that have left for the client: the first so many. Of messages, how many have left for whom they are for. */
  readonly leftRows: number
  /** Rows whose bytes are no longer kept: the first so many. */
  readonly forgottenRows: number
  readonly firstRowAt: number | null
  readonly lastRowAt: number | null
  readonly verdict: Verdict
  readonly decodeError: DecodeError | null
  /** Where a WebSocket's directions stopped being frames; there only when one did. */
  readonly framingFaults?: readonly FramingFault[]
  /** Why what is held could not go to a temporary file, so that the upstream had to wait; there only when that happened. */
  readonly spoolError?: string
  /** Bytes that a fault on purpose keeps back, before the hold and apart from it; there only when one has. */
  readonly faultBytes?: number
  /** Bytes of the response that came while capture was stopped: passed on, timed and counted, and not kept. */
  readonly unkeptBytes: number
  /** When the first and the last of them came. */
  readonly unkeptFrom: number | null
  readonly unkeptTo: number | null

  readonly state: ExchangeState
  readonly endedAt: number | null
  readonly error: ErrorReport | null
}

/** The fields that move while a body is in motion: totals, never deltas. */
export type ExchangeProgress = Pick<
  Exchange,
  | 'requestBytes'
  | 'arrivedBytes'
  | 'leftBytes'
  | 'heldBytes'
  | 'oldestHeldAt'
  | 'rows'
  | 'events'
  | 'leftRows'
  | 'forgottenRows'
  | 'firstRowAt'
  | 'lastRowAt'
  | 'verdict'
  | 'decodeError'
  | 'framingFaults'
  | 'spoolError'
  | 'faultBytes'
  | 'unkeptBytes'
  | 'unkeptFrom'
  | 'unkeptTo'
>

/** The fields that the head of a response settles; `upstream` when it is another one than the first that was called. */
export type ExchangeHead = Pick<Exchange, 'status' | 'respondedAt' | 'contentType' | 'contentEncoding' | 'framing' | 'rowKind'> &
  Partial<Pick<Exchange, 'upstream'>>

/** The fields that the end settles. */
export type ExchangeEnd = ExchangeProgress & Pick<Exchange, 'state' | 'endedAt' | 'error'>

/**
 * One step in the life of an exchange. Progress carries totals, so any progress event may be dropped; what never moved since the exchange
 * began may be left out of it.
 */
export type ExchangeEvent =
  | { readonly type: 'exchange.started'; readonly exchange: Exchange }
  | { readonly type: 'exchange.responded'; readonly id: ExchangeId; readonly head: ExchangeHead }
  | { readonly type: 'exchange.decided'; readonly id: ExchangeId; readonly decisions: readonly Decision[]; readonly isOverridden: boolean }
  | { readonly type: 'exchange.pinned'; readonly id: ExchangeId; readonly isPinned: boolean }
  | { readonly type: 'exchange.progressed'; readonly id: ExchangeId; readonly progress: Partial<ExchangeProgress> }
  | { readonly type: 'exchange.ended'; readonly id: ExchangeId; readonly end: ExchangeEnd }

/** The exchange after one more step: an exchange is the fold of its events. */
export function applyExchangeEvent(exchange: Exchange, event: ExchangeEvent): Exchange {
  switch (event.type) {
    case 'exchange.started':
      return event.exchange
    case 'exchange.responded':
      return { ...exchange, ...event.head }
    case 'exchange.decided':
      return { ...exchange, decisions: event.decisions, isOverridden: event.isOverridden }
    case 'exchange.pinned':
      return { ...exchange, isPinned: event.isPinned }
    case 'exchange.progressed':
      return { ...exchange, ...event.progress }
    case 'exchange.ended':
      return { ...exchange, ...event.end }
    default:
      return event satisfies never
  }
}
