import type { Assembled, AssembledSoFar } from '../contract/assembled.ts'
import type { Tap } from '../tap.ts'
import { LanePace } from './lane-pace.ts'
import { RowTexts } from './row-texts.ts'
import { TokenReader, type TokenReaderOptions } from './token-reader.ts'

/** Rows between two looks at the clock. */
const rowsPerLook = 16

/** Puts the tokens of one captured stream together, row by row, and goes on where it stopped. */
export class Assembler {
  readonly number: number
  readonly #tap: Tap
  readonly #reader: TokenReader
  readonly #rows: RowTexts
  readonly #upstream = new LanePace()
  readonly #client = new LanePace()
  /** Rows with text that had not left when they were read, oldest first. */
  #waiting: number[] = []
  #next = 0
  #missedRows = 0

  constructor(number: number, tap: Tap, options: TokenReaderOptions) {
    this.number = number
    this.#tap = tap
    this.#reader = new TokenReader(options)
    this.#rows = new RowTexts(tap, {
      text: (text) => this.#reader.read(text),
      tooLong: () => this.#reader.skip(),
      unreadable: () => this.#reader.giveUp(),
    })
  }

  get isBehind(): boolean {
    return !this.#reader.isGivenUp && this.#next < this.#tap.rows
  }

  /** Reads on until there is nothing more, or until a time of `performance.now()`. */
  readUntil(deadline: number): void {
    for (let count = 1; this.isBehind; count++) {
      this.#readRow()
      if (count % rowsPerLook === 0 && performance.now() >= deadline) break
    }
    this.#followClient()
  }

  /** What there is so far, with the texts behind what the asker has, or without any. */
  view(have: AssembledSoFar | null, withTexts: boolean): Assembled {
    const lengths = have?.assembly === this.number ? have.lengths : []
    const tokens = this.#reader.visibleTokens()
    const ofRows = this.#upstream.rows
    return {
      assembly: this.number,
      readRows: this.#next,
      totalRows: this.#tap.rows,
      missedRows: this.#missedRows,
      ...this.#reader.view(withTexts ? lengths : null),
      upstream: this.#upstream.view(tokens, ofRows),
      client: this.#client.view(tokens, ofRows),
    }
  }

  #readRow(): void {
    const { forgottenRows } = this.#tap
    if (this.#next < forgottenRows) {
      this.#missedRows += forgottenRows - this.#next
      this.#next = forgottenRows
    }
    const row = this.#next++
    const bounds = this.#tap.row(row)
    if (bounds === null) return
    this.#reader.beginRow(row)
    this.#rows.read(bounds)
    if (!this.#reader.hasGrown) return
    this.#upstream.took(row, this.#tap.arrivedAt(bounds.end))
    this.#waiting.push(row)
  }

  /** Takes note of the rows that have left meanwhile. */
  #followClient(): void {
    let gone = 0
    for (const row of this.#waiting) {
      if (row >= this.#tap.leftRows) break
      gone++
      const bounds = this.#tap.row(row)
      const leftAt = bounds === null ? null : this.#tap.leftAt(bounds.end)
      // The time of a row that was forgotten meanwhile is not known.
      if (leftAt !== null && !Number.isNaN(leftAt)) this.#client.took(row, leftAt)
    }
    if (gone > 0) this.#waiting = this.#waiting.slice(gone)
  }
}
