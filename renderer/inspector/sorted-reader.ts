import type { Row } from '../../proxy-core/contract/rows.ts'
import type { RowOrder, SortedRows } from '../../proxy-core/contract/timing.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { PacedAsk } from './paced-ask.ts'
import { Watched } from './watched.ts'

/** Rows that change places faster than this cannot be read. */
const leastMsBetween = 300
/** Asked for beyond the screen, so that a turn of the wheel or a step of the selection finds its rows here. */
const readAheadRows = 100

/** Another order than that of arrival. */
export interface RowSorting {
  readonly by: RowOrder
  readonly descending: boolean
}

/** What is asked of rows in another order. */
export interface SortedAsk extends RowSorting, RowSpan {
  readonly since: number
  /** The row whose rank is wanted. */
  readonly find: number | null
  /** The order stays as it is. */
  readonly rests: boolean
}

/** What is on screen of the sorted rows, and a stamp that changes when there is more to sort. */
export interface SortedSeen extends Omit<SortedAsk, 'rests'> {
  readonly isPaused: boolean
  readonly stamp: string
}

interface Question {
  readonly asked: SortedAsk
  readonly stamp: string
}

/** Reads the sorted rows that are on screen: anew at a bounded rate while the stream goes on, and at once where there are none yet. */
export class SortedReader extends Watched {
  readonly #asks: PacedAsk<Question, SortedRows>
  #seen: SortedSeen | null = null
  #answer: { readonly sorted: SortedRows; readonly asked: SortedAsk; readonly stamp: string } | null = null

  constructor(fetchSorted: (ask: SortedAsk) => Promise<SortedRows>) {
    super()
    this.#asks = new PacedAsk({
      ask: ({ asked }) => fetchSorted(asked),
      leastMsBetween,
      take: (sorted, { asked, stamp }) => {
        // It was asked for another order than the one that is shown by now.
        if (!this.#seen || !isSameOrder(asked, this.#seen)) return
        this.#answer = { sorted, asked, stamp }
        this.changed()
      },
      // The exchange was forgotten meanwhile; its last rows stay until the window learns of it.
      fail: () => undefined,
    })
  }

  /** How many rows have a rank; null while nothing was read. */
  get total(): number | null {
    return this.#answer?.sorted.total ?? null
  }

  /** The row of a rank, where it was read. */
  row(rank: number): Row | undefined {
    const sorted = this.#answer?.sorted
    return sorted?.rows[rank - sorted.from]
  }

  /** The rank of a row, where it is known; null when it has none or is not found yet. */
  rankOf(index: number): number | null {
    if (!this.#answer) return null
    const { sorted, asked } = this.#answer
    const place = sorted.rows.findIndex((row) => row.index === index)
    if (place >= 0) return sorted.from + place
    return asked.find === index ? sorted.rank : null
  }

  /** Fetches what is on screen and not here yet, or no longer true; null when another order is shown. */
  see(seen: SortedSeen | null): void {
    this.#seen = seen
    if (!seen) {
      this.#answer = null
      this.#asks.want(null)
      return
    }
    if (this.#answer && !isSameOrder(this.#answer.asked, seen)) this.#answer = null
    const { isPaused, stamp, from, to, ...ask } = seen
    const isBlank = !this.#covers(from, to)
    const isNew = this.#answer?.asked.find !== seen.find || (!isPaused && this.#answer.stamp !== stamp)
    if (!isBlank && !isNew) return
    const span = { from: Math.max(0, from - readAheadRows), to: to + readAheadRows }
    this.#asks.want({ asked: { ...ask, ...span, rests: isPaused }, stamp }, { isUrgent: isBlank })
  }

  #covers(from: number, to: number): boolean {
    if (!this.#answer) return false
    const { sorted } = this.#answer
    return from >= sorted.from && Math.min(to, sorted.total) <= sorted.from + sorted.rows.length
  }

  protected override watched(): void {
    this.#asks.resume()
  }

  protected override unwatched(): void {
    this.#asks.stop()
  }
}

function isSameOrder(one: Pick<SortedAsk, 'by' | 'descending' | 'since'>, other: typeof one): boolean {
  return one.by === other.by && one.descending === other.descending && one.since === other.since
}
