import type { BufferingMode } from '../../proxy-core/contract/buffering.ts'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import { routeLabel, type Route, type RouteId } from '../../proxy-core/contract/route.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { gatewayStore } from '../state/gateway-store.ts'
import { openRouteForm, selectRoute, viewStore } from '../state/view-store.ts'

/** Turns a route's buffering off, on or to auto; its open exchanges follow at once. */
export function switchBuffering(id: RouteId, response: BufferingMode): void {
  invoke('route.buffering', { id, response }).catch(reportRefusal)
}

/** Releases what every open exchange of a route holds. */
export function releaseRoute(id: RouteId): void {
  invoke('route.release', { id }).catch(reportRefusal)
}

/** Switches a route's faults on purpose; its open exchanges follow at once. */
export function switchFaults(id: RouteId, enabled: boolean): void {
  invoke('route.faults', { id, enabled }).catch(reportRefusal)
}

/** Lets a route take requests, or not. */
export function enableRoute(id: RouteId, enabled: boolean): void {
  invoke('route.enable', { id, enabled }).catch(reportRefusal)
}

/** Moves a route up or down in the list by one place. */
export function moveRoute(id: RouteId, by: -1 | 1): void {
  const { routes } = gatewayStore.getState()
  const index = routes.findIndex((route) => route.id === id) + by
  if (index < 0 || index >= routes.length) return
  invoke('route.move', { id, index }).catch(reportRefusal)
}

/** Removes a route and offers to put it back where it was. */
export function removeRoute(route: Route): void {
  const index = gatewayStore.getState().routes.findIndex((candidate) => candidate.id === route.id)
  invoke('route.remove', { id: route.id }).then(() => {
    if (viewStore.getState().selectedRouteId === route.id) selectRoute(null)
    showToast({
      title: `${routeLabel(route)} was deleted`,
      timeoutMs: 12_000,
      action: { label: 'Undo', run: () => void invoke('route.save', { route, index }).catch(reportRefusal) },
    })
  }, reportRefusal)
}

/** Opens the route form on a copy of a route, to be placed right after it. */
export function duplicateRoute(source: Route): void {
  const index = gatewayStore.getState().routes.findIndex((candidate) => candidate.id === source.id)
  openRouteForm({ mode: 'duplicate', source, index: index + 1 })
}

/** Says why the gateway did not do as asked. */
export function reportRefusal(error: unknown): void {
  const message = error instanceof GatewayError ? error.message : 'Something went wrong inside the window.'
  const first = error instanceof GatewayError ? error.issues?.[0] : undefined
  showToast({ title: message, tone: 'bad', timeoutMs: 10_000, ...(first ? { description: first.message } : {}) })
}
