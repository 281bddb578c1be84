import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Timing } from '../../proxy-core/contract/timing.ts'
import { useElementSize } from '../exchanges/element-size.ts'
import { formatDuration } from '../text.ts'
import { readStripColours } from './strip-paint.ts'
import { stepWords, timingFigure, type TimingFigure } from './timing-figure.ts'
import { paintFigure } from './timing-paint.ts'

const heightPx = 290
const farSteps = 10

/** A stream over time: its rates, gaps and holds on one axis, read with the pointer or step by step with the arrow keys. */
export function TimingPlots({ timing, noun }: { timing: Timing; noun: string }) {
  const figure = useMemo(() => timingFigure(timing, noun), [timing, noun])
  const [wanted, setWanted] = useState<number | null>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const hintId = useId()
  const last = figure.steps - 1
  const step = wanted === null ? null : Math.min(last, wanted)
  usePainting(canvas, figure, step)
  const whole = `Rates are counted in steps of ${formatDuration(figure.stepMs)}. Point at a step, or go along with the arrow keys, to read it.`

  const onPointerMove = (event: PointerEvent<HTMLElement>) =>
    setWanted(Math.min(last, Math.max(0, Math.floor((event.nativeEvent.offsetX / event.currentTarget.clientWidth) * figure.steps))))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = movesBy.get(event.key)
    if (by !== undefined) setWanted(Math.min(last, Math.max(0, step === null ? (by > 0 ? 0 : last) : step + by)))
    else if (event.key === 'Home') setWanted(0)
    else if (event.key === 'End') setWanted(last)
    else if (event.key === 'Escape' && step !== null) setWanted(null)
    else return
    event.preventDefault()
  }

  return (
    <figure className="m-0">
      <canvas
        ref={canvas}
        role="slider"
        aria-label="Timing plots"
        aria-describedby={hintId}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={step ?? 0}
        aria-valuetext={step === null ? 'no step is read' : stepWords(figure, step)}
        tabIndex={0}
        className="block w-full rounded-control border border-line bg-bg outline-offset-1"
        style={{ height: heightPx }}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setWanted(null)}
        onKeyDown={onKeyDown}
      />
      <p id={hintId} hidden>
        The arrow keys read the plots step by step, Page Up and Page Down ten steps at a time, Home and End the first and the last.
      </p>
      <figcaption className="mt-1 min-h-[2lh] text-11 text-mute">{step === null ? whole : stepWords(figure, step)}</figcaption>
    </figure>
  )
}

const movesBy: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -1],
  ['ArrowDown', -1],
  ['ArrowRight', 1],
  ['ArrowUp', 1],
  ['PageDown', -farSteps],
  ['PageUp', farSteps],
])

/** Draws when there is something else to show, in another size, or in other colours. */
function usePainting(canvas: React.RefObject<HTMLCanvasElement | null>, figure: TimingFigure, step: number | null): void {
  const { widthPx } = useElementSize(canvas)
  const [theme, setTheme] = useState(0)
  useEffect(() => {
    const watch = new MutationObserver(() => setTheme((changes) => changes + 1))
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    const width = Math.floor(widthPx)
    if (!element || !context || width <= 0) return
    const request = requestAnimationFrame(() => {
      element.width = Math.round(width * devicePixelRatio)
      element.height = Math.round(heightPx * devicePixelRatio)
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      paintFigure(context, { figure, widthPx: width, heightPx, step }, readStripColours())
    })
    return () => cancelAnimationFrame(request)
  }, [canvas, figure, step, widthPx, theme])
}
