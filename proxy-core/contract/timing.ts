import type { Row } from './rows.ts'

/** What the rows of an exchange can be sorted by; `arrival` is the order in which they came. */
export const rowOrders = ['arrival', 'held', 'bytes', 'gap'] as const
export type RowOrder = (typeof rowOrders)[number]

/** A stretch of the rows of an exchange in another order than their own. */
export interface SortedRows {
  /** The rank of the first of `rows`. */
  readonly from: number
  readonly rows: readonly Row[]
  /** How many rows have a rank. */
  readonly total: number
  /** How far the exchange had come when its rows were sorted: they are sorted anew now and then, not with every row. */
  readonly asOf: { readonly rows: number; readonly leftRows: number; readonly forgottenRows: number }
  /** The rank of the row that was asked for, or null when it has none. */
  readonly rank: number | null
}

/** What came and left in a stretch of time. Durations in milliseconds. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Rows that arrived in it, and their bytes. */
  readonly rows: number
  readonly bytes: number
  /** Rows that left in it. */
  readonly leftRows: number
  /** The first row that arrived in it; null when none did. */
  readonly firstRow: number | null
  /** Of the rows that arrived in it; what is still here counts up to now. Null when none did. */
  readonly longestHeldMs: number | null
  /** From the arrival of one row in it to that of the next; null for fewer than two. */
  readonly longestGapMs: number | null
}

/** How a kind of duration is spread, in milliseconds; `p50` to `p99` to 1 %. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly mean: number
}

/** One clock of a stream, by columns of time. */
export interface TimingLane {
  /** Rows, comments and field-only blocks included, and their bytes. */
  readonly rows: Float64Array
  readonly bytes: Float64Array
  /** The longest time since the row before, of the rows of a column; NaN where there is none. */
  readonly longestGapMs: Float64Array
  readonly gaps: Spread
  /** By how much a gap differs from the one before it, in the mean. */
  readonly jitterMs: number
}

/** A stream over time, in columns of one width that lie between its first row and its last departure. */
export interface Timing {
  readonly from: number
  readonly columnMs: number
  readonly columns: number
  readonly arrived: TimingLane
  readonly left: TimingLane
  /** The longest that a row of a column was here, by the column in which it arrived; NaN where none has left. */
  readonly longestHeldMs: Float64Array
  readonly held: Spread
  /** When the first byte of the body came from the upstream, whether a row ended with it or not. */
  readonly firstByteAt: number | null
  /** Rows that this rests on, and those that were forgotten before they could be counted. */
  readonly rows: number
  readonly uncountedRows: number
}
