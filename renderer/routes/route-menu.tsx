import type { Route } from '../../proxy-core/contract/route.ts'
import { MenuItem, MenuLine } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { openRouteForm } from '../state/view-store.ts'
import { duplicateRoute, enableRoute, moveRoute, releaseRoute, removeRoute } from './route-actions.ts'

/** All that can be done with a route, for its menus. */
export function RouteMenuItems({ route, isFirst, isLast }: { route: Route; isFirst: boolean; isLast: boolean }) {
  const isHeld = useGateway((view) => (view.routeTotals.get(route.id)?.heldBytes ?? 0) > 0)
  return (
    <>
      {isHeld && (
        <>
          <MenuItem onSelect={() => releaseRoute(route.id)}>Release now</MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem keys="F2" onSelect={() => openRouteForm({ mode: 'edit', source: route })}>
        Edit
      </MenuItem>
      <MenuItem onSelect={() => duplicateRoute(route)}>Duplicate</MenuItem>
      <MenuItem onSelect={() => enableRoute(route.id, !route.enabled)}>{route.enabled ? 'Disable' : 'Enable'}</MenuItem>
      <MenuLine />
      <MenuItem keys="Alt+↑" isDisabled={isFirst} onSelect={() => moveRoute(route.id, -1)}>
        Move up
      </MenuItem>
      <MenuItem keys="Alt+↓" isDisabled={isLast} onSelect={() => moveRoute(route.id, 1)}>
        Move down
      </MenuItem>
      <MenuLine />
      <MenuItem keys="Del" isBad onSelect={() => removeRoute(route)}>
        Delete
      </MenuItem>
    </>
  )
}
