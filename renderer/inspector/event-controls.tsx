import { ArrowDownToLine, Eraser, Pause, Play, Search } from 'lucide-react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { decodeErrorWords } from '../exchanges/exchange-words.ts'
import { Button } from '../parts/button.tsx'
import { formatBytes, formatClock, formatCount, plural } from '../text.ts'
import { rowNouns } from './event-columns.ts'
import { framingFaultWords } from './message-words.ts'
import { sortingWords } from './row-sorting.ts'
import type { RowSorting } from './sorted-reader.ts'
import { TimeFormatMenu } from './time-format-menu.tsx'

export interface EventControlsProps {
  readonly exchange: Exchange
  /** Rows that came since the view was paused, or since its tail was left. */
  readonly newRows: number
  /** The last row is not in view, or would not stay there. */
  readonly isAway: boolean
  readonly isPaused: boolean
  readonly canClear: boolean
  readonly onSearch: () => void
  readonly onFollow: () => void
  readonly onPause: () => void
  readonly onClear: () => void
}

/** Follow, pause and clear for the events of one stream. */
export function EventControls({ exchange, newRows, isAway, isPaused, canClear, onSearch, onFollow, onPause, onClear }: EventControlsProps) {
  const isOpen = exchange.state === 'open'
  return (
    <>
      {isAway && (
        <Button size="small" look={isOpen ? 'primary' : 'ghost'} onClick={onFollow} title="Goes to the last row and stays there">
          <ArrowDownToLine size={12} aria-hidden="true" />
          {isOpen ? (newRows > 0 && !isPaused ? `Follow, ${formatCount(newRows)} new` : 'Follow') : 'To the end'}
        </Button>
      )}
      <TimeFormatMenu />
      {isPaused && newRows > 0 && <span className="text-12 text-text">{formatCount(newRows)} new</span>}
      <Button size="small" look="ghost" onClick={onSearch} title="Looks in all captured rows, Ctrl+F">
        <Search size={12} aria-hidden="true" />
        <span className="@max-[40rem]:sr-only">Search</span>
      </Button>
      {(isOpen || isPaused) && (
        <Button
          size="small"
          look={isPaused ? 'solid' : 'ghost'}
          aria-pressed={isPaused}
          onClick={onPause}
          title="Freezes the view; the stream and its capture go on"
        >
          {isPaused ? <Play size={12} aria-hidden="true" /> : <Pause size={12} aria-hidden="true" />}
          <span className="@max-[40rem]:sr-only">{isPaused ? 'Resume' : 'Pause'}</span>
        </Button>
      )}
      <Button size="small" look="ghost" disabled={!canClear} onClick={onClear} title="Hides the rows so far; nothing is forgotten">
        <Eraser size={12} aria-hidden="true" />
        <span className="@max-[40rem]:sr-only">Clear view</span>
      </Button>
    </>
  )
}

export interface EventNoticesProps {
  readonly exchange: Exchange
  readonly clearedRows: number
  /** Null for the order of arrival. */
  readonly sorting: RowSorting | null
  readonly hasFailed: boolean
  readonly onUndoClear: () => void
  readonly onUndoSort: () => void
}

/** What is not shown of a stream, and why. */
export function EventNotices({ exchange, clearedRows, sorting, hasFailed, onUndoClear, onUndoSort }: EventNoticesProps) {
  const { forgottenRows } = exchange
  const noun = rowNouns[exchange.rowKind ?? 'event'].one
  const hidden = clearedRows - forgottenRows
  return (
    <>
      {forgottenRows > 0 && forgottenRows < exchange.rows && (
        <p className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">
          {formatCount(forgottenRows)} older {forgottenRows === 1 ? noun : `${noun}s`} forgotten: cleared, or gone to make room. Pin an
          exchange to keep it; the stream itself goes on untouched.
        </p>
      )}
      {exchange.unkeptFrom !== null && (
        <p className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">
          Capture was stopped: what came from {formatClock(exchange.unkeptFrom)} to {formatClock(exchange.unkeptTo ?? exchange.unkeptFrom)}{' '}
          was passed on and timed, and its {formatBytes(exchange.unkeptBytes)} were not kept.
        </p>
      )}
      {hidden > 0 && (
        <p className="flex shrink-0 items-center gap-2 border-b border-line bg-bg px-3 py-0.5 text-12 text-mute">
          {plural(hidden, `earlier ${noun}`)} hidden
          <Button size="small" look="ghost" onClick={onUndoClear}>
            Undo
          </Button>
        </p>
      )}
      {sorting && (
        <p className="flex shrink-0 items-center gap-2 border-b border-line bg-bg px-3 py-0.5 text-12 text-mute">
          <span className="min-w-0 truncate">
            <b className="font-medium text-text">{sortingWords(sorting)}</b>
            {exchange.state === 'open' && `; new ${noun}s find their place, following is off`}
          </span>
          <Button size="small" look="ghost" className="ml-auto" onClick={onUndoSort}>
            {exchange.state === 'open' ? 'Follow in order of arrival' : 'Back to order of arrival'}
          </Button>
        </p>
      )}
      {exchange.decodeError && (
        <p className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">{decodeErrorWords(exchange.decodeError)}</p>
      )}
      {exchange.framingFaults?.map((fault) => (
        <p key={fault.direction} className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">
          {framingFaultWords(fault)}
        </p>
      ))}
      {hasFailed && (
        <p className="shrink-0 border-b border-line bg-bad-bg px-3 py-1 text-12 text-bad">
          The rows could not be read; the exchange may be gone.
        </p>
      )}
    </>
  )
}
