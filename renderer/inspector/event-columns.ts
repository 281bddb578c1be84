import type { Column } from '../exchanges/table-columns.ts'

export type EventColumnId = 'index' | 'type' | 'id' | 'data' | 'bytes' | 'arrived' | 'left' | 'held' | 'gap'

/** The columns of the event list; where there is no room, size, gap and left go first. */
export const eventColumns: readonly Column<EventColumnId>[] = [
  { id: 'index', title: '#', widthPx: 50, alignsEnd: true },
  { id: 'type', title: 'Type', widthPx: 70, rank: 5 },
  { id: 'id', title: 'Id', widthPx: 52, rank: 4 },
  { id: 'data', title: 'Data', widthPx: 150, grows: true },
  { id: 'bytes', title: 'Size', widthPx: 54, alignsEnd: true, rank: 1 },
  { id: 'arrived', title: 'Arrived', widthPx: 88, alignsEnd: true, rank: 6 },
  { id: 'left', title: 'Left', widthPx: 88, alignsEnd: true, rank: 3 },
  { id: 'held', title: 'Held', widthPx: 122 },
  { id: 'gap', title: 'Gap', widthPx: 60, alignsEnd: true, rank: 2 },
]

/** What the rows of a body are called, one and many. */
export const rowNouns = {
  event: { one: 'event', many: 'Events' },
  line: { one: 'line', many: 'Lines' },
  chunk: { one: 'chunk', many: 'Chunks' },
} as const
