import { Column } from './column.ts'
import type { RowKind } from './contract/exchange.ts'

/** What a row is, as the scanner saw it without decoding anything. */
export type RowType = RowKind | 'comment' | 'fields'
const rowTypes: readonly RowType[] = ['event', 'comment', 'fields', 'line', 'chunk']
const typeNumbers: Readonly<Record<RowType, number>> = { event: 0, comment: 1, fields: 2, line: 3, chunk: 4 }

/**
 * Where a row lies in the body, which is the decoded one when it is encoded.
 * `end` is just after the byte that completes it, the one whose times are the row's.
 */
export interface RowBounds {
  readonly type: RowType
  readonly start: number
  readonly end: number
}

/** Where the rows of a body lie, in order; the oldest are forgotten with their bytes. */
export class RowIndex {
  /** By row: its start and type in one number, and its end. */
  readonly #starts = new Column()
  readonly #ends = new Column()
  #left = 0

  /** Rows so far, forgotten ones included. */
  get count(): number {
    return this.#ends.end
  }

  get forgotten(): number {
    return this.#ends.first
  }

  /** The first so many rows have left. */
  get left(): number {
    return this.#left
  }

  add(start: number, end: number, type: RowType): void {
    this.#starts.push(start * 8 + typeNumbers[type])
    this.#ends.push(end)
  }

  /** The bounds of a row that is kept. */
  bounds(index: number): RowBounds | null {
    const packed = this.#starts.at(index)
    if (Number.isNaN(packed)) return null
    const start = Math.floor(packed / 8)
    return { type: rowTypes[packed - start * 8] ?? 'chunk', start, end: this.#ends.at(index) }
  }

  /** Index of the first kept row that ends behind an offset. */
  firstEndingBehind(offset: number): number {
    return this.#ends.indexOfAtLeast(offset + 1)
  }

  /** All rows up to an offset have left. */
  leftUpTo(offset: number): void {
    while (this.#left < this.#ends.end && !(this.#ends.at(this.#left) > offset)) this.#left++
  }

  allLeft(): void {
    this.#left = this.#ends.end
  }

  /** Forgets the rows that begin before an offset. */
  forgetBefore(offset: number): void {
    let row = this.#starts.first
    while (row < this.#starts.end && Math.floor(this.#starts.at(row) / 8) < offset) row++
    this.#starts.forgetBefore(row)
    this.#ends.forgetBefore(row)
  }
}
