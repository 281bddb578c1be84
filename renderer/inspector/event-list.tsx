import { useCallback, useMemo, type Ref } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import { isKeptByFault } from '../exchanges/exchange-words.ts'
import { RowWindow, type RowWindowHandle } from '../exchanges/row-window.tsx'
import type { RowSpan } from '../exchanges/row-range.ts'
import type { TableOrder } from '../exchanges/table-head.tsx'
import { useNow } from '../state/clock.ts'
import { useView } from '../state/view-store.ts'
import { eventTable, rowNouns, type EventColumnId } from './event-columns.ts'
import { EventRow } from './event-row.tsx'
import { directionOf, sortingAfter, sortingWords } from './row-sorting.ts'
import type { RowSorting } from './sorted-reader.ts'

export interface EventListProps {
  readonly exchange: Exchange
  /** Null for the order of arrival. */
  readonly sorting: RowSorting | null
  readonly onSort: (sorting: RowSorting | null) => void
  /** The row at a place, where it is here. A place is the number of the row, or its rank where rows are sorted otherwise. */
  readonly rowAt: (place: number) => Row | undefined
  /** The first place that is shown, and the one after the last. */
  readonly rows: RowSpan
  /** Those of them that are on screen, counted from the first that is shown. */
  readonly span: RowSpan
  readonly opensAtStart: boolean
  readonly pausedAt: number | null
  /** The number of the row that is selected, and its place where that is known. */
  readonly selected: number | null
  readonly selectedPlace: number | null
  readonly hovered: number | null
  /** Whether a search found a row. */
  readonly isMatch: (index: number) => boolean
  readonly onSelect: (place: number) => void
  readonly onHover: (place: number | null) => void
  readonly onOpen: () => void
  readonly onClose: () => void
  readonly onSpan: (span: RowSpan, screenRows: number) => void
  readonly onFollow: (isFollowing: boolean) => void
  readonly ref?: Ref<RowWindowHandle>
}

/** The events of a stream as a table. In the order of arrival rows are known by their number, so that those forgotten at the head move nothing. */
export function EventList({ ref, ...props }: EventListProps) {
  const { exchange, sorting, onSort, rowAt, rows, span, pausedAt, selected, hovered, isMatch } = props
  const format = useView((view) => view.timeFormat)
  const times = useMemo(() => ({ format, startedAt: exchange.startedAt }), [format, exchange.startedAt])
  const order: TableOrder<EventColumnId> = {
    directionOf: (column) => directionOf(column, sorting),
    onSort: (column) => onSort(sortingAfter(column, sorting)),
  }
  const isOpen = exchange.state === 'open'
  const ticking = useNow(isOpen && pausedAt === null && exchange.leftRows < exchange.rows, 100)
  const now = isOpen ? (pausedAt ?? ticking) : null
  const keyAt = useCallback((index: number) => rows.from + index, [rows.from])
  const indexOf = useCallback(
    (key: number) => Math.min(Math.max(0, key - rows.from), Math.max(0, rows.to - rows.from - 1)),
    [rows.from, rows.to],
  )
  const longestMs = longestHeldMs(rowAt, { from: rows.from + span.from, to: rows.from + span.to }, now)

  return (
    <div className="h-full" style={{ '--longest': Math.max(1, Math.round(longestMs)) }}>
      <RowWindow
        {...(ref === undefined ? {} : { ref })}
        label={`${rowNouns[exchange.rowKind ?? 'event'].many}, ${(sorting ? sortingWords(sorting) : 'Oldest first').toLowerCase()}`}
        order={order}
        {...eventTable(exchange.rowKind, format)}
        count={rows.to - rows.from}
        rowPx={24}
        keyAt={keyAt}
        indexOf={indexOf}
        growsAt={sorting ? 'start' : 'end'}
        opensAtStart={props.opensAtStart}
        opensAt={props.selectedPlace}
        onFollow={props.onFollow}
        selectedKey={props.selectedPlace}
        onSelect={props.onSelect}
        onOpen={props.onOpen}
        onClose={props.onClose}
        onHover={props.onHover}
        onSpan={props.onSpan}
        className="bg-panel"
      >
        {(offset, columns, rowId) => {
          const place = rows.from + offset
          const row = rowAt(place)
          const index = sorting ? row?.index : place
          return (
            <EventRow
              id={rowId(place)}
              place={place}
              index={index}
              row={row}
              columns={columns}
              mark={index === undefined ? null : index === selected ? 'selected' : index === hovered ? 'hovered' : null}
              times={times}
              isMatch={index !== undefined && isMatch(index)}
              now={row?.leftAt === null ? now : null}
              isKeptByFault={row?.leftAt === null && isKeptByFault(exchange)}
            />
          )
        }}
      </RowWindow>
    </div>
  )
}

/** The longest that a row on screen was held, or has been so far: what the bars are relative to. */
function longestHeldMs(rowAt: EventListProps['rowAt'], { from, to }: RowSpan, now: number | null): number {
  let longest = 0
  for (let index = from; index < to; index++) {
    const row = rowAt(index)
    const until = row?.leftAt ?? now
    if (row && until !== null) longest = Math.max(longest, until - row.arrivedAt)
  }
  return longest
}
