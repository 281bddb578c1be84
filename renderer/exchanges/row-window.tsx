import {
  Fragment,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type UIEvent,
  type ReactNode,
  type Ref,
} from 'react'
import { flushSync } from 'react-dom'
import { cx } from '../parts/cx.ts'
import { EdgeHistory } from './edge-history.ts'
import { useElementSize } from './element-size.ts'
import { listMove, rowAfterMove } from './list-keys.ts'
import {
  contentPx,
  lastTopPx,
  placeAt,
  rowsInView,
  scrollScale,
  topPxOf,
  topPxToReveal,
  type ReadingPlace,
  type RowSpan,
} from './row-range.ts'
import { RowSlots } from './row-slots.ts'
import type { Column } from './table-columns.ts'
import { ColumnButton } from './column-menu.tsx'
import { TableHead, type TableOrder } from './table-head.tsx'
import { useTableLayout } from './table-layout.ts'

const overscanRows = 8
const headPx = 26
/** Scroll events closer than this belong to one gesture. */
const gesturePauseMs = 250

/** What can be asked of a row window from outside. */
export interface RowWindowHandle {
  /** Goes to the edge that the list grows at, and stays there. */
  readonly follow: () => void
  /** Brings a row into view and stays there. */
  readonly reveal: (key: number) => void
  readonly focus: () => void
}

export interface RowWindowProps<Id extends string> {
  readonly label: string
  readonly columns: readonly Column<Id>[]
  /** Where the choice of columns is kept; without it there is none. */
  readonly table?: string
  /** How the rows are sorted, where titles sort them. */
  readonly order?: TableOrder<Id>
  readonly count: number
  /** The height of a row where text has its usual size. */
  readonly rowPx: number
  /** A number by which a row is known while others come and go around it. */
  readonly keyAt: (index: number) => number
  /** Where a key is, or would be. */
  readonly indexOf: (key: number) => number
  /** The edge at which rows are added; whoever reads there is kept there, and everyone else in their place. */
  readonly growsAt: 'start' | 'end'
  /** Opens at the first row, whichever edge it grows at. */
  readonly opensAtStart?: boolean
  /** Opens at the row of this key rather. */
  readonly opensAt?: number | null
  readonly onFollow?: (isFollowing: boolean) => void
  readonly selectedKey: number | null
  readonly onSelect: (key: number) => void
  readonly onOpen?: () => void
  readonly onClose?: () => void
  readonly onHover?: (key: number | null) => void
  /** Told which rows are on screen, some more included, and how many the screen has room for. */
  readonly onSpan?: (span: RowSpan, screenRows: number) => void
  /** A row as an element with `role="row"` and without a key, for its element becomes that of another row; `rowId(key)` is its id. */
  readonly children: (index: number, shown: readonly Column<Id>[], rowId: (key: number) => string) => ReactNode
  readonly className?: string
  readonly ref?: Ref<RowWindowHandle>
}

/** A table of any number of rows of one height, of which only those on screen exist. The place comes from the rows and not from the scroll bar, so no frame is ever blank. */
export function RowWindow<Id extends string>({ ref, ...props }: RowWindowProps<Id>) {
  const { label, columns, table, count, keyAt, indexOf, growsAt, selectedKey, onFollow, onSpan } = props
  const id = useId()
  const area = useRef<HTMLDivElement>(null)
  const size = useElementSize(area)
  const [place, setPlace] = useState<ReadingPlace | null>(() => {
    const key = props.opensAt ?? (props.opensAtStart ? keyAt(0) : null)
    return key === null ? null : { key, pastPx: 0 }
  })
  const scrolledPx = useRef(0)
  const gesture = useRef({ edgePx: 0, lastAt: 0 })
  const [edges] = useState(() => new EdgeHistory(gesturePauseMs))

  const layout = useTableLayout(columns, size.widthPx / size.textScale, table ?? '')
  const head = Math.round(headPx * size.textScale)
  const rowPx = Math.round(props.rowPx * size.textScale)
  const geometry = { count, rowPx, heightPx: Math.max(0, size.heightPx - head) }
  const edgePx = growsAt === 'end' ? lastTopPx(geometry) : 0
  const topPx = place ? topPxOf(geometry, place, indexOf) : edgePx
  const scale = scrollScale(geometry)
  const { from, to } = rowsInView(geometry, topPx, overscanRows)
  const screenRows = Math.ceil(geometry.heightPx / rowPx) + overscanRows
  const isFollowing = place === null
  const [slots] = useState(() => new RowSlots())
  const keys = Array.from({ length: to - from }, (_, offset) => keyAt(from + offset))

  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    const wanted = topPx / scale
    // Setting it lays the page out, so it is left alone while nothing moved.
    if (Math.abs(wanted - scrolledPx.current) < 0.5) return
    if (isFollowing) element.scrollTop = wanted
    // Moved by the difference, so that a scroll that is under way goes on from where it is.
    else element.scrollTop += wanted - scrolledPx.current
    scrolledPx.current = element.scrollTop
  })
  useEffect(() => edges.note(edgePx, performance.now()), [edges, edgePx])
  useEffect(() => onSpan?.({ from, to }, screenRows), [onSpan, from, to, screenRows])
  useEffect(() => onFollow?.(isFollowing), [onFollow, isFollowing])

  const moveTo = (nextPx: number): void => {
    const top = Math.min(Math.max(0, nextPx), lastTopPx(geometry))
    setPlace(placeAt(geometry, top, keyAt))
  }
  const reveal = (index: number): void => {
    const nextPx = topPxToReveal(geometry, topPx, index)
    if (growsAt === 'start' ? nextPx <= 0 : index === count - 1 && isFollowing) setPlace(null)
    else if (nextPx !== topPx || growsAt === 'end') moveTo(nextPx)
  }
  const select = (index: number): void => {
    props.onSelect(keyAt(index))
    reveal(index)
  }
  const onScroll = ({ timeStamp: now }: UIEvent): void => {
    const element = area.current
    if (!element || Math.abs(element.scrollTop - scrolledPx.current) < 0.5) return
    const isBack = element.scrollTop < scrolledPx.current
    scrolledPx.current = element.scrollTop
    const nextPx = element.scrollTop * scale
    // Rows go on coming while one scrolls down to the end, so the end is where it was a moment before that began.
    if (isBack || now - gesture.current.lastAt > gesturePauseMs) gesture.current.edgePx = Math.min(edgePx, edges.before(now))
    gesture.current.lastAt = now
    // The first pixel up lets go of the tail: at a high rate the next rows would otherwise pull it back.
    const reachesEdge = growsAt === 'end' ? !isBack && gesture.current.edgePx - nextPx < rowPx / 2 : nextPx < 1
    // In this frame: left to the scheduler, a jump by more than the overscan would show one frame without rows.
    flushSync(() => (reachesEdge ? setPlace(null) : moveTo(nextPx)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = listMove(event)
    if (!move) return
    if (move === 'close' ? !props.onClose : move === 'open' ? !props.onOpen || selectedKey === null : count === 0) return
    event.preventDefault()
    if (move === 'open') props.onOpen?.()
    else if (move === 'close') props.onClose?.()
    else {
      const selected = selectedKey === null ? null : indexOf(selectedKey)
      const next = rowAfterMove(move, selected, { count, pageRows: Math.max(1, Math.floor(geometry.heightPx / rowPx) - 1) })
      if (next === null) return
      select(next)
      if ((growsAt === 'end' && move === 'last') || (growsAt === 'start' && move === 'first')) setPlace(null)
    }
  }

  useImperativeHandle(ref, () => ({
    follow: () => setPlace(null),
    reveal: (key) => reveal(indexOf(key)),
    focus: () => area.current?.focus({ preventScroll: true }),
  }))
  useScaledWheel(area, scale, (byPx) => moveTo(topPx + byPx))

  const keyOf = (target: EventTarget): number | null => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null
    return row ? Number(row.dataset['key']) : null
  }
  const rowId = (key: number): string => `${id}-${key}`
  const selectedIndex = selectedKey === null ? -1 : indexOf(selectedKey)
  const isSelectedHere = selectedKey !== null && selectedIndex >= from && selectedIndex < to && keyAt(selectedIndex) === selectedKey

  return (
    <div className="group relative h-full">
      <div
        ref={area}
        role="grid"
        aria-label={label}
        aria-rowcount={count + 1}
        aria-activedescendant={isSelectedHere ? rowId(selectedKey) : undefined}
        tabIndex={0}
        className={cx('h-full overflow-x-hidden overflow-y-auto [contain:strict] [overflow-anchor:none] outline-none', props.className)}
        style={{ '--columns': layout.template }}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const key = keyOf(event.target)
          if (key !== null) select(indexOf(key))
        }}
        onDoubleClick={(event) => keyOf(event.target) !== null && props.onOpen?.()}
        onPointerOver={(event) => props.onHover?.(keyOf(event.target))}
        onPointerLeave={() => props.onHover?.(null)}
      >
        <div role="rowgroup" className="sticky top-0 z-10 bg-inherit">
          <TableHead
            {...(table === undefined ? {} : { table })}
            {...(props.order === undefined ? {} : { order: props.order })}
            all={columns}
            shown={layout.columns}
            heightPx={head}
            size={size}
            onLeave={() => area.current?.focus({ preventScroll: true })}
          />
        </div>
        <div role="rowgroup" className="relative" style={{ height: contentPx(geometry) }}>
          <div
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${topPx / scale + from * rowPx - topPx}px)`, '--row': `${rowPx}px` }}
          >
            {slots.assign(keys).map((slot, offset) => (
              <Fragment key={slot}>{props.children(from + offset, layout.columns, rowId)}</Fragment>
            ))}
          </div>
        </div>
      </div>
      {table !== undefined && (
        <ColumnButton table={table} label={label} all={columns} shown={layout.columns} rightPx={size.widthPx} heightPx={head} />
      )}
      {/* Rows lie above an outline of the table itself. */}
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 z-20 hidden outline-2 -outline-offset-2 outline-focus group-has-[[role=grid]:focus-visible]:block"
      />
    </div>
  )
}

/** The classes of a row of a row window. */
export const rowClass = 'grid h-(--row) grid-cols-(--columns) items-center gap-x-3 pr-7 pl-3 whitespace-nowrap [contain:strict]'

/** Where a list is taller than can be laid out, a turn of the wheel moves it by its own pixels and not by those of the scroll bar. */
function useScaledWheel(area: React.RefObject<HTMLElement | null>, scale: number, moveBy: (px: number) => void): void {
  const move = useRef(moveBy)
  useLayoutEffect(() => {
    move.current = moveBy
  })
  useEffect(() => {
    const element = area.current
    if (!element || scale === 1) return
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return
      event.preventDefault()
      move.current(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 24 : event.deltaY)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [area, scale])
}
