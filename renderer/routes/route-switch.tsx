import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import type { BufferingMode } from '../../proxy-core/contract/buffering.ts'
import { Menu, MenuChoices, MenuItem, MenuLine } from '../parts/menu.tsx'
import { Segmented, type Segment } from '../parts/segmented.tsx'
import { tints } from '../parts/tag.tsx'
import { cx } from '../parts/cx.ts'
import { useGateway } from '../state/gateway-store.ts'
import { releaseRoute, switchBuffering } from './route-actions.ts'
import { switchTone } from './route-standing.ts'

/** The three positions of the switch. */
export const bufferingSegments: readonly Segment<BufferingMode>[] = [
  { value: 'off', label: 'Off' },
  { value: 'on', label: 'On' },
  { value: 'auto', label: 'Auto' },
]

/** The route's buffering switch: one click, and open streams follow. */
export function RouteSwitch({ route }: { route: Route }) {
  const tone = useGateway((view) => switchTone(route, view.routeTotals.get(route.id)))
  return (
    <Segmented
      label={`Response buffering of ${routeLabel(route)}`}
      value={route.buffering.response}
      segments={bufferingSegments}
      tone={tone}
      onChange={(mode) => switchBuffering(route.id, mode)}
    />
  )
}

/** The switch where there is room for one word. */
export function NarrowRouteSwitch({ route }: { route: Route }) {
  const tone = useGateway((view) => switchTone(route, view.routeTotals.get(route.id)))
  const mode = route.buffering.response
  const word = bufferingSegments.find((segment) => segment.value === mode)?.label
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Response buffering of ${routeLabel(route)}: ${mode}`}
          className={cx('relative z-10 h-[1.125rem] min-w-9 rounded-tag px-1.5 text-11 font-medium', tints[tone])}
        >
          {word}
        </button>
      }
    >
      <MenuChoices
        value={mode}
        onChange={(next) => switchBuffering(route.id, next)}
        choices={[
          { value: 'off', label: 'Off: bytes pass as they come' },
          { value: 'on', label: 'On: bytes are held' },
          { value: 'auto', label: 'Auto: streams pass, the rest is held' },
        ]}
      />
      {tone === 'held' && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => releaseRoute(route.id)}>Release now</MenuItem>
        </>
      )}
    </Menu>
  )
}
