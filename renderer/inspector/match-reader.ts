import type { RowQuery, SearchReport } from '../../proxy-core/contract/search.ts'
import { Watched } from './watched.ts'

const whileSearchingMs = 60
const whileGrowingMs = 250

/** Follows one search: asks how far it is, and collects what it found. */
export class MatchReader extends Watched {
  readonly query: RowQuery
  readonly #ask: (from: number) => Promise<SearchReport>
  #matches: number[] = []
  /** Number of the first of them, counting forgotten ones. */
  #base = 0
  #report: SearchReport | null = null
  #problem: unknown = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #isAsking = false

  constructor(query: RowQuery, ask: (from: number) => Promise<SearchReport>) {
    super()
    this.query = query
    this.#ask = ask
  }

  /** Indexes of the rows that match, rising. */
  get matches(): readonly number[] {
    return this.#matches
  }

  /** How far the search is; null before the first answer. */
  get report(): SearchReport | null {
    return this.#report
  }

  get isDone(): boolean {
    return this.#report !== null && this.#report.searchedTo >= this.#report.rows
  }

  /** Why it cannot be searched, or null. */
  get problem(): unknown {
    return this.#problem
  }

  /** Where an index is among the matches, or would be. */
  placeOf(index: number): number {
    let low = 0
    let high = this.#matches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#matches[middle] ?? 0) < index) low = middle + 1
      else high = middle
    }
    return low
  }

  has(index: number): boolean {
    return this.#matches[this.placeOf(index)] === index
  }

  protected override watched(): void {
    void this.#poll()
  }

  protected override unwatched(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #poll(): Promise<void> {
    // Whoever watches again while an answer is on its way waits for that one: two would bring the same matches.
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      const report = await this.#ask(this.#base + this.#matches.length)
      for (const index of report.matches) this.#matches.push(index)
      if (report.first > this.#base) {
        this.#matches = this.#matches.slice(report.first - this.#base)
        this.#base = report.first
      }
      this.#report = report
      this.#problem = null
    } catch (error) {
      this.#problem = error
    }
    this.#isAsking = false
    this.changed()
    if (!this.isWatched || this.#problem !== null) return
    const isBehind = !this.isDone || this.#base + this.#matches.length < (this.#report?.total ?? 0)
    this.#timer = setTimeout(() => void this.#poll(), isBehind ? whileSearchingMs : whileGrowingMs)
  }
}
