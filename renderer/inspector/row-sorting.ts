import type { RowOrder } from '../../proxy-core/contract/timing.ts'
import type { EventColumnId } from './event-columns.ts'
import type { RowSorting } from './sorted-reader.ts'

const ordersOfColumns: Partial<Record<EventColumnId, RowOrder>> = {
  index: 'arrival',
  arrived: 'arrival',
  held: 'held',
  bytes: 'bytes',
  gap: 'gap',
}

/** How a column's rows are sorted now; null for a column that they are not sorted by. */
export function directionOf(column: EventColumnId, sorting: RowSorting | null): 'ascending' | 'descending' | null {
  if (sorting === null) return column === 'index' ? 'ascending' : null
  // Number and arrival give the same order; one of them says so.
  const shown = sorting.by === 'arrival' ? column === 'index' : ordersOfColumns[column] === sorting.by
  if (!shown) return null
  return sorting.descending ? 'descending' : 'ascending'
}

/** The order after a column's title was pressed: the largest first, then the smallest, then that of arrival again, which is null. */
export function sortingAfter(column: EventColumnId, sorting: RowSorting | null): RowSorting | null {
  const by = ordersOfColumns[column]
  if (by === undefined) return sorting
  if (by === 'arrival') return sorting === null ? { by, descending: true } : null
  if (sorting?.by !== by) return { by, descending: true }
  return sorting.descending ? { by, descending: false } : null
}

/** An order in words. */
export function sortingWords({ by, descending }: RowSorting): string {
  return words[by][descending ? 0 : 1]
}

const words: Record<RowOrder, readonly [string, string]> = {
  arrival: ['Newest first', 'Oldest first'],
  held: ['Longest held first', 'Shortest held first'],
  bytes: ['Largest first', 'Smallest first'],
  gap: ['Longest gap first', 'Shortest gap first'],
}
