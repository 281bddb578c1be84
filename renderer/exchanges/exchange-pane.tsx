import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react'
import { ExchangeDetail } from '../inspector/exchange-detail.tsx'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Split, SplitHandle, SplitPanel, useMedia } from '../parts/split.tsx'
import { FirstRun } from '../shell/first-run.tsx'
import { lookAt } from '../state/feed.ts'
import { useGateway } from '../state/gateway-store.ts'
import { pauseExchangeList, selectExchange, selectRoute, setExchangeFilter, useView } from '../state/view-store.ts'
import { plural } from '../text.ts'
import { clearByKey } from './exchange-actions.ts'
import { ExchangeFilterBar } from './exchange-filter-bar.tsx'
import { ExchangeList } from './exchange-list.tsx'
import { LookReporter } from './look.ts'
import { usePacedGateway } from './paced-gateway.ts'
import type { RowSpan } from './row-range.ts'
import type { RowWindowHandle } from './row-window.tsx'
import { useShownExchanges, type ShownExchanges } from './shown-exchanges.ts'

/** The exchanges, and the detail of the one that is selected. */
export function ExchangePane() {
  const exchanges = useShownExchanges()
  const selectedId = useView((view) => view.selectedExchangeId)
  const placement = useView((view) => view.detailPlacement)
  const list = useRef<RowWindowHandle>(null)
  const detail = useRef<HTMLDivElement>(null)
  const [span, setSpan] = useState<RowSpan>({ from: 0, to: 0 })
  const seeSpan = useCallback((next: RowSpan) => setSpan(next), [])
  // Where both would be a row or two high, as at twice the text size, the detail takes the place of the list.
  const isShort = useMedia('(max-height: 31rem)') && placement === 'below'
  // There the arrow keys step through the list, and Enter or a click opens.
  const [isBrowsing, setIsBrowsing] = useState(false)
  useLook(exchanges, span)
  useEffect(() => {
    window.addEventListener('keydown', clearByKey)
    return () => window.removeEventListener('keydown', clearByKey)
  }, [])

  if (exchanges.total === 0 && exchanges.pausedAt === null) return <FirstRun />

  const orientation = placement === 'below' ? 'vertical' : 'horizontal'
  const focusList = () => list.current?.focus()
  const focusDetail = () => detail.current?.querySelector<HTMLElement>('[data-detail-start]')?.focus()
  if (isShort && selectedId !== null && !isBrowsing) {
    const goBack = () => {
      selectExchange(selectedId)
      setIsBrowsing(true)
      requestAnimationFrame(focusList)
    }
    return (
      <div ref={detail} className="h-full min-h-0">
        <DetailOfSelected onClosed={goBack} />
      </div>
    )
  }
  const open = () => {
    setIsBrowsing(false)
    if (isShort) requestAnimationFrame(focusDetail)
    else focusDetail()
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ExchangeFilterBar {...exchanges} onLeave={focusList} />
      {/* The key makes a new group where the direction changes: sizes are remembered for each. */}
      <Split key={placement} id={`exchanges-${placement}`} orientation={orientation} className="min-h-0 flex-1">
        <SplitPanel id="list" minSize={placement === 'below' ? 80 : 280} defaultSize={placement === 'below' ? '32%' : '42%'}>
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the table inside takes the focus and has the keys */}
          <div
            className="h-full"
            onKeyDownCapture={() => setIsBrowsing(true)}
            onClick={({ target }) => target instanceof Element && target.closest('[data-key]') && setIsBrowsing(false)}
          >
            {exchanges.shown.length === 0 ? (
              <NothingShown {...exchanges} />
            ) : (
              <ExchangeList
                ref={list}
                exchanges={exchanges.shown}
                hasOpen={exchanges.hasOpen}
                routeNames={exchanges.routeNames}
                pausedAt={exchanges.pausedAt}
                onSpan={seeSpan}
                onOpen={open}
              />
            )}
          </div>
        </SplitPanel>
        {selectedId !== null && !isShort && (
          <>
            <SplitHandle orientation={orientation} label="Size of the exchange list" />
            <SplitPanel id="detail" minSize={placement === 'below' ? 160 : 320}>
              <div ref={detail} className="h-full min-h-0">
                <DetailOfSelected onClosed={focusList} />
              </div>
            </SplitPanel>
          </>
        )}
      </Split>
    </div>
  )
}

function DetailOfSelected({ onClosed }: { onClosed: () => void }) {
  // Who steps through the list quickly is not made to wait for the detail of each: the list goes first then.
  const selectedId = useView((view) => view.selectedExchangeId)
  const unhurriedId = useDeferredValue(selectedId)
  const id = useView((view) => view.isSelectionHurried) ? unhurriedId : selectedId
  const exchange = usePacedGateway((view) => (id === null ? undefined : view.exchanges.get(id)), 50)
  const restarts = useGateway((view) => view.restarts)
  if (!exchange) {
    return (
      <div className="h-full border-t border-line bg-panel">
        <EmptyState
          title="This exchange is no longer kept"
          action={
            <Button
              onClick={() => {
                selectExchange(null)
                onClosed()
              }}
            >
              Back to the list
            </Button>
          }
        >
          It was cleared, or forgotten to make room for newer ones.
        </EmptyState>
      </div>
    )
  }
  // Numbers begin anew with the gateway, so the same number is then another exchange.
  return <ExchangeDetail key={`${restarts}-${exchange.id}`} exchange={exchange} onClosed={onClosed} />
}

function NothingShown({ total, pausedAt, newWhilePaused }: ShownExchanges) {
  const isFiltered = useView((view) => view.exchangeFilter !== '' || view.selectedRouteId !== null)
  const resume = <Button onClick={() => pauseExchangeList(false)}>Resume</Button>
  if (total === 0) {
    return (
      <EmptyState title="The list is paused" action={resume}>
        It was empty when it was paused. {newWhilePaused > 0 && `${plural(newWhilePaused, 'exchange')} came since.`}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="The filter hides every exchange"
      action={
        <>
          {isFiltered && (
            <Button look="primary" onClick={clearFilters}>
              Clear filter
            </Button>
          )}
          {pausedAt !== null && resume}
        </>
      }
    >
      None of {plural(total, 'exchange')} matches it{pausedAt === null ? '' : ', and the list is paused'}.
    </EmptyState>
  )
}

function clearFilters(): void {
  setExchangeFilter('')
  selectRoute(null)
}

/** Keeps the gateway told which exchanges are on screen. */
function useLook({ shown, pausedAt }: ShownExchanges, { from, to }: RowSpan): void {
  const selectedId = useView((view) => view.selectedExchangeId)
  const [reporter] = useState(() => new LookReporter(lookAt))
  useEffect(() => {
    const ids = pausedAt === null ? shown.slice(from, to).map(({ id }) => id) : []
    if (selectedId === null) reporter.see(ids, [])
    else reporter.see(ids.includes(selectedId) ? ids : [...ids, selectedId], [selectedId])
  }, [reporter, shown, from, to, selectedId, pausedAt])
  useEffect(() => () => reporter.stop(), [reporter])
}
