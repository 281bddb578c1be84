import { useCallback, useMemo, type Ref } from 'react'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { useNow } from '../state/clock.ts'
import { selectExchange, useView } from '../state/view-store.ts'
import { exchangeColumns } from './exchange-columns.ts'
import { ExchangeRow } from './exchange-row.tsx'
import { RowWindow, type RowWindowHandle } from './row-window.tsx'
import type { RowSpan } from './row-range.ts'
import { indexOfExchange } from './visible-exchanges.ts'

export interface ExchangeListProps {
  /** Newest first. */
  readonly exchanges: readonly Exchange[]
  readonly routeNames: ReadonlyMap<RouteId, string>
  /** When the list was paused; null while it runs. */
  readonly pausedAt: number | null
  readonly onSpan: (span: RowSpan) => void
  readonly onOpen: () => void
  readonly ref?: Ref<RowWindowHandle>
}

/** The exchanges as a table, newest first. */
export function ExchangeList({ exchanges, routeNames, pausedAt, onSpan, onOpen, ref }: ExchangeListProps) {
  const selectedId = useView((view) => view.selectedExchangeId)
  const hasOpen = useMemo(() => exchanges.some(({ state }) => state === 'open'), [exchanges])
  const ticking = useNow(hasOpen && pausedAt === null)
  const now = pausedAt ?? ticking
  const keyAt = useCallback((index: number) => exchanges[index]?.id ?? 0, [exchanges])
  const indexOf = useCallback((id: number) => Math.min(indexOfExchange(exchanges, id), Math.max(0, exchanges.length - 1)), [exchanges])

  return (
    <RowWindow
      {...(ref === undefined ? {} : { ref })}
      label="Exchanges, newest first"
      columns={exchangeColumns}
      table="exchanges"
      count={exchanges.length}
      rowPx={26}
      keyAt={keyAt}
      indexOf={indexOf}
      growsAt="start"
      selectedKey={selectedId}
      onSelect={(id) => selectExchange(id as ExchangeId)}
      onOpen={onOpen}
      onClose={() => selectExchange(null)}
      onSpan={onSpan}
      className="bg-bg"
    >
      {(index, columns, rowId) => {
        const exchange = exchanges[index]
        if (!exchange) return null
        return (
          <ExchangeRow
            key={exchange.id}
            id={rowId(exchange.id)}
            index={index}
            exchange={exchange}
            routeName={exchange.routeId === null ? '' : (routeNames.get(exchange.routeId) ?? exchange.routeId)}
            columns={columns}
            isSelected={exchange.id === selectedId}
            now={exchange.state === 'open' ? now : 0}
          />
        )
      }}
    </RowWindow>
  )
}
