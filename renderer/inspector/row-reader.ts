import type { Row, RowRange } from '../../proxy-core/contract/rows.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { PacedAsk } from './paced-ask.ts'
import { RowCache } from './row-cache.ts'
import { Watched } from './watched.ts'

// 15 times a second is as fast as changing text can be read, and costs 40 % of what 60 times costs.
const leastMsBetween = 66
const cachedRows = 4096
/** Asked for beyond the screen, so that a turn of the wheel finds its rows here. */
const readAheadRows = 64

/** What is on screen of an exchange, and how far the exchange has come. */
export interface RowsSeen {
  readonly span: RowSpan
  /** How many rows the screen has room for. */
  readonly screenRows: number
  /** The screen stays at the last row. */
  readonly isFollowing: boolean
  readonly rows: number
  readonly leftRows: number
}

/**
 * Reads the rows of one exchange that are on screen, and no others. While the tail is followed, `tail` moves on only together with
 * the rows it shows, so that no frame is blank at any rate of traffic.
 */
export class RowReader extends Watched {
  readonly #cache = new RowCache(cachedRows)
  readonly #asks: PacedAsk<RowSpan, RowRange>
  #tail = 0
  #error: unknown = null

  constructor(fetchRows: (span: RowSpan) => Promise<RowRange>) {
    super()
    this.#asks = new PacedAsk({
      ask: fetchRows,
      leastMsBetween,
      take: (range, asked) => {
        this.#cache.put(range.rows, range.leftRows)
        this.#tail = Math.max(this.#tail, Math.min(asked.to, range.total))
        this.#error = null
        this.changed()
      },
      fail: (error) => {
        this.#error = error
        this.changed()
      },
    })
  }

  /** How many rows there are for someone who follows the tail. */
  get tail(): number {
    return this.#tail
  }

  /** Why the last fetch failed, or null. */
  get error(): unknown {
    return this.#error
  }

  row(index: number): Row | undefined {
    return this.#cache.get(index)
  }

  /** Fetches what is on screen and not here yet, or no longer true. */
  see({ span, screenRows, isFollowing, rows, leftRows }: RowsSeen): void {
    if (!isFollowing) this.#tail = rows
    const wanted = isFollowing ? { from: Math.max(0, rows - screenRows), to: rows } : { from: span.from, to: Math.min(span.to, rows) }
    const missing = this.#cache.missing(wanted, leftRows)
    if (!missing) {
      if (isFollowing && this.#tail !== rows) {
        this.#tail = rows
        this.changed()
      }
      this.#asks.want(null)
      return
    }
    const isBlank = !isFollowing && this.#cache.get(missing.from) === undefined && missing.from < span.to
    this.#asks.want(isBlank ? aheadOf(missing, rows) : missing, { isUrgent: isBlank })
  }

  protected override watched(): void {
    this.#asks.resume()
  }

  protected override unwatched(): void {
    this.#asks.stop()
  }
}

function aheadOf({ from, to }: RowSpan, rows: number): RowSpan {
  return { from: Math.max(0, from - readAheadRows), to: Math.min(rows, to + readAheadRows) }
}
