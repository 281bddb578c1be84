import { stallFromMs, type TokenPace, type TokenStall, type TokenTime } from '../contract/assembled.ts'

const keptStalls = 100

/** The pace of token rows on one clock. */
export class LanePace {
  #rows = 0
  #first: TokenTime | null = null
  #last: TokenTime | null = null
  #stalls = 0
  #longestStallMs = 0
  readonly #stallList: TokenStall[] = []

  get rows(): number {
    return this.#rows
  }

  /** One more row with text came, or left. */
  took(row: number, at: number): void {
    const gapMs = this.#last === null ? 0 : at - this.#last.at
    this.#rows++
    this.#first ??= { row, at }
    this.#last = { row, at }
    if (gapMs < stallFromMs) return
    this.#stalls++
    this.#longestStallMs = Math.max(this.#longestStallMs, gapMs)
    if (this.#stallList.length < keptStalls) this.#stallList.push({ row, at, gapMs })
  }

  /** The pace so far; `tokens` are those of the rows in `ofRows`, null when nobody counted them. */
  view(tokens: number | null, ofRows: number): TokenPace {
    const spanMs = this.#first && this.#last ? this.#last.at - this.#first.at : 0
    // N rows have N - 1 gaps: what the first one brought took no time that is known.
    const gaps = this.#rows - 1
    const rowsPerSecond = spanMs > 0 ? (gaps * 1000) / spanMs : null
    return {
      rows: this.#rows,
      first: this.#first,
      last: this.#last,
      tokensPerSecond: rowsPerSecond === null || tokens === null || ofRows === 0 ? null : (rowsPerSecond * tokens) / ofRows,
      rowsPerSecond,
      stalls: this.#stalls,
      longestStallMs: this.#longestStallMs,
      stallList: [...this.#stallList],
    }
  }
}
