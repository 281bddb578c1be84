import { Ellipsis } from 'lucide-react'
import { memo } from 'react'
import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { cx } from '../parts/cx.ts'
import { MenuTrigger } from '../parts/menu.tsx'
import { Tag } from '../parts/tag.tsx'
import { StateDot } from '../parts/state-dot.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { selectRoute, useView } from '../state/view-store.ts'
import { matchWords, upstreamWords } from '../text.ts'
import { nodeUrls } from './node-words.ts'
import { releaseRoute } from './route-actions.ts'
import { routeMenu } from './route-menu.tsx'
import { RouteNumbers } from './route-numbers.tsx'
import { routeStanding, standingWords } from './route-standing.ts'
import { RouteSwitch } from './route-switch.tsx'

export interface RouteRowProps {
  readonly route: Route
}

/** One route: what it is, its switch, and what happens on it now. */
export const RouteRow = memo(function RouteRow({ route }: RouteRowProps) {
  const standing = useGateway((view) => routeStanding(route, view.routeTotals.get(route.id)))
  // Also while nothing is held for a moment, so that the button does not slip away from under the pointer between two holds.
  const canRelease = useGateway((view) => {
    const totals = view.routeTotals.get(route.id)
    return totals !== undefined && (totals.heldBytes > 0 || (totals.open > 0 && route.buffering.response === 'on'))
  })
  const isSelected = useView((view) => view.selectedRouteId === route.id)
  const label = routeLabel(route)
  const way = `${matchWords(route)} → ${upstreamWords(route)}`
  return (
    <div
      data-route={route.id}
      className={cx('group relative flex h-full flex-col px-3 pt-2 pl-3.5', isSelected ? 'bg-sel' : 'hover:bg-raised')}
    >
      <div className="flex h-[1.375rem] items-center gap-2">
        <StateDot state={standing} />
        <button
          type="button"
          data-route-button=""
          aria-pressed={isSelected}
          aria-label={`${label}, ${standingWords[standing]}, ${route.faults.enabled ? 'faults on, ' : ''}${way}`}
          className="min-w-0 flex-1 truncate text-left font-semibold -outline-offset-2 before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-focus"
          onClick={() => selectRoute(isSelected ? null : route.id)}
        >
          <span className={cx(!route.enabled && 'text-mute')}>{label}</span>
        </button>
        <div className="relative">
          <RouteSwitch route={route} />
        </div>
      </div>
      <div className="flex h-5 items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-11 text-mute" title={[way, ...nodeUrls(route)].join('\n')}>
          {way}
        </span>
        {route.faults.enabled && (
          <span className="relative flex shrink-0" title="This route shows its clients faults on purpose; its menu switches them off.">
            <Tag tone="bad">faults on</Tag>
          </span>
        )}
        {canRelease && (
          <Button look="held" size="small" className="relative h-[1.125rem]! text-11!" onClick={() => releaseRoute(route.id)}>
            Release now
          </Button>
        )}
      </div>
      <div className="flex h-5 items-center gap-2">
        <RouteNumbers route={route} />
        <MenuTrigger
          handle={routeMenu}
          payload={route.id}
          aria-label={`More for ${label}`}
          className="relative -mr-1 inline-flex size-5 shrink-0 items-center justify-center rounded-tag text-mute opacity-0 group-hover:opacity-100 group-has-[:focus-visible]:opacity-100 hover:bg-panel hover:text-text data-popup-open:opacity-100"
        >
          <Ellipsis size={14} />
        </MenuTrigger>
      </div>
    </div>
  )
})
