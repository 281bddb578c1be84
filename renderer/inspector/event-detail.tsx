import { X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { errorMessage } from './error-message.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RowDetail } from '../../proxy-core/contract/rows.ts'
import { useElementSize } from '../exchanges/element-size.ts'
import { invoke } from '../gateway.ts'
import { Button } from '../parts/button.tsx'
import { cx } from '../parts/cx.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { useNow } from '../state/clock.ts'
import { formatAge, formatBytes, formatCount, formatDayClock, formatDuration } from '../text.ts'
import { BytesView, columnsFor } from './bytes-view.tsx'
import { rowNouns } from './event-columns.ts'
import { Fact } from './event-fact.tsx'
import { scanJson } from './json-tree.ts'
import { JsonView } from './json-view.tsx'
import { emptyMessageWords, MessageFacts, messageTitle } from './message-facts.tsx'
import { copiedWhole, useRowText } from './row-text.ts'
import { heldFromMs } from './strip-geometry.ts'
import { WireText } from './wire-text.tsx'
import { visibleLine } from './visible-text.ts'

export interface EventDetailProps {
  readonly exchange: Exchange
  readonly index: number
  readonly onClose: () => void
}

/** One event in full. */
export function EventDetail({ exchange, index, onClose }: EventDetailProps) {
  const { row, error } = useRowDetail(exchange, index)
  const [chosen, setShows] = useState<'pretty' | 'raw' | 'hex' | null>(null)
  const shows = chosen ?? (row && isBytes(row) ? 'hex' : 'pretty')
  const noun = rowNouns[exchange.rowKind ?? 'event'].one
  const text = useRowText(exchange, row)
  const shown = shows === 'pretty' ? text.data : text.raw
  const tree = useMemo(() => (shows === 'pretty' ? scanJson(shown) : null), [shows, shown])
  const explained = row && rowWords(row, noun)

  return (
    <section aria-label={`${noun} ${index + 1}`} className="flex h-full min-h-0 flex-col bg-panel">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1.5 pl-3">
        <h3 className="flex h-[1.125rem] min-w-0 flex-1 flex-wrap items-baseline gap-x-2 overflow-hidden text-12 font-semibold">
          <span className="shrink-0">
            <span className="capitalize">{noun}</span> {formatCount(index + 1)}
          </span>
          {row && row.eventType !== '' && <Kind className="font-mono">{visibleLine(row.eventType)}</Kind>}
          {row?.message && <Kind>{messageTitle(row.message)}</Kind>}
        </h3>
        <Segmented
          label="Show"
          value={shows}
          segments={[
            { value: 'pretty', label: 'Pretty' },
            { value: 'raw', label: 'Raw' },
            { value: 'hex', label: 'Hex' },
          ]}
          onChange={setShows}
        />
        {row && (
          <CopyButton
            text={text.omittedBytes === 0 ? shown : () => copiedWhole(exchange, row, shows)}
            label={shows === 'pretty' ? 'Copy the data' : 'Copy the raw text'}
          />
        )}
        <IconButton size="small" label={`Close the ${noun}`} onClick={onClose}>
          <X size={14} />
        </IconButton>
      </header>
      {error !== null && (
        <p className="p-3 text-12 text-mute">
          This {noun} cannot be shown: {error}
        </p>
      )}
      {row && ((row.message && shows === 'hex') || tree) && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard
        <div className="max-h-2/5 shrink-0 overflow-y-auto border-b border-line -outline-offset-2" tabIndex={0}>
          <Facts exchange={exchange} row={row} />
        </div>
      )}
      {row && shows === 'hex' && <RowHex exchange={exchange} row={row} />}
      {row && tree && <JsonView key={shown.length} tree={tree} />}
      {row && !tree && shows !== 'hex' && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard
        <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto -outline-offset-2" tabIndex={0} data-event-start="">
          <div className="border-b border-line">
            <Facts exchange={exchange} row={row} />
          </div>
          {explained !== null && (shows === 'pretty' || !row.isKept) ? (
            <p className="p-3 text-12 text-mute">{explained}</p>
          ) : (
            <WireText text={shown} isPretty={false} />
          )}
          {text.omittedBytes > 0 && row.isKept && (
            <p className="flex flex-wrap items-center gap-2 px-3 pb-3 text-12 text-mute">
              {formatBytes(text.omittedBytes)} more are not shown here.
              <Button size="small" disabled={text.isReading} onClick={text.showMore}>
                Show {formatBytes(text.nextBytes)} more
              </Button>
            </p>
          )}
        </div>
      )}
    </section>
  )
}

/** What a row is, beside its number: left out where there is not room for a word of it. */
function Kind({ className, children }: { className?: string; children: string }) {
  return (
    <span title={children} className={cx('min-w-0 flex-1 basis-20 truncate text-11 font-normal text-mute', className)}>
      {children}
    </span>
  )
}

/** The bytes of a row, however long it is: only those on screen are fetched. */
function RowHex({ exchange: { id }, row }: { exchange: Exchange; row: RowDetail }) {
  const place = useRef<HTMLDivElement>(null)
  const { widthPx } = useElementSize(place)
  const columns = columnsFor('hex', widthPx)
  return (
    <div ref={place} className="min-h-0 flex-1">
      {widthPx > 0 && (
        <BytesView
          key={columns}
          read={(span) => invoke('exchange.rowBytes', { id, index: row.index, ...span })}
          form="hex"
          columns={columns}
          total={row.bytes}
        />
      )}
    </div>
  )
}

function Facts({ exchange, row }: { exchange: Exchange; row: RowDetail }) {
  const isHere = row.leftAt === null && exchange.state === 'open'
  const now = useNow(isHere, 100)
  const heldMs = (row.leftAt ?? now) - row.arrivedAt
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-0.5 px-3 py-2 text-12" data-selectable="">
      <Fact name="Arrived">{formatDayClock(row.arrivedAt)}</Fact>
      <Fact name="Left">{row.leftAt !== null ? formatDayClock(row.leftAt) : isHere ? 'not yet' : 'never'}</Fact>
      {(row.leftAt !== null || isHere) && (
        <Fact name="Held" tone={isHere || heldMs >= heldFromMs ? 'text-held' : undefined}>
          {isHere ? `${formatAge(heldMs)} so far` : formatDuration(heldMs)}
        </Fact>
      )}
      {row.gapMs !== null && <Fact name="Gap">{formatDuration(row.gapMs)} after the one before</Fact>}
      <Fact name="Size">{formatBytes(row.bytes)}</Fact>
      {row.message && <MessageFacts message={row.message} />}
      {row.eventId !== null && <Fact name="Id">{row.eventId === '' ? 'empty' : visibleLine(row.eventId)}</Fact>}
      {row.retryInForce && (
        <Fact name="Retry in force">
          {formatDuration(row.retryInForce.retryMs)}
          {row.retryInForce.index !== row.index && `, since event ${formatCount(row.retryInForce.index + 1)}`}
        </Fact>
      )}
      {row.followsBom === true && <Fact name="Body">starts with a byte order mark, which an EventSource skips</Fact>}
      {row.comments.length > 0 && (
        <Fact name={row.comments.length === 1 ? 'Comment' : 'Comments'}>{row.comments.map(visibleLine).join(' · ')}</Fact>
      )}
      {row.hasInvalidUtf8 && (
        <Fact name="Text" tone="text-bad">
          not UTF-8{typeof row.invalidUtf8At === 'number' && ` from byte ${formatCount(row.invalidUtf8At)} of it`}; shown as �
        </Fact>
      )}
    </dl>
  )
}

/** What is bytes is shown as bytes first. */
function isBytes({ message, isKept, hasInvalidUtf8 }: RowDetail): boolean {
  if (!message || !isKept || message.opcode === 'text' || message.opcode === 'close') return message?.issue === 'not-inflated'
  return message.opcode === 'binary' || hasInvalidUtf8
}

/** Why there is nothing to show of a row, and what a block is for that dispatches no event; null for every other row. */
function rowWords({ type, eventId, retryMs, isKept, message, data }: RowDetail, noun: string): string | null {
  if (message && isKept) return data === '' ? emptyMessageWords(message) : null
  if (!isKept) return `Capture was stopped when this ${noun} came: it was passed on and timed, and not kept.`
  if (type === 'comment') return 'A comment alone: an EventSource dispatches nothing for it. It keeps the connection in use.'
  if (type !== 'fields') return null
  const sets: string[] = []
  if (eventId !== null)
    sets.push(eventId === '' ? 'the last event id is empty from here on' : `a reconnect asks for what follows id ${visibleLine(eventId)}`)
  if (retryMs !== null) sets.push(`a reconnect waits ${formatDuration(retryMs)}`)
  return `No data: an EventSource dispatches nothing for it${sets.length > 0 ? `, but ${sets.join(' and ')}` : ''}.`
}

/** A row in full; it is read again once it has left. */
function useRowDetail(
  { id, leftRows, rowKind }: Exchange,
  index: number,
): { readonly row: RowDetail | null; readonly error: string | null } {
  const [answer, setAnswer] = useState<{ readonly row: RowDetail | null; readonly error: string | null }>({ row: null, error: null })
  const isSettled = answer.row !== null && answer.row.leftAt !== null
  // Messages leave in two orders: whether this one has is known only when it is read again.
  const readAs = rowKind !== 'message' ? index < leftRows : isSettled || leftRows
  useEffect(() => {
    let isWanted = true
    // Read anew when it leaves, for its second clock.
    void readAs
    invoke('exchange.row', { id, index }).then(
      (row) => isWanted && setAnswer({ row, error: null }),
      (error: unknown) => isWanted && setAnswer((old) => (old.row ? old : { row: null, error: errorMessage(error) })),
    )
    return () => {
      isWanted = false
    }
  }, [id, index, readAs])
  return answer
}
