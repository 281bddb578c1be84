import type { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import type { ExchangeFilter } from './exchange-filter.ts'

/** What the list shows, and out of how many. */
export interface VisibleExchanges {
  /** Newest first. */
  readonly shown: readonly Exchange[]
  readonly total: number
  /** Not all were looked at yet for want of time; another round goes on. */
  readonly isPartial: boolean
}

/** A pass that takes longer than this leaves the rest to the next. */
const passMs = 8

/**
 * Filters exchanges as often as they change, but looks at each one only when what a filter sees of it changed:
 * 10,000 exchanges of which 30 move cost 30 looks.
 */
export class ExchangeSieve {
  readonly #filter: ExchangeFilter | null
  readonly #routeNames: ReadonlyMap<RouteId, string>
  readonly #isTimed: boolean
  readonly #answers = new Map<number, { readonly exchange: Exchange; readonly isShown: boolean }>()

  /** `isTimed`: the filter's answer about an open exchange can change by time alone. */
  constructor(filter: ExchangeFilter | null, routeNames: ReadonlyMap<RouteId, string>, isTimed = false) {
    this.#filter = filter
    this.#routeNames = routeNames
    this.#isTimed = isTimed
  }

  /** The exchanges of the log that the filter lets through. */
  sift(log: ExchangeLog): VisibleExchanges {
    const shown: Exchange[] = []
    const until = performance.now() + passMs
    let looks = 0
    let isPartial = false
    for (const exchange of log.values()) {
      const isKnown = this.#filter === null || this.#answers.get(exchange.id)?.exchange === exchange
      // The clock is read now and then: reading it costs as much as a look.
      if (!isKnown && looks++ % 32 === 31 && performance.now() > until) isPartial = true
      if (isPartial && !isKnown ? this.#answers.get(exchange.id)?.isShown : this.shows(exchange)) shown.push(exchange)
    }
    if (this.#answers.size > log.size * 2) this.#answers.clear()
    return { shown: shown.toReversed(), total: log.size, isPartial }
  }

  /** Whether the filter lets an exchange through. */
  shows(exchange: Exchange): boolean {
    if (!this.#filter) return true
    const known = this.#answers.get(exchange.id)
    // An exchange that changed is another object.
    if (known?.exchange === exchange && !(this.#isTimed && exchange.state === 'open')) return known.isShown
    const routeName = exchange.routeId === null ? '' : (this.#routeNames.get(exchange.routeId) ?? '')
    const isShown = this.#filter({ exchange, routeName, now: Date.now() })
    this.#answers.set(exchange.id, { exchange, isShown })
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
