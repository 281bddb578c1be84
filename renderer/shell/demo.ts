import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import { invoke } from '../gateway.ts'
import { reportRefusal } from '../routes/route-actions.ts'
import { gatewayStore } from '../state/gateway-store.ts'
import { selectExchange } from '../state/view-store.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

/** The demo stream that was opened from this window. */
export interface DemoStream {
  /** Null until the gateway has taken the request. */
  readonly requestId: number | null
  readonly routeId: RouteId
  /** Its exchange, once the gateway has reported it. */
  readonly exchangeId: ExchangeId | null
}

const demoStore = createStore<{ readonly stream: DemoStream | null }>()(() => ({ stream: null }))

/** The demo stream, while it runs. */
export function useDemoStream(): DemoStream | null {
  return useStore(demoStore, (demo) => demo.stream)
}

/** Whether a route leads to the built-in event stream. */
export function isDemoRoute(route: Route): boolean {
  return route.enabled && route.upstream.url === 'demo:' && route.match.path === '/.sse'
}

/** Opens the demo stream, asked for by the gateway's own client through its own listener, and shows its exchange. */
export function openDemo(route: Route): void {
  const since = gatewayNow()
  const stopWatching = watchForExchange(route.id, since)
  invoke('request.send', { method: 'GET', url: '/.sse', headers: [['Accept', 'text/event-stream']] }).then(
    ({ requestId }) =>
      demoStore.setState(({ stream }) => ({ stream: { requestId, routeId: route.id, exchangeId: stream?.exchangeId ?? null } })),
    (error: unknown) => {
      stopWatching()
      reportRefusal(error)
    },
  )
}

/** Ends the demo stream as a client would: by leaving. */
export function stopDemo(): void {
  const { stream } = demoStore.getState()
  forgetDemo()
  if (stream && stream.requestId !== null) invoke('request.stop', { requestId: stream.requestId }).catch(reportRefusal)
}

/** Forgets the demo stream after it has ended by itself. */
export function forgetDemo(): void {
  demoStore.setState({ stream: null })
}

const waitForExchangeMs = 5000

// The reply to the command and the exchange in the feed come in either order.
function watchForExchange(routeId: RouteId, since: number): () => void {
  const take = () => {
    for (const exchange of gatewayStore.getState().exchanges.values()) {
      if (exchange.routeId !== routeId || exchange.startedAt < since) continue
      stop()
      selectExchange(exchange.id)
      demoStore.setState(({ stream }) => ({ stream: { requestId: stream?.requestId ?? null, routeId, exchangeId: exchange.id } }))
      return
    }
  }
  const unsubscribe = gatewayStore.subscribe(take)
  const timer = setTimeout(unsubscribe, waitForExchangeMs)
  const stop = () => {
    clearTimeout(timer)
    unsubscribe()
  }
  return stop
}
