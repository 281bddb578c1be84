import { useLayoutEffect, useState, type RefObject } from 'react'

/** How large an element is. */
export interface ElementSize {
  /** Its inner size in pixels, without its scroll bars. */
  readonly widthPx: number
  readonly heightPx: number
  /** How many times larger than usual its text is set, so that what is measured in pixels can grow with it. */
  readonly textScale: number
}

/** The size of an element as it changes. */
export function useElementSize(ref: RefObject<HTMLElement | null>): ElementSize {
  const [size, setSize] = useState<ElementSize>({ widthPx: 0, heightPx: 0, textScale: 1 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => {
      const { clientWidth: widthPx, clientHeight: heightPx } = element
      const textScale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
      setSize((old) =>
        old.widthPx === widthPx && old.heightPx === heightPx && old.textScale === textScale ? old : { widthPx, heightPx, textScale },
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}
