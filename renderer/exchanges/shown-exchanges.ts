import { useEffect, useMemo, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { directRouteId } from '../../proxy-core/contract/requests.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { gatewayStore, useGateway } from '../state/gateway-store.ts'
import { useView } from '../state/view-store.ts'
import { bothFilters, readExchangeFilter, routeFilter } from './exchange-filter.ts'
import { usePacedGateway } from './paced-gateway.ts'
import { ExchangeSieve, indexOfExchange, type VisibleExchanges } from './visible-exchanges.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

/** What the list shows now. */
export interface ShownExchanges extends VisibleExchanges {
  readonly routeNames: ReadonlyMap<RouteId, string>
  readonly pausedAt: number | null
  /** Exchanges that the filter lets through and that started since the list was paused. */
  readonly newWhilePaused: number
}

/** The exchanges that pass the filter, newest first, up to ten times a second; frozen while the list is paused. */
export function useShownExchanges(): ShownExchanges {
  const filterText = useView((view) => view.exchangeFilter)
  const routeId = useView((view) => view.selectedRouteId)
  const isPaused = useView((view) => view.isExchangeListPaused)
  const routes = useGateway((view) => view.routes)
  const restarts = useGateway((view) => view.restarts)
  const revision = usePacedGateway((view) => view.revision, 100)

  const routeNames = useMemo(
    () => new Map([[directRouteId, 'direct'] as const, ...routes.map((route) => [route.id, routeLabel(route)] as const)]),
    [routes],
  )
  const sieve = useMemo(() => {
    // After a restart of the gateway the numbers of exchanges begin anew, and answers about old ones are about others.
    void restarts
    const { filter, isTimed } = readExchangeFilter(filterText)
    return new ExchangeSieve(bothFilters(filter, routeFilter(routeId)), routeNames, isTimed)
  }, [filterText, routeId, routeNames, restarts])
  const [round, setRound] = useState(0)
  const live = useMemo(() => {
    // The log is changed in place; the revision tells when.
    void revision
    void round
    const { exchanges: log, changes } = gatewayStore.getState()
    return sieve.sift(log, changes)
  }, [sieve, revision, round])
  useEffect(() => {
    if (!live.isPartial) return
    const timer = setTimeout(() => setRound((before) => before + 1), 0)
    return () => clearTimeout(timer)
  }, [live])

  const [pause, setPause] = useState<Pause | null>(null)
  if (isPaused !== (pause !== null)) setPause(isPaused ? pauseNow() : null)

  const exchanges = useMemo((): ShownExchanges => {
    if (!pause) return { ...live, routeNames, pausedAt: null, newWhilePaused: 0 }
    const shown = pause.exchanges.filter((exchange) => sieve.shows(exchange)).toReversed()
    // Those that are newer stand before it.
    const newWhilePaused = indexOfExchange(live.shown, pause.newestId)
    return { shown, hasOpen: false, total: pause.exchanges.length, isPartial: false, routeNames, pausedAt: pause.at, newWhilePaused }
  }, [live, pause, sieve, routeNames])
  useEffect(() => {
    shownLast = exchanges.shown
  }, [exchanges.shown])
  return exchanges
}

let shownLast: readonly Exchange[] = []

/** What the list shows, for commands that are about all of it. */
export function shownNow(): readonly Exchange[] {
  return shownLast
}

interface Pause {
  readonly at: number
  readonly newestId: number
  readonly exchanges: readonly Exchange[]
}

function pauseNow(): Pause {
  const exchanges = [...gatewayStore.getState().exchanges.values()]
  return { at: gatewayNow(), newestId: exchanges.reduce((newest, { id }) => Math.max(newest, id), 0), exchanges }
}
