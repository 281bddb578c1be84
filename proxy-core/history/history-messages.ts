import type { ErrorReport } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { HistoryHit, HistoryKey, HistoryQuery } from '../contract/history.ts'
import type { StoredBodies, StoredContent, StoredExchange } from './history-database.ts'

/** What the thread of the history is started with. */
export interface HistoryThreadData {
  /** The folder that the file lies in, which is the history's own. */
  readonly folder: string
  readonly limits: HistoryLimits
}

/** How much the history keeps, and for how long. */
export interface HistoryLimits {
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** Gateway to history. One that has an `ask` is answered with the same number. */
export type HistoryRequest =
  | { readonly type: 'save'; readonly stored: StoredExchange; readonly bodies: StoredBodies }
  /** The exchanges that were listed last are taken in: the next ones may come. */
  | { readonly type: 'more' }
  | { readonly type: 'pin'; readonly key: HistoryKey; readonly isPinned: boolean }
  | { readonly type: 'unlist'; readonly keys: readonly HistoryKey[] }
  | { readonly type: 'limit'; readonly limits: HistoryLimits }
  | { readonly type: 'load'; readonly ask: number; readonly key: HistoryKey }
  | { readonly type: 'search'; readonly ask: number; readonly query: HistoryQuery }
  | { readonly type: 'forget'; readonly ask: number; readonly keys: readonly HistoryKey[] | 'all' }
  | { readonly type: 'close'; readonly ask: number }

/** History to gateway. */
export type HistoryReport =
  | { readonly type: 'opened'; readonly nextKey: number; readonly keptAside: string | null }
  | { readonly type: 'listed'; readonly exchanges: readonly ListedExchange[]; readonly isLast: boolean }
  /** It can't go on; a file that can't be read was put aside. */
  | { readonly type: 'failed'; readonly problem: ErrorReport; readonly keptAside: string | null }
  /** Exchanges that are kept from now on, whatever happens to the gateway. */
  | { readonly type: 'saved'; readonly keys: readonly HistoryKey[] }
  | { readonly type: 'unsaved'; readonly keys: readonly HistoryKey[]; readonly problem: ErrorReport }
  /** Exchanges that the limits took. */
  | { readonly type: 'dropped'; readonly keys: readonly HistoryKey[] }
  | { readonly type: 'counted'; readonly fileBytes: number; readonly exchanges: number; readonly oldestAt: number | null }
  | { readonly type: 'answer'; readonly ask: number; readonly value: StoredContent | FoundPage | null }
  | { readonly type: 'refusal'; readonly ask: number; readonly problem: ErrorReport }

/** An exchange as it was kept. */
export interface ListedExchange {
  readonly key: HistoryKey
  readonly exchange: Exchange
}

/** A page of a search, before it is known which exchanges are listed. */
export interface FoundPage {
  readonly hits: readonly Omit<HistoryHit, 'id'>[]
  readonly cursor: string | null
}
