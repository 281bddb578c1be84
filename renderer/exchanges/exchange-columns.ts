import type { Column } from './table-columns.ts'

export type ExchangeColumnId = 'method' | 'path' | 'status' | 'state' | 'route' | 'started' | 'duration' | 'events' | 'bytes' | 'held'

/** The columns of the exchange list; where there is no room, the numbers that say least go first. */
export const exchangeColumns: readonly Column<ExchangeColumnId>[] = [
  { id: 'method', title: 'Method', widthPx: 52, rank: 8 },
  { id: 'path', title: 'Path', widthPx: 150, grows: true },
  { id: 'status', title: 'Status', widthPx: 42, rank: 7 },
  { id: 'state', title: 'State', widthPx: 172, widestPx: 236 },
  { id: 'route', title: 'Route', widthPx: 96, widestPx: 220, rank: 4 },
  { id: 'started', title: 'Started', widthPx: 62, alignsEnd: true, rank: 3 },
  { id: 'duration', title: 'Duration', widthPx: 76, alignsEnd: true, rank: 1 },
  { id: 'events', title: 'Events', widthPx: 76, widestPx: 104, alignsEnd: true, rank: 6 },
  { id: 'bytes', title: 'Bytes', widthPx: 66, alignsEnd: true, rank: 2 },
  { id: 'held', title: 'Held', widthPx: 66, alignsEnd: true, rank: 5 },
]
