import { PanelLeftClose, PanelLeftOpen, Plus, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { collapseRoutes, openRouteForm, useView } from '../state/view-store.ts'
import { formatCount, matchWords, upstreamWords } from '../text.ts'
import { RouteList } from './route-list.tsx'

const searchFrom = 12

/** The left side: every route with its switch. */
export function RoutesPanel() {
  const routes = useGateway((view) => view.routes)
  const isConnecting = useGateway((view) => view.connection === 'connecting')
  const isCollapsed = useView((view) => view.routesCollapsed)
  const [text, setText] = useState('')
  const hasSearch = routes.length >= searchFrom && !isCollapsed
  const isFiltered = hasSearch && text !== ''
  const shown = useMemo(() => (isFiltered ? routes.filter((route) => isAbout(route, text)) : routes), [routes, isFiltered, text])

  return (
    <nav aria-label="Routes" data-pane="" tabIndex={-1} className="flex h-full flex-col bg-panel outline-none">
      {isCollapsed ? (
        <div className="flex shrink-0 flex-col items-center gap-1 border-b border-line py-1.5">
          <IconButton label="Show the routes in full" onClick={() => collapseRoutes(false)}>
            <PanelLeftOpen size={15} />
          </IconButton>
          <IconButton label="Add a route" onClick={() => openRouteForm({ mode: 'add' })}>
            <Plus size={15} />
          </IconButton>
        </div>
      ) : (
        <div className="flex h-9 shrink-0 items-center gap-1 pr-3 pl-3.5">
          <h2 className="text-12 font-semibold text-mute">Routes</h2>
          <IconButton size="small" label="Add a route" className="ml-1" onClick={() => openRouteForm({ mode: 'add' })}>
            <Plus size={15} />
          </IconButton>
          <IconButton size="small" label="Collapse the routes" onClick={() => collapseRoutes(true)}>
            <PanelLeftClose size={14} />
          </IconButton>
          <span className="flex-1" />
          {routes.length > 0 && <span className="text-12 text-faint">Buffering</span>}
        </div>
      )}
      {hasSearch && (
        <label className="mx-3 mb-2 flex h-7 shrink-0 items-center gap-1.5 rounded-control border border-edge bg-bg px-2 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus">
          <Search size={13} className="shrink-0 text-faint" aria-hidden="true" />
          <input
            aria-label="Find a route"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={`Find among ${formatCount(routes.length)} routes`}
            className="min-w-0 flex-1 bg-transparent text-12 outline-none"
          />
        </label>
      )}
      {shown.length > 0 && <RouteList routes={shown} isNarrow={isCollapsed} isFiltered={isFiltered} />}
      {shown.length === 0 && isFiltered && (
        <EmptyState
          title="No route has this in it"
          action={<Button onClick={() => setText('')}>Show all {formatCount(routes.length)}</Button>}
        >
          Names, paths, hosts and upstreams are searched.
        </EmptyState>
      )}
      {routes.length === 0 && !isCollapsed && !isConnecting && <p className="px-3.5 py-2 text-12 text-faint">No routes yet.</p>}
    </nav>
  )
}

function isAbout(route: Route, text: string): boolean {
  return `${routeLabel(route)} ${route.id} ${matchWords(route)} ${upstreamWords(route)}`.toLowerCase().includes(text.trim().toLowerCase())
}
