import { useEffect, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Unterminated } from '../../proxy-core/contract/rows.ts'
import { invoke } from '../gateway.ts'
import { formatBytes } from '../text.ts'
import { directionWords } from './message-words.ts'
import { visibleLine } from './visible-text.ts'

/** Says what an ended stream was in the middle of. */
export function UnterminatedNotice({ exchange: { id, state } }: { exchange: Exchange }) {
  const [found, setFound] = useState<Unterminated | null>(null)
  const isOver = state !== 'open'
  useEffect(() => {
    if (!isOver) return
    let isWanted = true
    // Without an answer there is nothing to say; the rows say why.
    invoke('exchange.unterminated', { id }).then(
      (answer) => isWanted && setFound(answer),
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [id, isOver])
  if (!found) return null
  const { type, bytes, preview, direction } = found
  return (
    <p className="flex shrink-0 items-baseline gap-2 border-t border-line bg-bg px-3 py-1 text-12 text-mute">
      <span className="shrink-0">
        {type === 'event' && `The last ${formatBytes(bytes)} are unterminated: an EventSource would drop them`}
        {type === 'line' && 'The last line is unterminated: it has no line end'}
        {type === 'message' &&
          `The last ${formatBytes(bytes)} ${directionWords[direction ?? 'toClient'].long} are no whole message: it was cut`}
      </span>
      <span className="min-w-0 truncate font-mono text-11 text-text" data-selectable="">
        {visibleLine(preview)}
      </span>
    </p>
  )
}
