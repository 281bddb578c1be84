import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import { RightClickMenu, SharedMenu } from '../parts/menu.tsx'
import { useRowWindow } from '../parts/row-window.ts'
import { openRouteForm, revealRoute, useView } from '../state/view-store.ts'
import { moveRoute, removeRoute } from './route-actions.ts'
import { RouteMenuItems, routeMenu } from './route-menu.tsx'
import { RouteRow } from './route-row.tsx'
import { RouteTile } from './route-tile.tsx'

const rowRem = 4.75
const tileRem = 3.75

export interface RouteListProps {
  readonly routes: readonly Route[]
  readonly isNarrow: boolean
  /** The list shows some of the routes only, so the places of its rows are not places in the config. */
  readonly isFiltered: boolean
}

/** The routes; only those in sight are rendered. Up and Down move among them, Alt+Up and Alt+Down move the route itself. */
export function RouteList({ routes, isNarrow, isFiltered }: RouteListProps) {
  const { scroller, look, from, to, rowPx, reveal } = useRowWindow(routes.length, isNarrow ? tileRem : rowRem)
  const list = useRef<HTMLUListElement>(null)
  const [askedId, setAskedId] = useState<RouteId | null>(null)
  const revealedId = useView((view) => view.revealedRouteId)
  const revealedIndex = revealedId === null ? -1 : routes.findIndex((route) => route.id === revealedId)

  useEffect(() => {
    if (revealedIndex < 0) return
    reveal(revealedIndex)
    revealRoute(null)
  }, [revealedIndex, reveal])
  const Row = isNarrow ? RouteTile : RouteRow

  function focusRoute(index: number): void {
    const route = routes[index]
    if (!route) return
    reveal(index)
    // The row may have to be rendered first, which the scroll event brings about.
    requestAnimationFrame(() => requestAnimationFrame(() => buttonOf(list.current, route.id)?.focus()))
  }

  function onKeyDown(event: KeyboardEvent<HTMLUListElement>): void {
    const target = event.target as HTMLElement
    if (!('routeButton' in target.dataset)) return
    const id = target.closest<HTMLElement>('[data-route]')?.dataset['route']
    const index = routes.findIndex((route) => route.id === id)
    const route = routes[index]
    if (!route) return
    if (!actOnKey(event, route, index)) return
    event.preventDefault()
  }

  function actOnKey(event: KeyboardEvent, route: Route, index: number): boolean {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      if (!isFiltered) moveRoute(route.id, event.key === 'ArrowUp' ? -1 : 1)
      return true
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return false
    const step = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: routes.length - 1 }[event.key]
    if (step !== undefined) focusRoute(step)
    else if (event.key === 'F2') openRouteForm({ mode: 'edit', source: route })
    else if (event.key === 'Delete') {
      removeRoute(route)
      focusRoute(index + 1 < routes.length ? index + 1 : index - 1)
    } else return false
    return true
  }

  return (
    <>
      <RightClickMenu
        onAsk={(element) => {
          const id = element.closest<HTMLElement>('[data-route]')?.dataset['route']
          setAskedId(id === undefined ? null : (id as RouteId))
          return id !== undefined
        }}
        target={
          <div ref={scroller} onScroll={look} className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto [overflow-anchor:none]">
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the buttons inside */}
            <ul ref={list} aria-label="Routes" className="relative" style={{ height: routes.length * rowPx }} onKeyDown={onKeyDown}>
              {routes.slice(from, to).map((route, offset) => (
                <li
                  key={route.id}
                  aria-setsize={routes.length}
                  aria-posinset={from + offset + 1}
                  className="absolute inset-x-0"
                  style={{ top: (from + offset) * rowPx, height: rowPx }}
                >
                  <Row route={route} />
                </li>
              ))}
            </ul>
          </div>
        }
      >
        {askedId !== null && <RouteMenuItems id={askedId} canMove={!isFiltered} />}
      </RightClickMenu>
      <SharedMenu handle={routeMenu}>{(id) => <RouteMenuItems id={id} canMove={!isFiltered} />}</SharedMenu>
    </>
  )
}

function buttonOf(list: HTMLElement | null, id: RouteId): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-route="${id}"] [data-route-button]`) ?? null
}
