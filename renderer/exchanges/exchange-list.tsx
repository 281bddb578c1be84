import { useCallback, useState, type Ref } from 'react'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { ExchangeMenuItems } from '../compose/exchange-menu.tsx'
import { MenuItem, MenuLine, RightClickMenu } from '../parts/menu.tsx'
import { useNow } from '../state/clock.ts'
import { useGateway } from '../state/gateway-store.ts'
import { selectExchange, useView } from '../state/view-store.ts'
import { clearOne, togglePin } from './exchange-actions.ts'
import { exchangeColumns } from './exchange-columns.ts'
import { ExchangeRow } from './exchange-row.tsx'
import { RowWindow, type RowWindowHandle } from './row-window.tsx'
import type { RowSpan } from './row-range.ts'
import { indexOfExchange } from './visible-exchanges.ts'

export interface ExchangeListProps {
  /** Newest first. */
  readonly exchanges: readonly Exchange[]
  /** Some of them are open, and their times run. */
  readonly hasOpen: boolean
  readonly routeNames: ReadonlyMap<RouteId, string>
  /** When the list was paused; null while it runs. */
  readonly pausedAt: number | null
  readonly onSpan: (span: RowSpan) => void
  readonly onOpen: () => void
  readonly ref?: Ref<RowWindowHandle>
}

/** The exchanges as a table, newest first. */
export function ExchangeList({ exchanges, hasOpen, routeNames, pausedAt, onSpan, onOpen, ref }: ExchangeListProps) {
  const selectedId = useView((view) => view.selectedExchangeId)
  const [askedId, setAskedId] = useState<ExchangeId | null>(null)
  const ticking = useNow(hasOpen)
  const now = pausedAt ?? ticking
  const keyAt = useCallback((index: number) => exchanges[index]?.id ?? 0, [exchanges])
  const indexOf = useCallback((id: number) => Math.min(indexOfExchange(exchanges, id), Math.max(0, exchanges.length - 1)), [exchanges])

  const list = (
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
  const asked = useGateway((view) => (askedId === null ? undefined : view.exchanges.get(askedId)))
  return (
    <RightClickMenu
      onAsk={(element) => {
        const id = Number(element.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? selectedId ?? 0)
        setAskedId(id as ExchangeId)
        // The head of the table has a menu of its own.
        return id !== 0 && element.closest('[role=columnheader]') === null
      }}
      target={
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the table inside takes the focus
        <div
          className="h-full"
          onKeyDown={(event) => {
            if (event.key !== 'p' || event.ctrlKey || event.metaKey || event.altKey || selectedId === null) return
            const selected = exchanges[indexOf(selectedId)]
            if (selected?.id !== selectedId) return
            event.preventDefault()
            togglePin(selected)
          }}
        >
          {list}
        </div>
      }
    >
      {asked && (
        <>
          <ExchangeMenuItems id={asked.id} />
          <MenuLine />
          <MenuItem keys="p" onSelect={() => togglePin(asked)}>
            {asked.isPinned ? 'Unpin' : 'Pin: never forget or clear it'}
          </MenuItem>
          <MenuItem isDisabled={asked.state === 'open' || asked.isPinned} onSelect={() => clearOne(asked.id)}>
            Clear this one
          </MenuItem>
        </>
      )}
    </RightClickMenu>
  )
}
