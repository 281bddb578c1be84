import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { verdictLabel } from '../text.ts'
import { readFilterTerms, type FilterKey, type FilterState, type FilterTerm, type Wanted } from './filter-terms.ts'

/** What a filter looks at: an exchange, and what its route is called. */
export interface Filterable {
  readonly exchange: Exchange
  readonly routeName: string
  /** The time, for what is still going on. */
  readonly now: number
}

/** Whether an exchange is to be shown. */
export type ExchangeFilter = (candidate: Filterable) => boolean

/** A filter as it was read. */
export interface ReadFilter {
  readonly terms: readonly FilterTerm[]
  /** Null shows everything. */
  readonly filter: ExchangeFilter | null
  /** Its answer can change by time alone. */
  readonly isTimed: boolean
}

/**
 * Reads a filter as it is typed. All terms must hold; of one key that is given twice, as in `status:404 status:500`, one is enough,
 * unless it compares: `events:>10 events:<99` is a range. A term that cannot be read hides nothing.
 */
export function readExchangeFilter(text: string): ReadFilter {
  const terms = readFilterTerms(text)
  const groups = new Map<string, FilterTerm[]>()
  terms.forEach((term, index) => {
    if (term.wanted === null) return
    const group = groupOf(term, term.wanted) ?? `alone ${index}`
    groups.set(group, [...(groups.get(group) ?? []), term])
  })
  const isTimed = terms.some(({ key }) => key === 'held' || key === 'duration')
  if (groups.size === 0) return { terms, filter: null, isTimed }
  const all = [...groups.values()]
  const filter: ExchangeFilter = (candidate) => all.every((group) => group.some((term) => holds(term, candidate)))
  return { terms, filter, isTimed }
}

/** Shows what both of two filters show; null shows everything. */
export function bothFilters(one: ExchangeFilter | null, other: ExchangeFilter | null): ExchangeFilter | null {
  if (!one || !other) return one ?? other
  return (candidate) => one(candidate) && other(candidate)
}

/** Shows the exchanges of one route; null shows those of all. */
export function routeFilter(id: RouteId | null): ExchangeFilter | null {
  return id === null ? null : ({ exchange }) => exchange.routeId === id
}

/** Terms of one group stand in for each other; null is a term that must hold by itself. */
function groupOf(term: FilterTerm, wanted: Wanted): string | null {
  if (term.isNegated || term.key === null) return null
  if (wanted.kind === 'state') return wanted.state === 'held' || wanted.state === 'pinned' ? null : 'state'
  return wanted.kind === 'text' || term.key === 'status' ? term.key : null
}

function holds({ isNegated, wanted }: FilterTerm, candidate: Filterable): boolean {
  return wanted === null || isNegated !== fits(wanted, candidate)
}

function fits(wanted: Wanted, { exchange, routeName, now }: Filterable): boolean {
  switch (wanted.kind) {
    case 'state':
      return isIn(wanted.state, exchange)
    case 'number':
      return fitsNumber(wanted, exchange, now)
    case 'text':
      return textsOf(wanted.key, exchange, routeName).some((text) => text !== '' && wanted.has(text))
    default:
      return wanted satisfies never
  }
}

function isIn(state: FilterState, exchange: Exchange): boolean {
  if (state === 'held') return exchange.heldBytes > 0
  return state === 'pinned' ? exchange.isPinned : exchange.state === state
}

function fitsNumber(wanted: Extract<Wanted, { kind: 'number' }>, exchange: Exchange, now: number): boolean {
  const { key } = wanted
  if (key === 'status') return exchange.status !== null && wanted.fits(exchange.status)
  if (key === 'held') return wanted.fits(longestHeldMs(exchange, now))
  if (key === 'duration') return wanted.fits((exchange.endedAt ?? now) - exchange.startedAt)
  return wanted.fits(key === 'events' ? exchange.events : exchange.arrivedBytes)
}

function longestHeldMs({ verdict, oldestHeldAt }: Exchange, now: number): number {
  const before = verdict.type === 'held' || verdict.type === 'passes' ? verdict.longestHeldMs : 0
  return Math.max(before, oldestHeldAt === null ? 0 : now - oldestHeldAt)
}

function textsOf(key: FilterKey | null, exchange: Exchange, routeName: string): readonly string[] {
  const { routeId, method, target, host, contentType, verdict, status } = exchange
  if (key === 'route') return [routeId ?? '', routeName]
  if (key === 'method') return [method]
  if (key === 'path') return [target]
  if (key === 'host') return [host]
  if (key === 'type') return [contentType ?? '']
  if (key === 'verdict') return [verdict.type, verdictLabel(verdict).words]
  return [method, target, host, String(status ?? ''), routeId ?? '', routeName]
}
