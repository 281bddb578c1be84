import type { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Route } from '../../proxy-core/contract/route.ts'
import { filterKeys, filterStates, readFilterTerms, type FilterKey } from './filter-terms.ts'

/** A way to go on with a filter. */
export interface FilterSuggestion {
  /** What is put in. */
  readonly words: string
  /** What it does, where the words don't say. */
  readonly hint: string
  /** The whole filter with it. */
  readonly text: string
  /** A key alone: its values come next. */
  readonly isOpen: boolean
}

const suggested = 8
/** The newest exchanges that values are taken from. */
const lookedAt = 500
const hints: Readonly<Record<FilterKey, string>> = {
  route: 'id or name; given twice, either',
  status: '404, 4xx, >=500',
  method: 'GET, POST …',
  path: 'part of the path or query, or a /pattern/',
  host: 'part of the Host',
  is: filterStates.join(', '),
  held: '>500ms: longest time that bytes were held',
  events: '>100',
  bytes: '>1mb',
  duration: '>2s',
  type: 'part of the content type',
  verdict: 'passes, held, bursty …',
}
const fixedValues: Partial<Readonly<Record<FilterKey, readonly string[]>>> = {
  is: filterStates,
  held: ['>100ms', '>500ms', '>2s'],
  events: ['>100', '>1000'],
  bytes: ['>100kb', '>1mb'],
  duration: ['>1s', '>10s', '>1m'],
  verdict: ['passes', 'held', 'client-slow', 'bursty', 'idle-gap', 'waiting', 'fault'],
}

/** What the term at the caret could become: keys first, then values that the traffic has. */
export function suggestTerms(
  text: string,
  caret: number,
  { routes, exchanges }: { routes: readonly Route[]; exchanges: ExchangeLog },
): readonly FilterSuggestion[] {
  const term = readFilterTerms(text).find(({ from, to }) => from < caret && caret <= to)
  const [from, to] = term ? [term.from, term.to] : [caret, caret]
  const [, minus = '', name, value = ''] = /^(-?)(?:([a-z]+):)?(.*)$/is.exec(text.slice(from, to)) ?? []
  const put = (words: string, hint: string, isOpen: boolean): FilterSuggestion => {
    const after = text.slice(to)
    return { words, hint, text: `${text.slice(0, from)}${words}${isOpen || after.startsWith(' ') ? '' : ' '}${after}`, isOpen }
  }
  const key = filterKeys.find((known) => known === name?.toLowerCase())
  if (key === undefined) {
    if (name !== undefined) return []
    return filterKeys.filter((known) => known.startsWith(value.toLowerCase())).map((known) => put(`${minus}${known}:`, hints[known], true))
  }
  const wanted = value.replace(/^"|"$/g, '').toLowerCase()
  return valuesOf(key, routes, exchanges)
    .filter((known) => known.toLowerCase().includes(wanted) && known !== value)
    .slice(0, suggested)
    .map((known) => put(`${minus}${key}:${/[\s"]/.test(known) ? `"${known.replaceAll('"', '')}"` : known}`, '', false))
}

function valuesOf(key: FilterKey, routes: readonly Route[], exchanges: ExchangeLog): readonly string[] {
  const fixed = fixedValues[key]
  if (fixed) return fixed
  if (key === 'route') return routes.map((route) => route.id)
  const seen = new Map<string, number>()
  const newest = [...exchanges.values()].slice(-lookedAt)
  for (const exchange of newest) {
    const value = {
      status: exchange.status === null ? '' : String(exchange.status),
      method: exchange.method,
      path: exchange.target.replace(/\?.*$/, ''),
      host: exchange.host,
      type: exchange.contentType?.replace(/;.*$/, '') ?? '',
    }[key as string]
    if (value !== undefined && value !== '' && value.length <= 80) seen.set(value, (seen.get(value) ?? 0) + 1)
  }
  const known = [...seen].sort((one, other) => other[1] - one[1]).map(([value]) => value)
  return key === 'status' ? [...known, '4xx', '5xx', '>=500'] : known
}
