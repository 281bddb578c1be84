import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** The rows of a long list that are worth rendering now. */
export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly look: () => void
  /** First row to render, and the one after the last. */
  readonly from: number
  readonly to: number
  readonly rowPx: number
  /** Brings a row into sight. */
  readonly reveal: (index: number) => void
}

/** Renders only what is in sight of `count` rows that are each `rowRem` high, and some beyond. */
export function useRowWindow(count: number, rowRem: number, beyond = 6): RowWindow {
  const scroller = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ topPx: 0, heightPx: 800, remPx: 16 })

  const look = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const next = {
      topPx: element.scrollTop,
      heightPx: element.clientHeight,
      remPx: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    }
    setSight((last) => (last.topPx === next.topPx && last.heightPx === next.heightPx && last.remPx === next.remPx ? last : next))
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [look])

  const rowPx = rowRem * sight.remPx
  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current
      if (!element) return
      const top = index * rowPx
      if (top < element.scrollTop) element.scrollTop = top
      else if (top + rowPx > element.scrollTop + element.clientHeight) element.scrollTop = top + rowPx - element.clientHeight
    },
    [rowPx],
  )
  const from = Math.max(0, Math.floor(sight.topPx / rowPx) - beyond)
  const to = Math.min(count, Math.ceil((sight.topPx + sight.heightPx) / rowPx) + beyond)
  return { scroller, look, from, to, rowPx, reveal }
}
