import type { Direction } from './contract/messages.ts'
import type { Pace } from './pace.ts'
import type { RowBounds } from './row-index.ts'

/** Rows with two clocks, whatever they were found in. Offsets are those of the text that the rows lie in. */
export interface RowSource {
  readonly pace: Pace
  /** Rows so far, forgotten ones included. */
  readonly rows: number
  readonly forgottenRows: number
  /** How many rows have left. */
  readonly leftRows: number
  /** All rows before this one have left. */
  readonly settledRows: number
  readonly firstRowAt: number | null
  /** The bounds of a row that is kept. */
  row(index: number): RowBounds | null
  /** When the row arrived that ends at an offset. */
  arrivedAt(end: number): number
  /** When it left; null while it is here. */
  leftAt(end: number): number | null
  /** Index of the first row that arrived at or after a time, among those that are kept. */
  firstRowSince(time: number): number
  /** Which way a row went, where rows go two ways. */
  directionOf?(index: number): Direction | null
  /** Index of the first row that left at or after a time, or has not left; where rows leave in another order than their own. */
  firstLeftSince?(time: number): number
  isWhole(from: number, to: number): boolean
  /** The kept bytes from one offset to another, copied together. */
  read(from: number, to: number): Buffer
}

/** Index of the first row that left at or after a time, or has not left. */
export function firstLeftSince(source: RowSource, time: number): number {
  if (source.firstLeftSince) return source.firstLeftSince(time)
  let low = source.forgottenRows
  let high = source.leftRows
  while (low < high) {
    const middle = (low + high) >>> 1
    const bounds = source.row(middle)
    const leftAt = bounds ? source.leftAt(bounds.end) : null
    if (leftAt !== null && leftAt < time) low = middle + 1
    else high = middle
  }
  return low
}
