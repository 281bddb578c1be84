import type { RowKind } from '../../proxy-core/contract/exchange.ts'
import type { Column } from '../exchanges/table-columns.ts'
import type { TimeFormat } from '../state/view-store.ts'

export type EventColumnId = 'index' | 'to' | 'type' | 'id' | 'data' | 'bytes' | 'arrived' | 'left' | 'held' | 'gap'

const columns: readonly Column<EventColumnId>[] = [
  { id: 'index', title: '#', sorts: true, widthPx: 56, alignsEnd: true },
  { id: 'type', title: 'Type', widthPx: 70, widestPx: 130, rank: 5 },
  { id: 'id', title: 'Id', widthPx: 52, widestPx: 100, rank: 4 },
  { id: 'data', title: 'Data', widthPx: 150, grows: true },
  { id: 'bytes', title: 'Size', sorts: true, widthPx: 54, alignsEnd: true, rank: 1 },
  { id: 'arrived', title: 'Arrived', sorts: true, widthPx: 88, alignsEnd: true, rank: 6 },
  { id: 'left', title: 'Left', widthPx: 88, alignsEnd: true, rank: 3 },
  { id: 'held', title: 'Held', sorts: true, widthPx: 122 },
  { id: 'gap', title: 'Gap', sorts: true, widthPx: 60, alignsEnd: true, rank: 2 },
]

const timePx: Record<TimeFormat, number> = { compact: 88, full: 160, relative: 88 }

/** Messages go two ways, have no id, and are hardly ever held. */
const messageColumns: readonly Column<EventColumnId>[] = columns.flatMap((column): Column<EventColumnId>[] => {
  if (column.id === 'id') return []
  if (column.id === 'held') return [{ ...column, widthPx: 74 }]
  return column.id === 'type'
    ? [
        { id: 'to', title: 'To', widthPx: 74 },
        { id: 'type', title: 'Type', widthPx: 52, rank: 5 },
      ]
    : [column]
})

type ByFormat = Readonly<Record<TimeFormat, readonly Column<EventColumnId>[]>>
const eventColumns: ByFormat = byFormat(columns)
const columnsOfMessages: ByFormat = byFormat(messageColumns)

/** The columns of the event list, with room for its times; where there is none, size, gap and left go first. Their table has a name, by which choices are kept. */
export function eventTable(kind: RowKind | null, format: TimeFormat): { readonly table: string; readonly columns: ByFormat[TimeFormat] } {
  return kind === 'message' ? { table: 'messages', columns: columnsOfMessages[format] } : { table: 'events', columns: eventColumns[format] }
}

/** What the rows of a body are called, one and many. */
export const rowNouns = {
  event: { one: 'event', many: 'Events' },
  line: { one: 'line', many: 'Lines' },
  chunk: { one: 'chunk', many: 'Chunks' },
  message: { one: 'message', many: 'Messages' },
} as const

function byFormat(all: readonly Column<EventColumnId>[]): ByFormat {
  return { compact: columnsFor(all, 'compact'), full: columnsFor(all, 'full'), relative: columnsFor(all, 'relative') }
}

function columnsFor(all: readonly Column<EventColumnId>[], format: TimeFormat): readonly Column<EventColumnId>[] {
  return all.map((column) => (column.id === 'arrived' || column.id === 'left' ? { ...column, widthPx: timePx[format] } : column))
}
