import { Pin } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { cx } from '../parts/cx.ts'
import { Tag } from '../parts/tag.tsx'
import { OriginTag } from './origin-tag.tsx'
import { exchangeLabel, formatBytes, formatClock, formatDayClock, formatDuration, formatShortCount, plural } from '../text.ts'
import type { ExchangeColumnId } from './exchange-columns.ts'
import { lifetimeMs, verdictEvidence } from './exchange-words.ts'
import { MiddleElided } from './middle-elided.tsx'
import { rowClass } from './row-window.tsx'
import type { Column } from './table-columns.ts'

export interface ExchangeRowProps {
  readonly id: string
  readonly index: number
  readonly exchange: Exchange
  readonly routeName: string
  readonly columns: readonly Column<ExchangeColumnId>[]
  readonly isSelected: boolean
  /** Ticks for an exchange that is open; for others it stays, so that they are not drawn again. */
  readonly now: number
}

/** One exchange in the list. */
export const ExchangeRow = memo(function ExchangeRow({ id, index, exchange, routeName, columns, isSelected, now }: ExchangeRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-key={exchange.id}
      className={cx(rowClass, 'text-12', isSelected ? 'bg-sel' : 'hover:bg-raised')}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" className={cx('min-w-0', column.alignsEnd && 'truncate text-right font-mono text-11')}>
          {cellOf(column.id, exchange, routeName, now)}
        </span>
      ))}
    </div>
  )
})

function cellOf(column: ExchangeColumnId, exchange: Exchange, routeName: string, now: number): ReactNode {
  switch (column) {
    case 'method':
      return <span className="block truncate font-mono text-11">{exchange.method}</span>
    case 'path':
      return exchange.isPinned ? (
        <span className="flex min-w-0 items-center gap-1.5">
          <Pin size={11} className="shrink-0 fill-current text-text" role="img" aria-label="pinned" />
          <MiddleElided text={exchange.target} className="font-mono text-11" />
        </span>
      ) : (
        <MiddleElided text={exchange.target} className="font-mono text-11" />
      )
    case 'status':
      return <span className={cx('font-mono text-11', statusTone(exchange.status))}>{exchange.status ?? '–'}</span>
    case 'state':
      return <StateTag exchange={exchange} now={now} />
    case 'route':
      return <span className="block truncate text-mute">{routeName === '' ? 'no route' : routeName}</span>
    case 'started':
      return (
        <span className="text-mute" title={formatDayClock(exchange.startedAt)}>
          {formatClock(exchange.startedAt)}
        </span>
      )
    case 'duration':
      return <span className="text-mute">{formatDuration(lifetimeMs(exchange, now))}</span>
    case 'events':
      return <RowCount exchange={exchange} />
    case 'bytes':
      return <Amount value={exchange.arrivedBytes} text={formatBytes(exchange.arrivedBytes)} />
    case 'held':
      return <Amount value={exchange.heldBytes} text={formatBytes(exchange.heldBytes)} tone="text-held" />
    default:
      return column satisfies never
  }
}

function StateTag({ exchange, now }: { exchange: Exchange; now: number }) {
  const { words, tone } = exchangeLabel(exchange, now)
  return (
    <span className="flex min-w-0 gap-1" title={verdictEvidence(exchange, now).join('\n')}>
      <Tag tone={tone}>{words}</Tag>
      <OriginTag origin={exchange.origin} />
    </span>
  )
}

/** How many events came; of a body that has none, how many of what it has instead. */
function RowCount({ exchange: { events, rowKind } }: { exchange: Exchange }) {
  const unit = rowKind === null || rowKind === 'event' || events === 0 ? '' : ` ${rowKind}${events === 1 ? '' : 's'}`
  return (
    // Where there is no room for it the unit wraps out of sight, and the number stands where the others do.
    <span className="flex h-[1lh] flex-wrap justify-end gap-x-[3px] overflow-hidden" title={plural(events, rowKind ?? 'event')}>
      <Amount value={events} text={formatShortCount(events)} />
      {unit !== '' && <span className="font-sans text-faint">{unit}</span>}
    </span>
  )
}

function Amount({ value, text, tone = 'text-text' }: { value: number; text: string; tone?: string }) {
  return <span className={value === 0 ? 'text-faint' : tone}>{value === 0 ? '0' : text}</span>
}

function statusTone(status: number | null): string {
  if (status === null) return 'text-faint'
  return status >= 500 ? 'text-bad' : 'text-text'
}
