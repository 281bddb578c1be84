import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useMedia } from '../parts/split.tsx'
import { StripDrawing, type StripSubject } from './strip-drawing.ts'

/** Keeps a strip drawn on a canvas, at its size and in the theme's colours. */
export function useStripDrawing(canvas: React.RefObject<HTMLCanvasElement | null>, subject: StripSubject) {
  const drawing = useRef<StripDrawing | null>(null)
  const latest = useRef(subject)
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  const still = useRef(isStill)

  useLayoutEffect(() => {
    latest.current = subject
    still.current = isStill
    drawing.current?.show(subject)
  })
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = new StripDrawing(element, latest.current, () => still.current)
    drawing.current = made
    made.start()
    const size = new ResizeObserver(() => made.resize(element.clientWidth, element.clientHeight))
    size.observe(element)
    const theme = new MutationObserver(() => made.recolour())
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      size.disconnect()
      theme.disconnect()
      made.stop()
      drawing.current = null
    }
  }, [canvas])
  return drawing
}

/** The strip in words, brought up to date every few seconds. */
export function useStripSummary(drawing: React.RefObject<StripDrawing | null>): string {
  const [summary, setSummary] = useState('')
  useEffect(() => {
    const timer = setInterval(() => setSummary(drawing.current?.summary() ?? ''), 3000)
    return () => clearInterval(timer)
  }, [drawing])
  return summary
}

/** Zooms and pans by the wheel; React listens to it passively, and a passive listener cannot keep the page from scrolling. */
export function useStripWheel(
  canvas: React.RefObject<HTMLElement | null>,
  zoom: (factor: number, at: number) => void,
  pan: (parts: number) => void,
): void {
  const act = useRef({ zoom, pan })
  useLayoutEffect(() => {
    act.current = { zoom, pan }
  })
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return
      event.preventDefault()
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) act.current.pan((event.deltaX * unit) / element.clientWidth)
      else act.current.zoom(Math.exp(event.deltaY * unit * 0.0015), event.offsetX / element.clientWidth)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [canvas])
}
