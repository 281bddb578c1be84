import type { RouteId } from '../../proxy-core/contract/route.ts'
import { useView, viewStore } from '../state/view-store.ts'

/** Reads the text of a route's streams in unknown formats along a path, or no longer. */
export function setAssembledPath(routeId: RouteId | null, path: string | null): void {
  viewStore.setState(({ assembledPaths }) => {
    const { [routeId ?? noRoute]: _, ...others } = assembledPaths
    return { assembledPaths: path === null ? others : { ...others, [routeId ?? noRoute]: path } }
  })
}

/** The path that was picked for a route's streams; null for none. */
export function useAssembledPath(routeId: RouteId | null): string | null {
  return useView(({ assembledPaths }) => assembledPaths[routeId ?? noRoute] ?? null)
}

// No route is called so: ids have a letter or a digit.
const noRoute = ''
