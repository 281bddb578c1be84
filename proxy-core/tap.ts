import type { CaptureBudget, Capturer } from './capture.ts'
import { Column } from './column.ts'
import type { DecodeError, RowKind } from './contract/exchange.ts'
import { KeptBytes, keptCost } from './kept-bytes.ts'
import { Pace } from './pace.ts'
import { EventScanner } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'
import { TapDecoder } from './tap-decoder.ts'

/** Departures closer than this share one entry: a burst of writes in one turn of the loop is one moment. */
const sameMomentMs = 0.05

/** What a row is, as the scanner saw it without decoding anything. */
export type RowType = RowKind | 'comment' | 'fields'
const rowTypes: readonly RowType[] = ['event', 'comment', 'fields', 'line', 'chunk']

/** Where a row lies in the body, after decoding. `end` is just after the byte that completes it, the one whose times are the row's. */
export interface RowBounds {
  readonly type: RowType
  readonly start: number
  readonly end: number
}

/** What a tap is told of the body besides what its rows are. */
export interface TapOptions {
  /** The codings of the body in the order in which they were applied. */
  readonly codings?: readonly string[]
  /** Told when rows of an encoded body were found, some time after its bytes arrived. */
  readonly onDecoded?: () => void
}
