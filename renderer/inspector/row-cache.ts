import type { Row } from '../../proxy-core/contract/rows.ts'
import type { RowSpan } from '../exchanges/row-range.ts'

/**
 * The rows of one exchange that were fetched last. A row that has left never changes again; one that was still here is worth
 * fetching anew only once so many rows have left that it must be among them.
 */
export class RowCache {
  readonly #capacity: number
  readonly #rows = new Map<number, Row>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#rows.size
  }

  get(index: number): Row | undefined {
    return this.#rows.get(index)
  }

  /** Takes in rows; beyond the capacity those that were put in longest ago are forgotten. */
  put(rows: readonly Row[]): void {
    for (const row of rows) {
      this.#rows.delete(row.index)
      this.#rows.set(row.index, row)
    }
    for (const index of this.#rows.keys()) {
      if (this.#rows.size <= this.#capacity) break
      this.#rows.delete(index)
    }
  }

  /** The least stretch within `wanted` that has to be fetched, given that the first `leftRows` rows have left; null when all is here. */
  missing(wanted: RowSpan, leftRows: number): RowSpan | null {
    let { from, to } = wanted
    while (from < to && this.#isFresh(from, leftRows)) from++
    while (to > from && this.#isFresh(to - 1, leftRows)) to--
    return from < to ? { from, to } : null
  }

  #isFresh(index: number, leftRows: number): boolean {
    const row = this.#rows.get(index)
    return row !== undefined && (row.leftAt !== null || index >= leftRows)
  }
}
