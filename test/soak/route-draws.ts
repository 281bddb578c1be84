import type { RouteInput } from '../../proxy-core/contract/route.ts'
import type { Random } from './random.ts'

/** Routes that are there all the time, whatever becomes of their policies. */
export const stableRoutes = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'] as const
/** Routes that come and go. */
export const guestRoutes = ['g0', 'g1'] as const
/** A route to a port on which nothing listens. */
export const deadRoute = 'dead'
/** The route whose name tells which edit is in force. */
export const markerRoute = 'marker'

/** A route to one of the upstreams, with a policy and settings by chance, of which none but heartbeats may change a body. */
export function drawRoute(random: Random, id: string, upstreamUrls: readonly string[]): RouteInput {
  return {
    id,
    match: { path: `/${id}/*` },
    upstream: { url: random.pick(upstreamUrls), ...(random.chance(0.2) ? { hostHeader: 'upstream' } : {}) },
    stripPrefix: random.chance(0.2),
    buffering: {
      response: random.pick(['off', 'on', 'auto'] as const),
      holdBytes: random.pick([1, 512, 8192, 65_536, null]),
      holdMs: random.pick([null, 20, 200]),
      holdHead: random.chance(0.3),
      memoryBytes: random.pick([16_384, 65_536, 262_144]),
      spoolBytes: random.pick([0, 500_000, 100_000_000]),
    },
    headers: { response: { set: random.chance(0.3) ? { 'X-Soak': String(random.int(0, 9)) } : {} } },
    // Their comments are taken out again where bodies are compared.
    stream: { heartbeatMs: random.chance(0.5) ? 1000 : null },
    capture: { enabled: random.chance(0.8) },
  }
}

/** The routes of a run that is at rest: all as it was at the start. */
export function restingRoutes(upstreamUrls: readonly string[], deadUrl: string, marker: number): RouteInput[] {
  const stable = stableRoutes.map((id) => ({ id, match: { path: `/${id}/*` }, upstream: { url: upstreamUrls[0] as string } }))
  return [...stable, { id: deadRoute, match: { path: '/dead/*' }, upstream: { url: deadUrl } }, markerOf(marker)]
}

/** The marker route of an edit. */
export function markerOf(marker: number): RouteInput {
  return { id: markerRoute, name: `edit ${String(marker)}`, match: { path: '/marker' }, upstream: { url: 'http://127.0.0.1:9' } }
}
