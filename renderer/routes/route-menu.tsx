import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import { createMenuHandle, MenuItem, MenuLine, type MenuHandle } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { openRouteForm } from '../state/view-store.ts'
import { duplicateRoute, enableRoute, moveRoute, releaseRoute, removeRoute, switchFaults } from './route-actions.ts'

/** The menu that the rows of all routes share. */
export const routeMenu: MenuHandle<RouteId> = createMenuHandle<RouteId>()

/** All that can be done with a route, for its menus; in a list that shows some routes only, places cannot be changed. */
export function RouteMenuItems({ id, canMove }: { id: RouteId; canMove: boolean }) {
  const route = useGateway((view) => view.routes.find((candidate) => candidate.id === id))
  const isFirst = useGateway((view) => view.routes[0]?.id === id)
  const isLast = useGateway((view) => view.routes.at(-1)?.id === id)
  return route ? <ItemsOf route={route} isFirst={!canMove || isFirst} isLast={!canMove || isLast} /> : null
}

function ItemsOf({ route, isFirst, isLast }: { route: Route; isFirst: boolean; isLast: boolean }) {
  const isHeld = useGateway((view) => (view.routeTotals.get(route.id)?.heldBytes ?? 0) > 0)
  return (
    <>
      {route.faults.enabled && (
        <>
          <MenuItem onSelect={() => switchFaults(route.id, false)}>Switch faults off</MenuItem>
          <MenuLine />
        </>
      )}
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
