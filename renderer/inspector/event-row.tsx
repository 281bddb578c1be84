import { memo, type ReactNode } from 'react'
import type { Direction } from '../../proxy-core/contract/messages.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import { rowClass } from '../exchanges/row-window.tsx'
import type { Column } from '../exchanges/table-columns.ts'
import { cx } from '../parts/cx.ts'
import type { TimeFormat } from '../state/view-store.ts'
import { formatAge, formatBytes, formatDayClock, formatDuration } from '../text.ts'
import type { EventColumnId } from './event-columns.ts'
import { formatTime } from './format-time.ts'
import { directionWords, messageLine } from './message-words.ts'
import { heldFromMs } from './strip-geometry.ts'
import { visibleLine } from './visible-text.ts'

export interface EventRowProps {
  readonly id: string
  /** Its place in the table: the number of the row, or its rank where rows are sorted otherwise. */
  readonly place: number
  /** The number of the row; not there while it is being found. */
  readonly index: number | undefined
  /** Not there while it is being fetched. */
  readonly row: Row | undefined
  readonly columns: readonly Column<EventColumnId>[]
  readonly mark: 'selected' | 'hovered' | null
  /** A search found it. */
  readonly isMatch?: boolean
  /** The time for a row that is still held; null when it has left, or never will. */
  readonly now: number | null
  /** What has not left is kept back by a fault on purpose, and not by the hold. */
  readonly isKeptByFault?: boolean
  readonly times: RowTimes
}

/** How the times of a row are written. */
export interface RowTimes {
  readonly format: TimeFormat
  /** When the exchange began. */
  readonly startedAt: number
}

/** One event with its two clocks. */
export const EventRow = memo(function EventRow({
  id,
  place,
  index,
  row,
  columns,
  mark,
  isMatch = false,
  now,
  isKeptByFault = false,
  times,
}: EventRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={mark === 'selected'}
      data-key={place}
      className={cx(
        rowClass,
        'font-mono text-11',
        isMatch && 'shadow-[inset_3px_0_0_var(--focus)]',
        mark === 'selected' ? 'bg-sel' : mark === 'hovered' ? 'bg-raised' : 'hover:bg-raised',
      )}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" className={cx('min-w-0 truncate', column.alignsEnd && 'text-right')}>
          {column.id === 'index' ? (
            <span className="text-mute">{index !== undefined && index + 1}</span>
          ) : (
            row && cellOf(column.id, row, { now, isKeptByFault, times })
          )}
        </span>
      ))}
    </div>
  )
})

function cellOf(
  column: Exclude<EventColumnId, 'index'>,
  row: Row,
  { now, isKeptByFault, times }: Required<Pick<EventRowProps, 'now' | 'isKeptByFault' | 'times'>>,
): ReactNode {
  switch (column) {
    case 'to':
      return row.message && <DirectionCell direction={row.message.direction} />
    case 'type':
      if (row.message?.opcode) return <span className={isQuiet(row) ? 'text-mute' : undefined}>{row.message.opcode}</span>
      return row.type === 'event' ? <Name text={visibleLine(row.eventType)} /> : <i className="text-mute">{row.type}</i>
    case 'id':
      return row.eventId !== null && <Name text={visibleLine(row.eventId)} tone="text-mute" />
    case 'data':
      if (!row.isKept) return <i className="text-mute">not kept: capture was stopped</i>
      if (row.message ? row.bytes === 0 : row.type === 'event' && row.preview === '') return <i className="text-mute">empty</i>
      return (
        <span className={isQuiet(row) ? 'text-mute' : undefined}>
          {visibleLine(row.message ? messageLine(row.message, row.preview) : row.preview)}
        </span>
      )
    case 'bytes':
      return <span className="text-mute">{formatBytes(row.bytes)}</span>
    case 'arrived':
      return <Time at={row.arrivedAt} times={times} />
    case 'left':
      if (row.leftAt !== null) return <Time at={row.leftAt} times={times} />
      if (now === null) return <span className="font-sans text-mute">never left</span>
      return isKeptByFault ? <span className="font-sans text-bad">kept by a fault</span> : <span className="font-sans text-held">held</span>
    case 'held':
      return <HeldCell row={row} now={now} isKeptByFault={isKeptByFault} />
    case 'gap':
      return <span className="text-mute">{row.gapMs === null ? '' : formatDuration(row.gapMs)}</span>
    default:
      return column satisfies never
  }
}

/** It says nothing: it keeps a stream in use, or a connection alive. */
function isQuiet({ type, message }: Row): boolean {
  return type === 'comment' || type === 'fields' || message?.opcode === 'ping' || message?.opcode === 'pong'
}

function DirectionCell({ direction }: { direction: Direction }) {
  const { arrow, short, long } = directionWords[direction]
  return (
    <span title={`Goes ${long}`} className="font-sans">
      <span aria-hidden="true" className={cx('mr-1 font-mono', direction === 'toUpstream' ? 'text-text' : 'text-flow')}>
        {arrow}
      </span>
      <span className="text-mute">{short}</span>
    </span>
  )
}

/** A type or an id, which a narrow column cuts. */
function Name({ text, tone }: { text: string; tone?: string }) {
  return (
    <span className={tone} title={text}>
      {text}
    </span>
  )
}

function Time({ at, times: { format, startedAt } }: { at: number; times: RowTimes }) {
  return <span title={formatDayClock(at)}>{formatTime(at, format, startedAt)}</span>
}

function HeldCell({ row, now, isKeptByFault }: { row: Row; now: number | null; isKeptByFault: boolean }) {
  const until = row.leftAt ?? now
  if (until === null) return null
  const heldMs = Math.max(0, until - row.arrivedAt)
  const isHeld = row.leftAt === null || heldMs >= heldFromMs
  return (
    <span className="flex items-center gap-2">
      <span
        className={cx(
          'w-[3.25rem] shrink-0 text-right',
          isHeld ? (isKeptByFault && row.leftAt === null ? 'text-bad' : 'text-held') : 'text-mute',
        )}
      >
        {row.leftAt === null ? formatAge(heldMs) : formatDuration(heldMs)}
      </span>
      {isHeld && (
        <span className="h-2 min-w-0 flex-1">
          <span
            className={cx(
              'block h-full rounded-[2px]',
              row.leftAt !== null ? 'bg-held opacity-85' : isKeptByFault ? 'border border-bad' : 'border border-held',
            )}
            style={{ width: `clamp(2px, calc(${Math.round(heldMs)} / var(--longest) * 100%), 100%)` }}
          />
        </span>
      )}
    </span>
  )
}
