import type { TimeFormat } from '../state/view-store.ts'
import type { Column } from '../exchanges/table-columns.ts'

export type EventColumnId = 'index' | 'type' | 'id' | 'data' | 'bytes' | 'arrived' | 'left' | 'held' | 'gap'

const columns: readonly Column<EventColumnId>[] = [
  { id: 'index', title: '#', sorts: true, widthPx: 50, alignsEnd: true },
  { id: 'type', title: 'Type', widthPx: 70, rank: 5 },
  { id: 'id', title: 'Id', widthPx: 52, rank: 4 },
  { id: 'data', title: 'Data', widthPx: 150, grows: true },
  { id: 'bytes', title: 'Size', sorts: true, widthPx: 54, alignsEnd: true, rank: 1 },
  { id: 'arrived', title: 'Arrived', sorts: true, widthPx: 88, alignsEnd: true, rank: 6 },
  { id: 'left', title: 'Left', widthPx: 88, alignsEnd: true, rank: 3 },
  { id: 'held', title: 'Held', sorts: true, widthPx: 122 },
  { id: 'gap', title: 'Gap', sorts: true, widthPx: 60, alignsEnd: true, rank: 2 },
]

const timePx: Record<TimeFormat, number> = { compact: 88, full: 160, relative: 88 }

/** The columns of the event list, with room for its times; where there is none, size, gap and left go first. */
export const eventColumns: Readonly<Record<TimeFormat, readonly Column<EventColumnId>[]>> = {
  compact: columnsFor('compact'),
  full: columnsFor('full'),
  relative: columnsFor('relative'),
}

/** What the rows of a body are called, one and many. */
export const rowNouns = {
  event: { one: 'event', many: 'Events' },
  line: { one: 'line', many: 'Lines' },
  chunk: { one: 'chunk', many: 'Chunks' },
  message: { one: 'message', many: 'Messages' },
} as const

function columnsFor(format: TimeFormat): readonly Column<EventColumnId>[] {
  return columns.map((column) => (column.id === 'arrived' || column.id === 'left' ? { ...column, widthPx: timePx[format] } : column))
}
