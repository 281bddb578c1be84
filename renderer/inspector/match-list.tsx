import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import { isKeptByFault } from '../exchanges/exchange-words.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { RowWindow } from '../exchanges/row-window.tsx'
import { invoke } from '../gateway.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { useNow } from '../state/clock.ts'
import { useView } from '../state/view-store.ts'
import { plural } from '../text.ts'
import { eventTable, rowNouns } from './event-columns.ts'
import { EventRow } from './event-row.tsx'
import type { MatchReader } from './match-reader.ts'

const cachedRows = 4000

export interface MatchListProps {
  readonly exchange: Exchange
  readonly matches: MatchReader
  readonly selected: number | null
  readonly onSelect: (index: number) => void
  readonly onOpen: () => void
  readonly onClose: () => void
}

/** The rows that a search found, and no others. */
export function MatchList({ exchange, matches, selected, onSelect, onOpen, onClose }: MatchListProps) {
  const found = matches.matches
  const [span, setSpan] = useState<RowSpan>({ from: 0, to: 0 })
  const seeSpan = useCallback((next: RowSpan) => setSpan(next), [])
  const rows = useRowsAt(exchange, found.slice(span.from, span.to))
  const keyAt = useCallback((place: number) => found[place] ?? 0, [found])
  const indexOf = useCallback((index: number) => Math.min(matches.placeOf(index), Math.max(0, found.length - 1)), [matches, found])
  const format = useView((view) => view.timeFormat)
  const times = useMemo(() => ({ format, startedAt: exchange.startedAt }), [format, exchange.startedAt])
  const isOpen = exchange.state === 'open'
  const ticking = useNow(isOpen && exchange.leftRows < exchange.rows, 100)
  const noun = rowNouns[exchange.rowKind ?? 'event'].one

  if (found.length === 0) {
    return matches.isDone ? (
      <EmptyState title="Nothing matches">
        None of {plural(matches.report?.rows ?? 0, noun)} has this text. {isOpen && 'New ones are searched as they come.'}
      </EmptyState>
    ) : (
      <EmptyState title="Searching" />
    )
  }
  return (
    <div className="h-full" style={{ '--longest': 1000 }}>
      <RowWindow
        label="Matches, oldest first"
        {...eventTable(exchange.rowKind, format)}
        count={found.length}
        rowPx={24}
        keyAt={keyAt}
        indexOf={indexOf}
        growsAt="end"
        opensAtStart
        selectedKey={selected}
        onSelect={onSelect}
        onOpen={onOpen}
        onClose={onClose}
        onSpan={seeSpan}
        className="bg-panel"
      >
        {(place, columns, rowId) => {
          const index = found[place] ?? 0
          const row = rows.get(index)
          return (
            <EventRow
              id={rowId(index)}
              place={index}
              index={index}
              times={times}
              row={row}
              columns={columns}
              mark={index === selected ? 'selected' : null}
              now={isOpen && row?.leftAt === null ? ticking : null}
              isKeptByFault={row?.leftAt === null && isKeptByFault(exchange)}
            />
          )
        }}
      </RowWindow>
    </div>
  )
}

/** The rows of these indexes, as they are read. */
function useRowsAt({ id, leftRows, rowKind }: Exchange, indexes: readonly number[]): ReadonlyMap<number, Row> {
  const [rows, setRows] = useState<ReadonlyMap<number, Row>>(new Map())
  const isStale = (index: number) => {
    const row = rows.get(index)
    return row === undefined || (row.leftAt === null && (index < leftRows || rowKind === 'message'))
  }
  const missing = indexes.filter(isStale).join()
  // Messages leave in two orders: which have left is known only when they are read again.
  const stamp = rowKind === 'message' ? leftRows : 0
  useEffect(() => {
    void stamp
    if (missing === '') return
    let isWanted = true
    invoke('exchange.rowsAt', { id, indexes: missing.split(',').map(Number) }).then(
      (read) => {
        if (!isWanted) return
        setRows((before) => new Map([...[...before].slice(-cachedRows), ...read.map((row) => [row.index, row] as const)]))
      },
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [id, missing, stamp])
  return rows
}
