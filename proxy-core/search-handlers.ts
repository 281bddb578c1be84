import type { Handlers } from './contract/commands.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { readRowsAt } from './rows.ts'
import { RowSearch } from './row-search.ts'
import type { RowSource } from './row-source.ts'

/** Searches that are kept for whoever goes back to one. */
const keptSearches = 4

/** Who answers searches inside a stream. */
export function searchHandlers(store: ExchangeStore): Pick<Handlers, 'exchange.search' | 'exchange.rowsAt'> {
  const searches = new Map<string, { readonly tap: RowSource; readonly search: RowSearch }>()
  return {
    'exchange.search': ({ id, query, from }) => {
      const tap = store.rows(id)
      if (!tap) return { matches: new Uint32Array(), from: 0, total: 0, first: 0, searchedTo: 0, rows: 0, cutRows: 0 }
      const key = JSON.stringify([id, query])
      const known = searches.get(key)
      const search = known?.tap === tap ? known.search : new RowSearch(tap, query)
      searches.delete(key)
      searches.set(key, { tap, search })
      for (const [oldest, entry] of searches) {
        if (searches.size <= keptSearches) break
        entry.search.stop()
        searches.delete(oldest)
      }
      return search.read(from)
    },
    'exchange.rowsAt': ({ id, indexes }) => {
      const tap = store.rows(id)
      return tap ? readRowsAt(tap, indexes) : []
    },
  }
}
