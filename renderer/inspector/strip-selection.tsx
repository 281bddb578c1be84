import { useEffect, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Stretch } from '../../proxy-core/contract/timing.ts'
import { invoke } from '../gateway.ts'
import { formatBytes, formatDuration, plural } from '../text.ts'
import { rowNouns } from './event-columns.ts'
import { PacedAsk } from './paced-ask.ts'
import type { TimeSpan } from './strip-view.ts'

export interface StripSelectionProps {
  readonly exchange: Exchange
  readonly span: TimeSpan
  readonly onZoom: () => void
  readonly onClear: () => void
}

/** The numbers of a stretch of time that was selected, and what can be done with it. */
export function StripSelection({ exchange, span, onZoom, onClear }: StripSelectionProps) {
  const stretch = useStretch(exchange, span)
  const button = 'h-[1.125rem] shrink-0 rounded-tag border border-line bg-raised px-1.5 text-11 leading-none text-text hover:border-edge'
  return (
    <div className="absolute right-2 bottom-0 flex h-5 max-w-[calc(100%-4.5rem)] items-center gap-1.5 rounded-tag bg-panel">
      <output className="min-w-0 truncate px-1 text-11 text-text">
        {formatDuration(span.to - span.from)}
        {stretch && ` · ${stretchWords(stretch, rowNouns[exchange.rowKind ?? 'event'].one)}`}
      </output>
      <button type="button" className={button} onClick={onZoom}>
        Zoom to it
      </button>
      <button type="button" className={button} onClick={onClear}>
        Clear
      </button>
    </div>
  )
}

/** A stretch in numbers: `87 events in, 12 out · 10.4 KB · longest held 2.41 s · longest gap 51 ms`. */
export function stretchWords({ rows, leftRows, bytes, longestHeldMs, longestGapMs }: Stretch, noun: string): string {
  const parts = [`${plural(rows, noun)} in, ${leftRows} out`]
  if (rows > 0) parts.push(formatBytes(bytes))
  if (longestHeldMs !== null) parts.push(`longest held ${formatDuration(longestHeldMs)}`)
  if (longestGapMs !== null) parts.push(`longest gap ${formatDuration(longestGapMs)}`)
  return parts.join(' · ')
}

/** Asks for the numbers of the stretch, again while the stream goes on. */
function useStretch({ id, rows, leftRows }: Exchange, { from, to }: TimeSpan): Stretch | null {
  const [stretch, setStretch] = useState<Stretch | null>(null)
  const [asks] = useState(
    () =>
      new PacedAsk<TimeSpan, Stretch>({
        ask: (span) => invoke('exchange.stretch', { id, from: span.from, to: span.to }),
        take: setStretch,
        // The exchange was forgotten meanwhile; its last numbers stay until the window learns of it.
        fail: () => undefined,
        leastMsBetween: 250,
      }),
  )
  useEffect(() => {
    asks.resume()
    return () => asks.stop()
  }, [asks])
  useEffect(() => asks.want({ from, to }), [asks, from, to, rows, leftRows])
  return stretch && stretch.from === from && stretch.to === to ? stretch : null
}
