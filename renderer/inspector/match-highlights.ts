import { useEffect, useMemo, type RefObject } from 'react'
import type { MatchReader } from './match-reader.ts'
import { finderOf } from './use-row-search.ts'

const name = 'sluice-match'
/** Enough for what fits on a screen; a long text is marked at its beginning. */
const mostRanges = 500
const mostCharacters = 100_000
/** Not in the style sheet: what optimizes that does not know this kind of selector and warns of it. */
const look = `::highlight(${name}) { background-color: var(--sel); text-decoration: underline 2px var(--focus) }`
let isStyled = false

/** Marks the matches of a search in the rows and texts inside an element, without touching what is there. */
export function useMatchHighlights(place: RefObject<HTMLElement | null>, matches: MatchReader | null): void {
  const find = useMemo(() => (matches === null ? null : finderOf(matches)), [matches])
  useEffect(() => {
    if (find === null || !('highlights' in CSS)) return
    if (!isStyled) {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(look)
      document.adoptedStyleSheets.push(sheet)
      isStyled = true
    }
    const mark = () => CSS.highlights.set(name, new Highlight(...rangesIn(place.current, find)))
    mark()
    // Rows come and go by themselves while one scrolls.
    const timer = setInterval(mark, 150)
    return () => {
      clearInterval(timer)
      CSS.highlights.delete(name)
    }
  }, [place, find])
}

function rangesIn(root: HTMLElement | null, find: NonNullable<ReturnType<typeof finderOf>>): Range[] {
  const ranges: Range[] = []
  let characters = 0
  for (const element of root?.querySelectorAll('[role=gridcell], pre') ?? []) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const node = texts.currentNode as Text
      characters += node.data.length
      if (characters > mostCharacters || ranges.length >= mostRanges) return ranges
      for (let found = find(node.data, 0); found !== null && ranges.length < mostRanges; found = find(node.data, found[1])) {
        if (found[1] === found[0]) break
        const range = new Range()
        range.setStart(node, found[0])
        range.setEnd(node, Math.min(found[1], node.data.length))
        ranges.push(range)
      }
    }
  }
  return ranges
}
