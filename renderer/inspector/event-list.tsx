import { useCallback, type Ref } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { RowWindow, type RowWindowHandle } from '../exchanges/row-window.tsx'
import type { RowSpan } from '../exchanges/row-range.ts'
import { useNow } from '../state/clock.ts'
import { eventColumns } from './event-columns.ts'
import { EventRow } from './event-row.tsx'
import type { RowReader } from './row-reader.ts'

export interface EventListProps {
  readonly exchange: Exchange
  readonly reader: RowReader
  /** The first row that is shown, and the one after the last. */
  readonly rows: RowSpan
  /** Those of them that are on screen, counted from the first that is shown. */
  readonly span: RowSpan
  readonly opensAtStart: boolean
  readonly pausedAt: number | null
  readonly selected: number | null
  readonly hovered: number | null
  readonly onSelect: (index: number) => void
  readonly onHover: (index: number | null) => void
  readonly onOpen: () => void
  readonly onClose: () => void
  readonly onSpan: (span: RowSpan, screenRows: number) => void
  readonly onFollow: (isFollowing: boolean) => void
  readonly ref?: Ref<RowWindowHandle>
}

/** The events of a stream as a table. Rows are known by their number in the stream, so that those forgotten at the head move nothing. */
export function EventList({ ref, ...props }: EventListProps) {
  const { exchange, reader, rows, span, pausedAt, selected, hovered } = props
  const isOpen = exchange.state === 'open'
  const ticking = useNow(isOpen && pausedAt === null && exchange.leftRows < exchange.rows, 100)
  const now = isOpen ? (pausedAt ?? ticking) : null
  const keyAt = useCallback((index: number) => rows.from + index, [rows.from])
  const indexOf = useCallback(
    (key: number) => Math.min(Math.max(0, key - rows.from), Math.max(0, rows.to - rows.from - 1)),
    [rows.from, rows.to],
  )
  const longestMs = longestHeldMs(reader, { from: rows.from + span.from, to: rows.from + span.to }, now)

  return (
    <div className="h-full" style={{ '--longest': Math.max(1, Math.round(longestMs)) }}>
      <RowWindow
        {...(ref === undefined ? {} : { ref })}
        label="Events, oldest first"
        columns={eventColumns}
        table="events"
        count={rows.to - rows.from}
        rowPx={24}
        keyAt={keyAt}
        indexOf={indexOf}
        growsAt="end"
        opensAtStart={props.opensAtStart}
        onFollow={props.onFollow}
        selectedKey={selected}
        onSelect={props.onSelect}
        onOpen={props.onOpen}
        onClose={props.onClose}
        onHover={props.onHover}
        onSpan={props.onSpan}
        className="bg-panel"
      >
        {(offset, columns, rowId) => {
          const index = rows.from + offset
          const row = reader.row(index)
          return (
            <EventRow
              key={index}
              id={rowId(index)}
              index={index}
              row={row}
              columns={columns}
              mark={index === selected ? 'selected' : index === hovered ? 'hovered' : null}
              now={row?.leftAt === null ? now : null}
            />
          )
        }}
      </RowWindow>
    </div>
  )
}

/** The longest that a row on screen was held, or has been so far: what the bars are relative to. */
function longestHeldMs(reader: RowReader, { from, to }: RowSpan, now: number | null): number {
  let longest = 0
  for (let index = from; index < to; index++) {
    const row = reader.row(index)
    const until = row?.leftAt ?? now
    if (row && until !== null) longest = Math.max(longest, until - row.arrivedAt)
  }
  return longest
}
