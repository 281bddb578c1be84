import { useEffect, useMemo, useState } from 'react'
import type { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { gatewayStore, useGateway } from '../state/gateway-store.ts'
import { useView } from '../state/view-store.ts'
import { readExchangeFilter } from './exchange-filter.ts'
import { ExchangeSieve, type VisibleExchanges } from './visible-exchanges.ts'

// Text that changes more often than this is not read, and each round costs the page a layout.
const leastMsBetween = 100

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
  const isPaused = useView((view) => view.isExchangeListPaused)
  const routes = useGateway((view) => view.routes)
  const restarts = useGateway((view) => view.restarts)
  const { log, revision } = usePacedLog()

  const routeNames = useMemo(() => new Map(routes.map((route) => [route.id, routeLabel(route)])), [routes])
  const sieve = useMemo(() => {
    // After a restart of the gateway the numbers of exchanges begin anew, and answers about old ones are about others.
    void restarts
    return new ExchangeSieve(readExchangeFilter(filterText), routeNames)
  }, [filterText, routeNames, restarts])
  const live = useMemo(() => {
    void revision
    return sieve.sift(log)
  }, [sieve, log, revision])

  const [pause, setPause] = useState<Pause | null>(null)
  if (isPaused !== (pause !== null)) setPause(isPaused ? pauseNow() : null)

  return useMemo(() => {
    if (!pause) return { ...live, routeNames, pausedAt: null, newWhilePaused: 0 }
    const shown = pause.exchanges.filter((exchange) => sieve.shows(exchange)).toReversed()
    const newWhilePaused = live.shown.filter(({ id }) => id > pause.newestId).length
    return { shown, total: pause.exchanges.length, routeNames, pausedAt: pause.at, newWhilePaused }
  }, [live, pause, sieve, routeNames])
}

interface Pause {
  readonly at: number
  readonly newestId: number
  readonly exchanges: readonly Exchange[]
}

function pauseNow(): Pause {
  const exchanges = [...gatewayStore.getState().exchanges.values()]
  return { at: Date.now(), newestId: exchanges.reduce((newest, { id }) => Math.max(newest, id), 0), exchanges }
}

/** The log and a number that changes when it does, at once after a pause and then every `leastMsBetween`. */
function usePacedLog(): { readonly log: ExchangeLog; readonly revision: number } {
  const [paced, setPaced] = useState(() => logNow())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    let isBehind = false
    const take = () => {
      isBehind = false
      setPaced(logNow())
      timer = setTimeout(() => {
        timer = null
        if (isBehind) take()
      }, leastMsBetween)
    }
    const stop = gatewayStore.subscribe(() => {
      if (timer === null) take()
      else isBehind = true
    })
    take()
    return () => {
      stop()
      if (timer !== null) clearTimeout(timer)
    }
  }, [])
  return paced
}

function logNow(): { readonly log: ExchangeLog; readonly revision: number } {
  const { exchanges, revision } = gatewayStore.getState()
  return { log: exchanges, revision }
}
