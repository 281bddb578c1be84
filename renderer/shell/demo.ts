import type { Route } from '../../proxy-core/contract/route.ts'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { invoke } from '../gateway.ts'
import { reportRefusal } from '../routes/route-actions.ts'

/** The demo stream that was opened from this window. */
export interface DemoStream {
  readonly requestId: number | null
  readonly routeId: string | null
}

const demoStore = createStore<DemoStream>()(() => ({ requestId: null, routeId: null }))

export function useDemo<T>(select: (demo: DemoStream) => T): T {
  return useStore(demoStore, select)
}

/** Whether a route leads to the built-in event stream. */
export function isDemoRoute(route: Route): boolean {
  return route.enabled && route.upstream.url === 'demo:' && route.match.path === '/.sse'
}

/** Opens the demo stream: the gateway's own client asks through its own listener. */
export function openDemo(route: Route): void {
  invoke('request.send', { method: 'GET', target: '/.sse', headers: { accept: 'text/event-stream' } }).then(
    ({ requestId }) => demoStore.setState({ requestId, routeId: route.id }),
    reportRefusal,
  )
}

/** Ends the demo stream as a client would: by leaving. */
export function stopDemo(): void {
  const { requestId } = demoStore.getState()
  demoStore.setState({ requestId: null, routeId: null })
  if (requestId !== null) invoke('request.stop', { requestId }).catch(reportRefusal)
}

/** Forgets the demo stream after it has ended by itself. */
export function forgetDemo(): void {
  demoStore.setState({ requestId: null, routeId: null })
}
