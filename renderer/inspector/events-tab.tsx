import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { useElementSize } from '../exchanges/element-size.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import type { RowWindowHandle } from '../exchanges/row-window.tsx'
import { invoke } from '../gateway.ts'
import { Split, SplitHandle, SplitPanel } from '../parts/split.tsx'
import { revealRow, useView } from '../state/view-store.ts'
import { EventControls, EventNotices } from './event-controls.tsx'
import { EventDetail } from './event-detail.tsx'
import { useEventSelection } from './event-selection.ts'
import { EventList } from './event-list.tsx'
import { useMatchHighlights } from './match-highlights.ts'
import { MatchList } from './match-list.tsx'
import { NoEvents } from './no-events.tsx'
import { RowReader } from './row-reader.ts'
import { SearchBar } from './search-bar.tsx'
import type { RowSorting } from './sorted-reader.ts'
import { useSortedRows } from './sorted-rows.ts'
import { UnterminatedNotice } from './unterminated-notice.tsx'
import { Strip } from './strip.tsx'
import type { StripRow } from './strip-paint.ts'
import { useRowSearch, useSearchKeys } from './use-row-search.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

/** A freeze of the view: how far the stream had come, and when. */
interface Pause extends Pick<Exchange, 'rows' | 'leftRows'> {
  readonly at: number
}

export interface EventsTabProps {
  readonly exchange: Exchange
  /** Where the controls of this tab are put. */
  readonly controls: HTMLElement | null
  readonly onClose: () => void
}

// Narrower than this, the detail of an event lies over the list instead of beside it.
const sideBySidePx = 720

/** The events of a stream: the strip, the rows, and the event that is selected. */
export function EventsTab({ exchange, controls, onClose }: EventsTabProps) {
  const { id } = exchange
  const [reader] = useState(() => new RowReader((span) => invoke('exchange.rows', { id, ...span })))
  useSyncExternalStore(reader.subscribe, reader.version)
  const [pause, setPause] = useState<Pause | null>(null)
  const [clearedRows, setClearedRows] = useState(0)
  const [opensAtStart] = useState(exchange.state !== 'open')
  const [isFollowing, setIsFollowing] = useState(!opensAtStart)
  const [tailWhenLeft, setTailWhenLeft] = useState(0)
  const [screen, setScreen] = useState<{ readonly span: RowSpan; readonly screenRows: number }>({ span: { from: 0, to: 0 }, screenRows: 0 })
  const [selected, setSelected] = useState<number | null>(null)
  const [sorting, setSorting] = useState<RowSorting | null>(null)
  const [hovered, setHovered] = useState<StripRow | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const list = useRef<RowWindowHandle>(null)
  const { widthPx, heightPx } = useElementSize(place)

  const { rows, leftRows } = pause ?? exchange
  const first = Math.max(exchange.forgottenRows, clearedRows)
  const { span, screenRows } = screen
  const sorted = useSortedRows(exchange, { sorting, since: clearedRows, span, selected, isPaused: pause !== null })
  const shown = sorting
    ? { from: 0, to: sorted.total ?? rows - first }
    : { from: first, to: Math.max(first, isFollowing ? Math.min(reader.tail, rows) : rows) }
  const rowAt = sorting ? (place: number) => sorted.row(place) : (place: number) => reader.row(place)
  const selectedPlace = sorting && selected !== null ? sorted.rankOf(selected) : selected

  useEffect(() => {
    if (screenRows > 0 && !sorting)
      reader.see({ span: { from: first + span.from, to: first + span.to }, screenRows, isFollowing, rows, leftRows })
  }, [reader, sorting, first, span, screenRows, isFollowing, rows, leftRows])
  const seeSpan = useCallback((next: RowSpan, room: number) => setScreen({ span: next, screenRows: room }), [])

  const seeFollow = useCallback(
    (next: boolean) => {
      setIsFollowing(next)
      setTailWhenLeft(reader.tail)
    },
    [reader],
  )

  const hover = (place: number | null) => setHovered(place === null ? null : (rowAt(place) ?? null))
  const isOpen = exchange.state === 'open'
  const { select, pick, unselect } = useEventSelection({ list, sorting, rowAt, selected, selectedPlace, setSelected, first, isOpen })
  const revealed = useView((view) => view.revealedRow)
  useEffect(() => {
    if (revealed?.exchangeId !== id) return
    pick(revealed.row)
    revealRow(null)
  })
  const selectedRow =
    selected === null ? null : ((selectedPlace === null ? undefined : rowAt(selectedPlace)) ?? reader.row(selected) ?? null)
  const seenRows = pause ? pause.rows : isFollowing && !sorting ? shown.to : tailWhenLeft
  const search = useRowSearch(id)
  const { matches } = search
  useMatchHighlights(place, matches)
  const step = (by: 1 | -1) => {
    const found = matches?.matches ?? []
    const at = matches === null || selected === null ? null : matches.placeOf(selected)
    const isOn = at !== null && found[at] === selected
    const next = at === null ? (by === 1 ? 0 : found.length - 1) : by === 1 ? at + (isOn ? 1 : 0) : at - 1
    // Past the last comes the first.
    const index = found[(next + found.length) % Math.max(1, found.length)]
    if (index !== undefined) pick(index)
  }
  useSearchKeys(search.choices.isOpen, search.open, step)
  const closeSearch = () => {
    search.change({ isOpen: false })
    list.current?.focus()
  }
  const closeDetail = () => {
    unselect()
    list.current?.focus()
  }
  const hasTimes = exchange.state === 'open' || exchange.rows > 0
  const stripPx = !hasTimes || heightPx < 150 ? 0 : heightPx < 250 ? 68 : heightPx < 300 ? 84 : 104
  const isDetailBeside = widthPx >= sideBySidePx
  const hasRows = shown.to > shown.from || rows > first

  const openDetail = () => place.current?.querySelector<HTMLElement>('[data-event-start]')?.focus()
  const showsMatchesAlone = matches !== null && search.choices.hidesOthers
  const events = showsMatchesAlone ? (
    <MatchList
      exchange={exchange}
      matches={matches}
      selected={selected}
      onSelect={setSelected}
      onOpen={openDetail}
      onClose={selected === null ? closeSearch : closeDetail}
    />
  ) : hasRows ? (
    <EventList
      ref={list}
      exchange={exchange}
      sorting={sorting}
      onSort={setSorting}
      rowAt={rowAt}
      rows={shown}
      span={span}
      opensAtStart={opensAtStart}
      pausedAt={pause?.at ?? null}
      selected={selected}
      selectedPlace={selectedPlace}
      hovered={hovered?.index ?? null}
      isMatch={(index) => matches?.has(index) ?? false}
      onSelect={select}
      onHover={hover}
      onOpen={openDetail}
      onClose={selected === null ? onClose : closeDetail}
      onSpan={seeSpan}
      onFollow={seeFollow}
    />
  ) : (
    <NoEvents exchange={exchange} clearedRows={clearedRows} isPaused={pause !== null} />
  )
  const detail = selected !== null && <EventDetail key={selected} exchange={exchange} index={selected} onClose={closeDetail} />

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes the event wherever the focus is inside
    <div
      ref={place}
      className="flex h-full min-h-0 flex-col"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || selected === null) return
        event.preventDefault()
        closeDetail()
      }}
    >
      {controls &&
        createPortal(
          <EventControls
            exchange={exchange}
            newRows={exchange.rows - seenRows}
            isAway={!sorting && !isFollowing && (isOpen || span.to - span.from < shown.to - shown.from)}
            isPaused={pause !== null}
            canClear={rows > first}
            onSearch={search.open}
            onFollow={() => list.current?.follow()}
            onPause={() => setPause(pause ? null : { at: gatewayNow(), rows: sorting ? rows : shown.to, leftRows: exchange.leftRows })}
            onClear={() => setClearedRows(rows)}
          />,
          controls,
        )}
      {stripPx > 0 && (
        <Strip
          exchange={exchange}
          heightPx={stripPx}
          pausedAt={pause?.at ?? null}
          hovered={hovered}
          selected={selectedRow}
          onHover={setHovered}
          onPick={pick}
        />
      )}
      {search.choices.isOpen && (
        <SearchBar
          exchange={exchange}
          choices={search.choices}
          matches={matches}
          selected={selected}
          onChange={search.change}
          onStep={step}
          onClose={closeSearch}
          focusRequests={search.focusRequests}
        />
      )}
      <EventNotices
        exchange={exchange}
        clearedRows={clearedRows}
        sorting={showsMatchesAlone ? null : sorting}
        onUndoClear={() => setClearedRows(0)}
        onUndoSort={() => {
          setSorting(null)
          list.current?.focus()
        }}
        hasFailed={reader.error !== null}
      />
      <div className="relative min-h-0 flex-1">
        {isDetailBeside ? (
          <Split id="events" orientation="horizontal" className="h-full">
            <SplitPanel id="rows" minSize={320}>
              {events}
            </SplitPanel>
            {detail && (
              <>
                <SplitHandle orientation="horizontal" label="Width of the event" />
                <SplitPanel id="event" minSize={240} defaultSize="38%">
                  {detail}
                </SplitPanel>
              </>
            )}
          </Split>
        ) : (
          <>
            {events}
            {detail && <div className="absolute inset-0 z-20 bg-panel">{detail}</div>}
          </>
        )}
      </div>
      <UnterminatedNotice exchange={exchange} />
    </div>
  )
}
