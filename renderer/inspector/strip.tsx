import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { useNow } from '../state/clock.ts'
import { formatClockMs, formatDuration } from '../text.ts'
import { useStripDrawing, useStripSummary, useStripWheel } from './strip-canvas.ts'
import { directionWords } from './message-words.ts'
import type { StripRow } from './strip-paint.ts'
import { StripSelection } from './strip-selection.tsx'
import { firstView, following, panned, spanShown, stretchBetween, whole, zoomed, type StripView, type TimeSpan } from './strip-view.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

export interface StripProps {
  readonly exchange: Exchange
  readonly heightPx: number
  readonly pausedAt: number | null
  readonly hovered: StripRow | null
  readonly selected: StripRow | null
  readonly onHover: (row: StripRow | null) => void
  readonly onPick: (index: number) => void
}

/** The height of the time axis, which is dragged to pan. */
const axisPx = 18
/** Room for the button that leads back to the whole stream. */
const backButtonPx = 104

type Gesture = { readonly kind: 'pan' | 'select'; readonly startX: number; lastX: number; isMoved: boolean }

/** The two clocks of a stream as a picture: arrivals above, departures below, a line between. Parallel lines pass; a fan was held. */
export function Strip({ exchange, heightPx, pausedAt, hovered, selected, onHover, onPick }: StripProps) {
  const [view, setFreeView] = useState<StripView>(() => firstView(lifeOf(exchange), exchange.state === 'open'))
  const [isFitted, setIsFitted] = useState(false)
  const [selection, setSelection] = useState<TimeSpan | null>(null)
  const gesture = useRef<Gesture | null>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const isOpen = exchange.state === 'open'
  const isAway = isOpen ? view.mode === 'fixed' : !isWhole(view, lifeOf(exchange))
  const axisCoverPx = isAway && !selection ? backButtonPx : 0
  const drawing = useStripDrawing(canvas, { exchange, view, pausedAt, hovered, selected, selection, axisCoverPx })
  const summary = useStripSummary(drawing)
  const { spoken, speak } = useSpokenView(view)
  const hintId = useId()

  const setView = (next: StripView | ((old: StripView) => StripView)) => {
    setIsFitted(false)
    setFreeView(next)
  }
  // A view of the whole stream grows with it.
  const grownAt = useNow(isFitted && isOpen && pausedAt === null, 500)
  useEffect(() => {
    if (isFitted) setFreeView(whole(lifeOf(exchange)))
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- it grows with the clock, and once more when the exchange ends
  }, [isFitted, grownAt, isOpen])
  const fit = () => {
    setView(whole(lifeOf(exchange)))
    setIsFitted(true)
  }
  const goBack = () => (isOpen ? setView(following) : fit())
  const edge = () => drawing.current?.edge ?? gatewayNow()
  const zoom = (factor: number, at: number) => {
    const now = edge()
    setView((old) => zoomed(old, factor, { at, edge: now, life: lifeOf(exchange) }))
  }
  const pan = (parts: number) => {
    const now = edge()
    setView((old) => panned(old, parts, { edge: now, life: lifeOf(exchange) }))
  }
  const freeze = () => {
    const now = edge()
    setView((old) => ({ mode: 'fixed', ...spanShown(old, now) }))
  }
  /** Selects by keys: from the middle of the view on, a twentieth of it at a time. */
  const stretchBy = (direction: -1 | 1) => {
    const { from, to } = spanShown(view, edge())
    const step = ((to - from) / 20) * direction
    const old = selection ?? { from: (from + to) / 2, to: (from + to) / 2 }
    const end = Math.min(to, old.to + step)
    freeze()
    setSelection(end > old.from ? { from: old.from, to: end } : { from: end, to: old.from })
  }
  const zoomToSelection = () => {
    if (!selection) return
    setView({ mode: 'fixed', ...selection })
    setSelection(null)
  }
  useStripWheel(canvas, zoom, pan)

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    gesture.current = {
      kind: event.shiftKey || event.nativeEvent.offsetY < axisPx ? 'pan' : 'select',
      startX: event.nativeEvent.offsetX,
      lastX: event.nativeEvent.offsetX,
      isMoved: false,
    }
  }
  const onPointerMove = (event: PointerEvent) => {
    const { offsetX: x, offsetY: y } = event.nativeEvent
    const going = gesture.current
    if (!going) return onHover(drawing.current?.rowAt(x, y) ?? null)
    if (!going.isMoved && Math.abs(x - going.startX) < 4) return
    const width = event.currentTarget.clientWidth
    if (!going.isMoved) freeze()
    going.isMoved = true
    if (going.kind === 'select') setSelection(stretchBetween(view, [going.startX / width, x / width], edge()))
    else pan((going.lastX - x) / width)
    going.lastX = x
  }
  const onPointerUp = (event: PointerEvent) => {
    const done = gesture.current
    const { offsetX: x, offsetY: y } = event.nativeEvent
    gesture.current = null
    if (!done || done.isMoved) return
    setSelection(null)
    const row = drawing.current?.rowAt(x, y)
    if (row) onPick(row.index)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.shiftKey && event.key === 'ArrowLeft') stretchBy(-1)
    else if (event.shiftKey && event.key === 'ArrowRight') stretchBy(1)
    else if (event.key === 'ArrowLeft') pan(-0.2)
    else if (event.key === 'ArrowRight') pan(0.2)
    else if (event.key === '+' || event.key === '=') zoom(0.7, 0.5)
    else if (event.key === '-') zoom(1 / 0.7, 0.5)
    else if (event.key === 'Home') fit()
    else if (event.key === 'End') goBack()
    else if (event.key === 'Enter' && selection) zoomToSelection()
    else if (event.key === 'Escape' && selection) setSelection(null)
    else return
    speak()
    event.preventDefault()
  }

  const isBothWays = exchange.rowKind === 'message'
  return (
    <div className="relative shrink-0 border-b border-line bg-panel" style={{ height: heightPx }}>
      <canvas
        ref={canvas}
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- its keys are its own, and no other role has them
        role="application"
        aria-roledescription="timeline"
        aria-label={`Timeline. ${summary}`}
        aria-describedby={hintId}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is moved and zoomed by keys too
        tabIndex={0}
        className="block size-full touch-none -outline-offset-2"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => onHover(null)}
        onDoubleClick={fit}
        onKeyDown={onKeyDown}
      />
      <p id={hintId} hidden>
        The arrow keys pan, plus and minus zoom, Home fits the whole stream, End follows it. Shift and the arrow keys select a stretch,
        Enter zooms to it, Escape lets go of it. With a pointer: the wheel zooms, dragging selects, dragging the time axis or with Shift
        pans, a double click fits the whole stream.
      </p>
      <span aria-live="polite" className="sr-only">
        {spoken}
      </span>
      <span className="pointer-events-none absolute top-0.5 left-3 text-11 text-faint">{isBothWays ? 'upstream' : 'from upstream'}</span>
      <span className="pointer-events-none absolute bottom-0.5 left-3 text-11 text-faint">{isBothWays ? 'client' : 'to client'}</span>
      {!selection && (
        <span className="pointer-events-none absolute right-3 bottom-0.5 max-w-[70%] truncate rounded-tag bg-panel px-1 text-11 text-mute">
          {hovered ? rowWords(hovered, exchange.leftRows) : spanWords(view)}
        </span>
      )}
      {selection && <StripSelection exchange={exchange} span={selection} onZoom={zoomToSelection} onClear={() => setSelection(null)} />}
      {isAway && !selection && (
        <button
          type="button"
          className="absolute top-1 right-2 h-5 rounded-tag border border-line bg-raised px-1.5 text-11 text-text hover:border-edge"
          onClick={goBack}
        >
          {isOpen ? 'Follow' : 'Whole stream'}
        </button>
      )}
    </div>
  )
}

/** Where a key has moved the view, in words: said once for each press, and never for what moves by itself. */
function useSpokenView(view: StripView) {
  const [spoken, setSpoken] = useState('')
  const mustSpeak = useRef(false)
  useEffect(() => {
    if (!mustSpeak.current) return
    mustSpeak.current = false
    setSpoken(viewWords(view))
  }, [view])
  return { spoken, speak: () => (mustSpeak.current = true) }
}

function lifeOf({ startedAt, endedAt, lastRowAt, firstRowAt }: Exchange): TimeSpan {
  return { from: firstRowAt ?? startedAt, to: Math.max(endedAt ?? gatewayNow(), lastRowAt ?? 0, (firstRowAt ?? startedAt) + 10) }
}

function isWhole(view: StripView, life: TimeSpan): boolean {
  return view.mode === 'fixed' && view.from <= life.from && view.to >= life.to
}

function spanWords(view: StripView): string {
  return view.mode === 'live' ? `last ${Math.round(view.spanMs / 1000)} s` : formatDuration(view.to - view.from)
}

function viewWords(view: StripView): string {
  if (view.mode === 'live') return `Following, ${spanWords(view)}`
  return `${formatClockMs(view.from)} to ${formatClockMs(view.to)}, ${spanWords(view)}`
}

function rowWords({ index, arrivedAt, leftAt, message }: StripRow, leftRows: number): string {
  const arrived = `#${index + 1} ${message ? `to ${directionWords[message.direction].short}, ` : ''}arrived ${formatClockMs(arrivedAt)}`
  if (leftAt === null) return `${arrived}, ${index < leftRows ? 'has left since' : 'has not left'}`
  return `${arrived}, left ${formatClockMs(leftAt)}, held ${formatDuration(leftAt - arrivedAt)}`
}
