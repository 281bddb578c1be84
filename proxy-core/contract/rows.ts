import type { Decision } from './buffering.ts'
import type { RowKind } from './exchange.ts'
import type { Direction, MessageMark } from './messages.ts'

/** One row of a response body, or of a WebSocket, with its two clocks. Times are epoch milliseconds with a fraction. */
export interface Row {
  /** Counts from 0 over all rows of the stream, forgotten ones included. */
  readonly index: number
  /** A block of an event stream that dispatches nothing is a `comment` or holds `fields` only (id, retry). */
  readonly type: RowKind | 'comment' | 'fields'
  /** The event's type; `message` when it names none; empty for all other rows. */
  readonly eventType: string
  /** The `id` field of this block, or null when it has none. */
  readonly eventId: string | null
  /** The first characters of the data, line breaks kept; of a message that is no text, its first bytes in hex. */
  readonly preview: string
  /** False where capture was stopped: both clocks are known, and what it said is not. */
  readonly isKept: boolean
  /** Length on the wire, terminator included; after decoding when the body is encoded. Of a message its payload. */
  readonly bytes: number
  /** The bytes that end this row came from the upstream, or from whoever sent the message. */
  readonly arrivedAt: number
  /** Those bytes were taken by the client's socket, or by whom the message is for; null while they are here, or if they never left. */
  readonly leftAt: number | null
  /** Time since the row before it arrived; null for the first. */
  readonly gapMs: number | null
  /** Of a row of a WebSocket. */
  readonly message?: MessageMark
}

/** A range of rows. Rows before `first` are forgotten. */
export interface RowRange {
  readonly first: number
  readonly total: number
  readonly leftRows: number
  readonly rows: readonly Row[]
}

/** One row in full. */
export interface RowDetail extends Row {
  readonly data: string
  readonly raw: string
  readonly retryMs: number | null
  readonly comments: readonly string[]
  readonly hasInvalidUtf8: boolean
  /** Where in the row the first bytes are that are not UTF-8, among those looked at; null when all are. */
  readonly invalidUtf8At?: number | null
  /** The body starts with a byte order mark just before this row, or in it. */
  readonly followsBom?: boolean
  /** The reconnection time that holds after this event, as the last `retry` field before it says; null when none was found. */
  readonly retryInForce?: RetryInForce | null
  /** Bytes that were left out because the row is longer than what is shown. */
  readonly omittedBytes: number
}

/** How long an EventSource waits before it connects again, and the row that said so. */
export interface RetryInForce {
  readonly retryMs: number
  readonly index: number
}

/**
 * What an ended body ends in without an end of its own: an event without its blank line or a message without its last byte, which are no
 * rows, or a line without its line end, which is the last row.
 */
export interface Unterminated {
  readonly type: 'event' | 'line' | 'message'
  readonly bytes: number
  /** Its first characters as they came; of a message its first bytes in hex, head and mask included. */
  readonly preview: string
  /** Of a message. */
  readonly direction?: Direction
}

/** Numbers per point in `Timeline.points`. */
export const timelineStride = 3

/** The two clocks of a stretch of time, thinned to what a strip of `columns` pixels can show. */
export interface Timeline {
  readonly from: number
  readonly to: number
  /** `timelineStride` numbers a point: arrivedAt, leftAt (NaN while it is here) and the row's index, by index. */
  readonly points: Float64Array
  /** Of a WebSocket, by point: 1 where the message went to the upstream. */
  readonly upward?: Uint8Array
  /** The decision in force at `from`, and those made up to `to`. */
  readonly decisions: readonly Decision[]
}

/** One header field as it was on the wire, its value redacted where it is secret. */
export type HeaderField = readonly [name: string, value: string]

/** The heads of an exchange, both ways: as they came and as they were sent on. */
export interface ExchangeHeads {
  readonly requestReceived: readonly HeaderField[]
  readonly requestSent: readonly HeaderField[]
  readonly responseReceived: readonly HeaderField[]
  readonly responseSent: readonly HeaderField[]
}

/** A stretch of captured body bytes, as they were on the wire; zeros stand for those that came while capture was stopped. */
export interface BodyRange {
  readonly from: number
  readonly total: number
  /** Bytes before this offset are forgotten. */
  readonly first: number
  readonly bytes: Uint8Array
}
