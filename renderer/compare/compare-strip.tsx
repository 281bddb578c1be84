import { useRef } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { verdictWords } from '../exchanges/exchange-words.ts'
import { MiddleElided } from '../exchanges/middle-elided.tsx'
import { useStripDrawing, useStripSummary, useStripWheel } from '../inspector/strip-canvas.ts'
import type { TimeSpan } from '../inspector/strip-view.ts'
import { Tag } from '../parts/tag.tsx'
import { formatClock } from '../text.ts'
import type { AxisMode } from './compare-axis.ts'

export interface CompareStripProps {
  readonly exchange: Exchange
  readonly name: 'A' | 'B'
  /** The stretch of the common axis that is shown. */
  readonly shown: TimeSpan
  readonly zeroAt: number
  readonly now: number
  readonly mode: AxisMode
  readonly onZoom: (factor: number, at: number) => void
  readonly onPan: (parts: number) => void
}

/** One of the two strips of a comparison. */
export function CompareStrip({ exchange, name, shown, zeroAt, now, mode, onZoom, onPan }: CompareStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawing = useStripDrawing(canvas, {
    exchange,
    view: { mode: 'fixed', from: shown.from + zeroAt, to: shown.to + zeroAt },
    pausedAt: null,
    hovered: null,
    selected: null,
    selection: null,
    ...(mode === 'start' ? { zeroAt } : {}),
  })
  const summary = useStripSummary(drawing)
  useStripWheel(canvas, onZoom, onPan)
  const verdict = verdictWords(exchange, now)
  return (
    <section aria-label={`${name}: ${exchange.method} ${exchange.target}`} className="shrink-0 border-b border-line">
      <div className="flex h-7 items-center gap-2.5 px-3">
        <b className="text-12">{name}</b>
        <h3 className="flex min-w-16 gap-1.5 font-mono text-12">
          <span className="shrink-0">{exchange.method}</span>
          <MiddleElided text={exchange.target} />
        </h3>
        <span className="shrink-0 text-12 text-mute">buffering {exchange.decisions.at(-1)?.mode ?? 'undecided'}</span>
        <span className="flex min-w-0">
          <Tag tone={verdict.tone}>{verdict.words}</Tag>
        </span>
        <span className="ml-auto shrink-0 font-mono text-11 text-mute">{formatClock(exchange.startedAt)}</span>
      </div>
      <div className="relative h-[4.75rem]">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Timeline of ${name}. ${summary}`}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is moved and zoomed by keys too
          tabIndex={0}
          className="block size-full -outline-offset-2"
        />
        <span className="pointer-events-none absolute top-0.5 left-3 text-11 text-faint">from upstream</span>
        <span className="pointer-events-none absolute bottom-0.5 left-3 text-11 text-faint">to client</span>
      </div>
    </section>
  )
}
