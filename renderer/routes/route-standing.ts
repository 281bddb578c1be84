import type { RouteTotals } from '../../proxy-core/contract/events.ts'
import type { Route } from '../../proxy-core/contract/route.ts'
import type { DotState } from '../parts/state-dot.tsx'
import type { Tone } from '../text.ts'

/** How a route stands now, as its dot shows it. The worst that is true wins. */
export function routeStanding(route: Route, totals: RouteTotals | undefined): DotState {
  if (!route.enabled && !totals?.open) return 'off'
  if (!totals) return 'idle'
  if (totals.heldBytes > 0) return 'held'
  if (totals.lastError) return 'bad'
  return totals.open > 0 ? 'live' : 'idle'
}

/** The standing in words, for those who cannot see the dot. */
export const standingWords: Readonly<Record<DotState, string>> = {
  idle: 'no open streams',
  live: 'streams open',
  held: 'bytes held',
  bad: 'upstream fails',
  off: 'disabled',
}

/** The tint of a route's switch: blue while bytes pass, amber while they are held. */
export function switchTone(route: Route, totals: RouteTotals | undefined): Tone {
  if (!route.enabled && !totals?.open) return 'neutral'
  const mode = route.buffering.response
  if (mode === 'on') return 'held'
  if (mode === 'off') return 'flow'
  if (!totals || totals.open === 0) return 'neutral'
  return totals.heldBytes > 0 ? 'held' : 'flow'
}
