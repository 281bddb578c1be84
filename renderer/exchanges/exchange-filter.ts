import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'

/** What a filter looks at: an exchange, and what its route is called. */
export interface Filterable {
  readonly exchange: Pick<Exchange, 'method' | 'target' | 'status' | 'routeId'>
  readonly routeName: string
}

/** Whether an exchange is to be shown. */
export type ExchangeFilter = (candidate: Filterable) => boolean

/**
 * Reads a filter as it is typed: words that must all occur, in any order and case, in the method, path, status or route.
 * A "quoted phrase" is one word; an empty filter, null, shows everything.
 */
export function readExchangeFilter(text: string): ExchangeFilter | null {
  const words = splitWords(text)
  if (words.length === 0) return null
  return (candidate) => {
    const haystack = textOf(candidate)
    return words.every((word) => haystack.includes(word))
  }
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

function splitWords(text: string): readonly string[] {
  return Array.from(text.toLowerCase().matchAll(/"([^"]*)"?|[^\s"]+/g), ([whole, phrase]) => phrase ?? whole).filter((word) => word !== '')
}

function textOf({ exchange, routeName }: Filterable): string {
  // A line break between the fields, so that no word matches across two of them.
  return `${exchange.method}\n${exchange.target}\n${exchange.status ?? ''}\n${exchange.routeId ?? ''}\n${routeName}`.toLowerCase()
}
