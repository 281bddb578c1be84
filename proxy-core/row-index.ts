import type { RowKind } from './contract/exchange.ts'
import type { MessageMark } from './contract/messages.ts'
import type { KeptBytes } from './kept-bytes.ts'
import { PairColumn } from './pair-column.ts'

/** What a row is, as the scanner saw it without decoding anything. */
export type RowType = RowKind | 'comment' | 'fields'
const rowTypes: readonly RowType[] = ['event', 'comment', 'fields', 'line', 'chunk', 'message']
const typeNumbers: Readonly<Record<RowType, number>> = { event: 0, comment: 1, fields: 2, line: 3, chunk: 4, message: 5 }

/**
 * Where a row lies in the body, which is the decoded one when it is encoded.
 * `end` is just after the byte that completes it, the one whose times are the row's.
 */
export interface RowBounds {
  readonly type: RowType
  readonly start: number
  readonly end: number
  /** Of a row of a WebSocket. */
  readonly message?: MessageMark
}

/** What one row costs: its places in the two lists. */
const rowOverheadBytes = 16

/** Rows as plain data: where each starts and ends, and what it is. */
export interface GivenRows {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly types: readonly RowType[]
}

/** Where the rows of a body lie, in order; the oldest are forgotten with their bytes. */
export class RowIndex {
  /** By row: its start and type in one number, and its end. */
  readonly #rows: PairColumn
  #left: number
  /** The cost that was told last. */
  #toldBytes = 0

  /** They are known, and are not to be found. */
  readonly areGiven: boolean

  /** Rows before `first` are forgotten from the start. */
  constructor(first = 0, given: GivenRows | null = null) {
    this.#rows = new PairColumn(first)
    this.#left = first
    this.areGiven = given !== null
    given?.starts.forEach((start, index) => this.add(start, given.ends[index] ?? start, given.types[index] ?? 'chunk'))
  }

  /** Rows so far, forgotten ones included. */
  get count(): number {
    return this.#rows.end
  }

  get forgotten(): number {
    return this.#rows.first
  }

  /** The first so many rows have left. */
  get left(): number {
    return this.#left
  }

  /** What the rows that are kept cost, beside the bytes that they lie in. */
  get keptBytes(): number {
    return (this.#rows.end - this.#rows.first) * rowOverheadBytes
  }

  /** How much more that is than when this was last asked; less than nothing when rows were forgotten. */
  takeGrowth(): number {
    const growth = this.keptBytes - this.#toldBytes
    this.#toldBytes += growth
    return growth
  }

  add(start: number, end: number, type: RowType): void {
    this.#rows.push(start * 8 + typeNumbers[type], end)
  }

  /** The bounds of a row that is kept. */
  bounds(index: number): RowBounds | null {
    const packed = this.#rows.left(index)
    if (Number.isNaN(packed)) return null
    const start = Math.floor(packed / 8)
    return { type: rowTypes[packed - start * 8] ?? 'chunk', start, end: this.#rows.right(index) }
  }

  /** Index of the first kept row that ends behind an offset. */
  firstEndingBehind(offset: number): number {
    return this.#rows.indexOfRightAtLeast(offset + 1)
  }

  /** All rows up to an offset have left. */
  leftUpTo(offset: number): void {
    while (this.#left < this.#rows.end && !(this.#rows.right(this.#left) > offset)) this.#left++
  }

  allLeft(): void {
    this.#left = this.#rows.end
  }

  /**
   * The first row that has not lost its start, and where that is; when no such row has ended yet, the one that begins at `pendingStart`.
   * One that lost its start can't be told apart anew.
   */
  firstWhole({ firstKept, end }: KeptBytes, pendingStart: number): { firstRow: number; rowsFrom: number; rows: null } {
    const firstRow = this.#firstStartingAt(firstKept)
    const nextStart = pendingStart < firstKept ? end : pendingStart
    const rowsFrom = firstKept === 0 ? 0 : (this.bounds(firstRow)?.start ?? nextStart)
    return { firstRow, rowsFrom, rows: null }
  }

  /** All that are kept, as plain data. */
  record(): { firstRow: number; rowsFrom: number; rows: GivenRows } {
    const rows = Array.from({ length: this.count - this.forgotten }, (_, index) => this.bounds(this.forgotten + index) as RowBounds)
    return {
      firstRow: this.forgotten,
      rowsFrom: rows[0]?.start ?? 0,
      rows: { starts: rows.map(({ start }) => start), ends: rows.map(({ end }) => end), types: rows.map(({ type }) => type) },
    }
  }

  /** How many rows of a kind are kept. */
  countOf(type: RowType): number {
    let count = 0
    for (let row = this.forgotten; row < this.count; row++) if (this.bounds(row)?.type === type) count++
    return count
  }

  /** Forgets the rows that begin before an offset. */
  forgetBefore(offset: number): void {
    const row = this.#firstStartingAt(offset)
    this.#rows.forgetBefore(row)
  }

  /** Index of the first kept row that begins at or behind an offset; `count` when there is none. */
  #firstStartingAt(offset: number): number {
    let row = this.#rows.first
    while (row < this.#rows.end && Math.floor(this.#rows.left(row) / 8) < offset) row++
    return row
  }
}
