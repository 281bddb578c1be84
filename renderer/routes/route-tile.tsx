import { memo } from 'react'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { cx } from '../parts/cx.ts'
import { StateDot } from '../parts/state-dot.tsx'
import { Tooltip } from '../parts/tooltip.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { selectRoute, useView } from '../state/view-store.ts'
import { matchWords, upstreamWords } from '../text.ts'
import type { RouteRowProps } from './route-row.tsx'
import { restCount } from './node-words.ts'
import { routeStanding, standingWords } from './route-standing.ts'
import { NarrowRouteSwitch } from './route-switch.tsx'

/** One route where the panel is collapsed: its initials, its state and its switch. */
export const RouteTile = memo(function RouteTile({ route }: RouteRowProps) {
  const standing = useGateway((view) => routeStanding(route, view.routeTotals.get(route.id)))
  const resting = useGateway((view) => restCount(view.routeTotals.get(route.id)?.nodes ?? []))
  const isSelected = useView((view) => view.selectedRouteId === route.id)
  const label = routeLabel(route)
  const faults = route.faults.enabled ? 'faults on, ' : ''
  const words = resting === null ? standingWords[standing] : `${standingWords[standing]}, ${resting}`
  const way = `${matchWords(route)} → ${upstreamWords(route)}`
  return (
    <div
      data-route={route.id}
      className={cx('relative flex h-full flex-col items-center justify-center gap-1', isSelected ? 'bg-sel' : 'hover:bg-raised')}
    >
      <Tooltip side="right" text={`${label}: ${faults}${words}. ${way}`}>
        <button
          type="button"
          data-route-button=""
          aria-pressed={isSelected}
          aria-label={`${label}, ${words}, ${faults}${way}`}
          className="flex items-center gap-1 font-semibold before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-focus"
          onClick={() => selectRoute(isSelected ? null : route.id)}
        >
          <StateDot state={resting !== null && standing !== 'held' ? 'bad' : standing} />
          <span className={cx(!route.enabled && 'text-mute', route.faults.enabled && 'text-bad underline')}>{initials(label)}</span>
        </button>
      </Tooltip>
      <NarrowRouteSwitch route={route} />
    </div>
  )
})

/** Two letters for a name: `Chat API` → `CA`, `orders` → `Or`. */
export function initials(label: string): string {
  const [first = '', second] = label.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  if (second) return (first.charAt(0) + second.charAt(0)).toUpperCase()
  return first.charAt(0).toUpperCase() + first.charAt(1)
}
