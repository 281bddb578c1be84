import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { invoke } from '../gateway.ts'
import { useNow } from '../state/clock.ts'
import { SortedReader, type RowSorting } from './sorted-reader.ts'

/** What of the sorted rows is on screen. */
export interface SortedView {
  readonly sorting: RowSorting | null
  /** The first row that is shown at all. */
  readonly since: number
  readonly span: RowSpan
  readonly selected: number | null
  readonly isPaused: boolean
}

/** The rows of an exchange in another order than that of arrival, kept up to date while they are on screen. */
export function useSortedRows(exchange: Exchange, view: SortedView): SortedReader {
  const { id, rows, leftRows, forgottenRows, state } = exchange
  const { sorting, since, span, selected, isPaused } = view
  const [reader] = useState(() => new SortedReader((ask) => invoke('exchange.sorted', { id, ...ask })))
  useSyncExternalStore(reader.subscribe, reader.version)
  // What is still here is held for longer with every moment.
  const ages = sorting?.by === 'held' && state === 'open' && leftRows < rows && !isPaused
  const now = useNow(ages, 500)
  const stamp = [rows, leftRows, forgottenRows, state, ages ? now : ''].join()
  const { by, descending } = sorting ?? {}
  const { from, to } = span

  useEffect(() => {
    if (by === undefined || descending === undefined) reader.see(null)
    else reader.see({ by, descending, since, from, to, find: selected, isPaused, stamp })
  }, [reader, by, descending, since, from, to, selected, isPaused, stamp])
  return reader
}
