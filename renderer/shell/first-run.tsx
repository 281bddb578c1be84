import { Play } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import { Button } from '../parts/button.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { chooseImport } from '../exchange-files/read-import.ts'
import { invoke } from '../gateway.ts'
import { reportRefusal } from '../routes/route-actions.ts'
import { useGateway } from '../state/gateway-store.ts'
import { openRouteForm } from '../state/view-store.ts'
import { curlLine } from './curl-line.ts'
import { isDemoRoute, openDemo } from './demo.ts'
import { gatewayUrl } from './gateway-url.ts'
import { TwoLanes } from './two-lanes.tsx'

/** What stands in place of the exchanges while there are none: why, and what to do next. */
export function FirstRun() {
  const connection = useGateway((view) => view.connection)
  const isRunning = useGateway((view) => view.status?.state === 'running')
  const url = useGateway((view) => gatewayUrl(view.status))
  const routes = useGateway((view) => view.routes)
  const hasHadTraffic = useGateway((view) => [...view.routeTotals.values()].some((totals) => totals.exchanges > 0))

  if (connection === 'connecting') return <EmptyState title="Starting the gateway" />
  if (connection === 'down')
    return (
      <EmptyState title="The gateway is being restarted">What it has captured so far is gone; routes and settings are kept.</EmptyState>
    )
  if (!isRunning) {
    return (
      <EmptyState
        title="The gateway is stopped"
        action={
          <Button look="primary" onClick={() => void invoke('gateway.start').catch(reportRefusal)}>
            <Play size={12} aria-hidden="true" />
            Start
          </Button>
        }
      >
        Clients are refused until it is started again.
      </EmptyState>
    )
  }
  if (url === null)
    return (
      <EmptyState title="No client can connect">
        None of the addresses can be listened on. The reason is at the top of the window.
      </EmptyState>
    )
  if (routes.length === 0) return <NoRoutes />
  const demo = routes.find(isDemoRoute)
  if (hasHadTraffic) return <NoTraffic title="No exchanges to show" url={url} routes={routes} demo={demo} />
  if (demo) return <DemoInvitation url={url} demo={demo} />
  return <NoTraffic title="No traffic yet" url={url} routes={routes} demo={undefined} />
}

function DemoInvitation({ url, demo }: { url: string; demo: Route }) {
  return (
    <EmptyState
      title="Watch a stream, then hold it"
      art={
        // Where there is little room, what is to be done goes before the drawing of it.
        <div className="contents [@media(max-height:31rem)]:hidden">
          <TwoLanes />
        </div>
      }
      after={
        <>
          <p className="mt-3 text-12 text-faint">or from a terminal</p>
          <CurlLine url={url} route={demo} />
        </>
      }
      action={
        <Button look="primary" className="h-9! px-4! text-13!" onClick={() => openDemo(demo)}>
          <Play size={13} aria-hidden="true" />
          Open the demo stream
        </Button>
      }
    >
      <p>
        The route {routeLabel(demo)} leads to an upstream that is built&nbsp;in. It sends one event a second. Open it, then flip the route’s
        switch on the left and see the events being held.
      </p>
    </EmptyState>
  )
}

function NoTraffic({ title, url, routes, demo }: { title: string; url: string; routes: readonly Route[]; demo: Route | undefined }) {
  const first = demo ?? routes.find((route) => route.enabled)
  return (
    <EmptyState
      title={title}
      action={first && <CurlLine url={url} route={first} />}
      after={
        <div className="flex flex-wrap items-center justify-center gap-2">
          {demo && <Button onClick={() => openDemo(demo)}>Open the demo stream</Button>}
          <Button look="ghost" onClick={chooseImport}>
            Import HAR or JSON Lines…
          </Button>
        </div>
      }
    >
      <p>Requests appear here as soon as a client sends one to {url}.</p>
      {!first && <p className="mt-2">Every route is disabled; enable one in its menu.</p>}
    </EmptyState>
  )
}

function NoRoutes() {
  return (
    <EmptyState
      title="No routes yet"
      action={
        <>
          <Button look="primary" onClick={() => openRouteForm({ mode: 'add' })}>
            Add a route
          </Button>
          <Button onClick={() => void invoke('route.save', { route: demoRoute }).catch(reportRefusal)}>Add the demo route</Button>
        </>
      }
    >
      A route says which requests go to which upstream. Until there is one, every request is answered with 404.
    </EmptyState>
  )
}

const demoRoute = { id: 'sse-echo', name: 'SSE echo', match: { path: '/.sse' }, upstream: 'demo:' }

function CurlLine({ url, route }: { url: string; route: Route }) {
  const line = curlLine(url, route)
  return (
    <div className="inline-flex max-w-full items-center gap-2 rounded-control border border-line bg-panel py-0.5 pr-1 pl-3 text-left">
      <code className="min-w-0 py-1 font-mono text-12 break-words text-text">{keepOptionsWhole(line)}</code>
      <CopyButton text={line} label="Copy the command" />
    </div>
  )
}

// A line may break before an option, never inside `-H`.
function keepOptionsWhole(line: string): ReactNode {
  return line.split(/ (?=-)/).map((part, index) => (
    <Fragment key={part}>
      {index > 0 && ' '}
      <span className="inline-block max-w-full">{part}</span>
    </Fragment>
  ))
}
