import type { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import type { ExchangeChanges } from '../state/exchange-changes.ts'
import type { ExchangeFilter } from './exchange-filter.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

/** What the list shows, and out of how many. */
export interface VisibleExchanges {
  /** Newest first. */
  readonly shown: readonly Exchange[]
  /** Some of them are open, and their times run. */
  readonly hasOpen: boolean
  readonly total: number
  /** Not all were looked at yet for want of time; another round goes on. */
  readonly isPartial: boolean
}

/** A pass that takes longer than this leaves the rest to the next. */
const passMs = 8
/** When more than this changed at once, looking at everything is less work. */
const fewChanges = 500

/**
 * Filters exchanges as often as they change, but looks at each one only when what a filter sees of it changed, and goes through all of
 * them only at first: 10,000 exchanges of which 30 move cost 30 looks.
 */
export class ExchangeSieve {
  readonly #filter: ExchangeFilter | null
  readonly #routeNames: ReadonlyMap<RouteId, string>
  readonly #isTimed: boolean
  readonly #answers = new Map<number, { readonly exchange: Exchange; readonly isShown: boolean }>()
  /** What is shown, oldest first, as of a number of changes. */
  #shown: Exchange[] = []
  #openShown = 0
  #changes: ExchangeChanges | null = null
  #seenTo = 0
  #view: VisibleExchanges | null = null

  /** `isTimed`: the filter's answer about an open exchange can change by time alone. */
  constructor(filter: ExchangeFilter | null, routeNames: ReadonlyMap<RouteId, string>, isTimed = false) {
    this.#filter = filter
    this.#routeNames = routeNames
    this.#isTimed = isTimed
  }

  /** The exchanges of the log that the filter lets through; the same object again while nothing of it has changed. */
  sift(log: ExchangeLog, changes: ExchangeChanges): VisibleExchanges {
    const isGoingOn = !this.#isTimed && this.#changes === changes && this.#view?.isPartial === false
    const changed = isGoingOn ? changes.since(this.#seenTo) : null
    this.#changes = changes
    this.#seenTo = changes.end
    if (changed === null || changed.size > fewChanges) return this.#siftAll(log)
    let hasChanged = this.#view?.total !== log.size
    for (const id of changed) hasChanged = this.#place(id, log.get(id)) || hasChanged
    return hasChanged || this.#view === null ? this.#look(log, false) : this.#view
  }

  /** Whether the filter lets an exchange through. */
  shows(exchange: Exchange): boolean {
    if (!this.#filter) return true
    const known = this.#answers.get(exchange.id)
    // An exchange that changed is another object.
    if (known?.exchange === exchange && !(this.#isTimed && exchange.state === 'open')) return known.isShown
    const routeName = exchange.routeId === null ? '' : (this.#routeNames.get(exchange.routeId) ?? '')
    const isShown = this.#filter({ exchange, routeName, now: gatewayNow() })
    this.#answers.set(exchange.id, { exchange, isShown })
    return isShown
  }

  #siftAll(log: ExchangeLog): VisibleExchanges {
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
    this.#shown = shown
    this.#openShown = shown.reduce((count, { state }) => count + (state === 'open' ? 1 : 0), 0)
    return this.#look(log, isPartial)
  }

  /** Puts one exchange where it belongs, or takes it out; whether anything changed by that. */
  #place(id: number, exchange: Exchange | undefined): boolean {
    if (exchange === undefined) this.#answers.delete(id)
    const isShown = exchange !== undefined && this.shows(exchange)
    const at = indexFromOldest(this.#shown, id)
    const before = this.#shown[at]?.id === id ? this.#shown[at] : undefined
    if (before === exchange || (before === undefined && !isShown)) return false
    this.#openShown += (isShown && exchange.state === 'open' ? 1 : 0) - (before?.state === 'open' ? 1 : 0)
    this.#shown.splice(at, before === undefined ? 0 : 1, ...(isShown ? [exchange] : []))
    return true
  }

  #look(log: ExchangeLog, isPartial: boolean): VisibleExchanges {
    this.#view = { shown: this.#shown.toReversed(), hasOpen: this.#openShown > 0, total: log.size, isPartial }
    return this.#view
  }
}

function indexFromOldest(oldestFirst: readonly Exchange[], id: number): number {
  // What is new comes last.
  if ((oldestFirst.at(-1)?.id ?? -1) < id) return oldestFirst.length
  let low = 0
  let high = oldestFirst.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((oldestFirst[middle]?.id ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
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
