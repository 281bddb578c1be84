import { useLayoutEffect, useRef, type RefObject } from 'react'
import type { Row } from '../../proxy-core/contract/rows.ts'
import type { RowWindowHandle } from '../exchanges/row-window.tsx'
import type { RowSorting } from './sorted-reader.ts'

/** What a selection among the rows of a stream depends on. */
export interface EventSelection {
  readonly list: RefObject<RowWindowHandle | null>
  /** Null for the order of arrival, in which the place of a row is its number. */
  readonly sorting: RowSorting | null
  readonly rowAt: (place: number) => Row | undefined
  readonly selected: number | null
  readonly selectedPlace: number | null
  readonly setSelected: (index: number | null) => void
  /** The first row that is shown in the order of arrival. */
  readonly first: number
  readonly isOpen: boolean
}

/** Selects rows by their place in the list or by their number, and keeps the list where it makes sense when its order changes. */
export function useEventSelection(selection: EventSelection) {
  const { list, sorting, rowAt, selected, selectedPlace, setSelected, first, isOpen } = selection
  /** A place whose row is not here yet. */
  const awaited = useRef<number | null>(null)
  const mustReveal = useRef(false)
  const shownSorting = useRef(sorting)

  useLayoutEffect(() => {
    if (shownSorting.current === sorting) return
    shownSorting.current = sorting
    awaited.current = null
    // Sorted rows are read from the first on; back in the order of arrival the reader is where they were, or at the tail.
    if (sorting || (selected === null && isOpen)) list.current?.follow()
    else list.current?.reveal(selected ?? first)
  })
  useLayoutEffect(() => {
    const row = awaited.current === null ? undefined : rowAt(awaited.current)
    if (row) {
      awaited.current = null
      setSelected(row.index)
    }
    if (mustReveal.current && selectedPlace !== null) {
      mustReveal.current = false
      list.current?.reveal(selectedPlace)
    }
  })

  return {
    /** Selects what stands at a place. */
    select: (place: number) => {
      const index = sorting ? rowAt(place)?.index : place
      awaited.current = index === undefined ? place : null
      if (index !== undefined) setSelected(index)
    },
    /** Selects a row wherever it stands, and brings it into view. */
    pick: (index: number) => {
      awaited.current = null
      mustReveal.current = true
      setSelected(index)
    },
    unselect: () => {
      awaited.current = null
      setSelected(null)
    },
  }
}
