import type { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import type { ExchangeFilter } from './exchange-filter.ts'

/** What the list shows, and out of how many. */
export interface VisibleExchanges {
  /** Newest first. */
  readonly shown: readonly Exchange[]
  readonly total: number
}

/**
 * Filters exchanges as often as they change, but looks at each one only when what a filter sees of it changed:
 * 10,000 exchanges of which 30 move cost 30 looks.
 */
export class ExchangeSieve {
  readonly #filter: ExchangeFilter | null
  readonly #routeNames: ReadonlyMap<RouteId, string>
  readonly #answers = new Map<number, { readonly status: number | null; readonly isShown: boolean }>()

  constructor(filter: ExchangeFilter | null, routeNames: ReadonlyMap<RouteId, string>) {
    this.#filter = filter
    this.#routeNames = routeNames
  }

  /** The exchanges of the log that the filter lets through. */
  sift(log: ExchangeLog): VisibleExchanges {
    const shown: Exchange[] = []
    for (const exchange of log.values()) if (this.shows(exchange)) shown.push(exchange)
    if (this.#answers.size > log.size * 2) this.#answers.clear()
    return { shown: shown.toReversed(), total: log.size }
  }

  /** Whether the filter lets an exchange through. */
  shows(exchange: Exchange): boolean {
    if (!this.#filter) return true
    const known = this.#answers.get(exchange.id)
    // Of all that a filter sees, the status alone settles after the start.
    if (known?.status === exchange.status) return known.isShown
    const routeName = exchange.routeId === null ? '' : (this.#routeNames.get(exchange.routeId) ?? '')
    const isShown = this.#filter({ exchange, routeName })
    this.#answers.set(exchange.id, { status: exchange.status, isShown })
    return isShown
  }
}

/** Where an exchange is in a list that runs from the newest to the oldest; where it would be, when it is not there. */
export function indexOfExchange(newestFirst: readonly Exchange[], id: number): number {
  let low = 0
  let high = newestFirst.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((newestFirst[middle]?.id ?? 0) > id) low = middle + 1
    else high = middle
  }
  return low
}
