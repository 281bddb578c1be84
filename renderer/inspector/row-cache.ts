import type { Row } from '../../proxy-core/contract/rows.ts'
import type { RowSpan } from '../exchanges/row-range.ts'

/**
 * The rows of one exchange that were fetched last. A row that has left never changes again; one that was still here is worth
 * fetching anew only once so many rows have left that it must be among them.
 */
export class RowCache {
  readonly #capacity: number
  readonly #rows = new Map<number, Row>()
  /** Of rows that leave in no order and had not left: how many had when they were read. */
  readonly #waiting = new Map<number, number>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#rows.size
  }

  get(index: number): Row | undefined {
    return this.#rows.get(index)
  }

  /** Takes in rows, as they were when so many had left; beyond the capacity those that were put in longest ago are forgotten. */
  put(rows: readonly Row[], leftRows: number): void {
    for (const row of rows) {
      this.#rows.delete(row.index)
      this.#rows.set(row.index, row)
      if (row.message && row.leftAt === null) this.#waiting.set(row.index, leftRows)
      else this.#waiting.delete(row.index)
    }
    for (const index of this.#rows.keys()) {
      if (this.#rows.size <= this.#capacity) break
      this.#rows.delete(index)
      this.#waiting.delete(index)
    }
  }

  /** The least stretch within `wanted` that has to be fetched, given that `leftRows` rows have left, the first ones unless they are messages; null when all is here. */
  missing(wanted: RowSpan, leftRows: number): RowSpan | null {
    let { from, to } = wanted
    while (from < to && this.#isFresh(from, leftRows)) from++
    while (to > from && this.#isFresh(to - 1, leftRows)) to--
    return from < to ? { from, to } : null
  }

  #isFresh(index: number, leftRows: number): boolean {
    const row = this.#rows.get(index)
    if (row === undefined) return false
    return row.leftAt !== null || (this.#waiting.get(index) ?? index) >= leftRows
  }
}
