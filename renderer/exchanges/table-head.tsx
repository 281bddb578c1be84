import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { cx } from '../parts/cx.ts'
import { RightClickMenu } from '../parts/menu.tsx'
import { setColumnWidth } from '../state/view-store.ts'
import { ColumnChoices } from './column-menu.tsx'
import type { ElementSize } from './element-size.ts'
import { narrowestPx, sparePx, type Column } from './table-columns.ts'

/** How the rows of a table are sorted. */
export interface TableOrder<Id extends string = string> {
  /** Null for a column that they are not sorted by. */
  readonly directionOf: (column: Id) => 'ascending' | 'descending' | null
  readonly onSort: (column: Id) => void
}

export interface TableHeadProps<Id extends string> {
  /** Where the choice of columns is kept; without it there is none. */
  readonly table?: string
  /** How the rows are sorted, where titles sort them. */
  readonly order?: TableOrder<Id>
  readonly all: readonly Column<Id>[]
  readonly shown: readonly Column<Id>[]
  readonly heightPx: number
  /** Of the table. */
  readonly size: ElementSize
  readonly onLeave: () => void
}

/** The titles of a table's columns: pressed they sort the rows, their edges can be moved, and the right button chooses which are shown. */
export function TableHead<Id extends string>({ table, order, all, shown, heightPx, size, onLeave }: TableHeadProps<Id>) {
  const firstSorting = order && (shown.find(({ id }) => order.directionOf(id) !== null) ?? shown.find((column) => column.sorts))
  const grows = shown.findIndex((column) => column.grows)
  const head = (
    <div
      role="row"
      aria-rowindex={1}
      className="grid grid-cols-(--columns) items-center gap-x-3 border-b border-line bg-inherit pr-7 pl-3 text-11 text-faint"
      style={{ height: heightPx }}
    >
      {shown.map((column, index) => (
        <span
          key={column.id}
          role="columnheader"
          aria-sort={order?.directionOf(column.id) ?? undefined}
          className="relative flex h-full min-w-0 items-center"
        >
          {order && column.sorts ? (
            <SortButton column={column} order={order} isFirst={column === firstSorting} onLeave={onLeave} />
          ) : (
            <span className={cx('min-w-0 flex-1 truncate', column.alignsEnd && 'text-right')}>{column.title}</span>
          )}
          {table !== undefined && !column.grows && (
            <ColumnEdge
              table={table}
              column={column}
              isFirst={index === (grows === 0 ? 1 : 0)}
              // The edge that moves: before the column that grows the right one, behind it the left one.
              isLeft={grows >= 0 && index > grows}
              widestPx={column.widthPx + sparePx(shown, size.widthPx / size.textScale)}
              textScale={size.textScale}
              onLeave={onLeave}
            />
          )}
        </span>
      ))}
    </div>
  )
  if (table === undefined) return head
  return (
    <RightClickMenu target={head} onAsk={() => true}>
      <ColumnChoices table={table} all={all} shown={shown} />
    </RightClickMenu>
  )
}

interface SortButtonProps<Id extends string> {
  readonly column: Column<Id>
  readonly order: TableOrder<Id>
  /** It is the one of all titles that Tab goes to; the arrow keys go on from there. */
  readonly isFirst: boolean
  readonly onLeave: () => void
}

/** The title of a column that sorts the rows. */
function SortButton<Id extends string>({ column, order, isFirst, onLeave }: SortButtonProps<Id>) {
  const direction = order.directionOf(column.id)
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === 'Tab') return
    // Enter, Space and the letters are not for the rows below.
    event.stopPropagation()
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      focusNext(event.currentTarget, '[data-sorts]', event.key === 'ArrowRight' ? 1 : -1)
    else if (event.key === 'ArrowDown' || event.key === 'Escape') onLeave()
    else return
    event.preventDefault()
  }
  return (
    <button
      type="button"
      data-sorts=""
      tabIndex={isFirst ? 0 : -1}
      title={`Sort by ${column.title === '#' ? 'number' : column.title.toLowerCase()}`}
      className={cx(
        '-mx-1.5 flex h-full min-w-0 flex-1 items-center gap-0.5 px-1.5 -outline-offset-2 hover:text-text',
        column.alignsEnd && 'justify-end',
        direction !== null && 'text-text',
      )}
      onClick={() => order.onSort(column.id)}
      onKeyDown={onKeyDown}
    >
      <span className="truncate">{column.title}</span>
      {direction !== null && <Arrow size={10} aria-hidden="true" className="shrink-0" />}
    </button>
  )
}

interface ColumnEdgeProps {
  readonly table: string
  readonly column: Column
  /** It is the one of all edges that Tab goes to; the arrow keys go on from there. */
  readonly isFirst: boolean
  readonly isLeft: boolean
  readonly widestPx: number
  readonly textScale: number
  readonly onLeave: () => void
}

const stepPx = 8

/** The edge of a column, to drag or to move with the arrow keys. */
function ColumnEdge({ table, column, isFirst, isLeft, widestPx, textScale, onLeave }: ColumnEdgeProps) {
  const drag = useRef<{ readonly fromPx: number; readonly widthPx: number } | null>(null)
  const resize = (widthPx: number) => setColumnWidth(table, column.id, Math.round(Math.min(Math.max(narrowestPx, widthPx), widestPx)))
  const sign = isLeft ? -1 : 1

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { fromPx: event.clientX, widthPx: column.widthPx }
  }
  const onPointerMove = ({ clientX }: PointerEvent) => {
    if (drag.current) resize(drag.current.widthPx + (sign * (clientX - drag.current.fromPx)) / textScale)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { key, currentTarget } = event
    if (key === 'ArrowLeft') resize(column.widthPx - sign * stepPx)
    else if (key === 'ArrowRight') resize(column.widthPx + sign * stepPx)
    else if (key === 'Enter') setColumnWidth(table, column.id, null)
    else if (key === 'ArrowUp' || key === 'ArrowDown') focusNext(currentTarget, '[data-column-edge]', key === 'ArrowDown' ? 1 : -1)
    else if (key === 'Escape') onLeave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}; up and down go to the other columns`}
      aria-valuenow={column.widthPx}
      aria-valuemin={narrowestPx}
      aria-valuemax={Math.round(widestPx)}
      tabIndex={isFirst ? 0 : -1}
      data-column-edge={column.id}
      title="Drag to change the width; a double click sets it back"
      className={cx(
        'group/edge absolute inset-y-1 z-10 w-2.5 cursor-col-resize touch-none rounded-tag',
        isLeft ? '-left-[11px]' : '-right-[11px]',
      )}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onLostPointerCapture={() => (drag.current = null)}
      onDoubleClick={(event) => {
        event.stopPropagation()
        setColumnWidth(table, column.id, null)
      }}
      onKeyDown={onKeyDown}
    >
      <span className="mx-auto block h-full w-px bg-transparent transition-colors group-hover/edge:bg-edge group-active/edge:bg-focus" />
    </span>
  )
}

function focusNext(part: HTMLElement, parts: string, step: number): void {
  const all = [...(part.closest('[role=row]')?.querySelectorAll<HTMLElement>(parts) ?? [])]
  all[all.indexOf(part) + step]?.focus()
}
