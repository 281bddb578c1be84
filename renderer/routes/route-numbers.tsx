import type { RouteTotals } from '../../proxy-core/contract/events.ts'
import type { Route } from '../../proxy-core/contract/route.ts'
import { Sparkline } from '../parts/sparkline.tsx'
import { useNow } from '../state/clock.ts'
import { gatewayStore, useGateway } from '../state/gateway-store.ts'
import { restReasons, restWords } from './node-words.ts'
import { formatAge, formatAgo, formatBytes, formatCount, formatRate, upstreamFailure } from '../text.ts'

/** What happens on a route now: streams, rate, what is held and for how long, or how its upstream fails. */
export function RouteNumbers({ route }: { route: Route }) {
  const totals = useGateway((view) => view.routeTotals.get(route.id))
  const isIdle = !totals || totals.open === 0
  if (!route.enabled && isIdle) return <span className="min-w-0 flex-1 truncate text-12 text-faint">disabled</span>
  if (totals?.lastError && totals.heldBytes === 0) return <FailureLine route={route} failure={totals.lastError} />
  const isResting = totals?.nodes.some((node) => node.state === 'resting') === true
  if (isResting && totals.heldBytes === 0) return <RestText nodes={totals.nodes} />
  if (!totals || totals.exchanges === 0) return <span className="min-w-0 flex-1 truncate text-12 text-faint">no requests yet</span>
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2.5 text-12 whitespace-nowrap text-mute">
      <span>
        <b className="font-medium text-text">{formatCount(totals.open)}</b> open
      </span>
      <span>
        <b className="font-medium text-text">{formatRate(totals.eventsPerSecond)}</b> ev/s
      </span>
      {totals.oldestHeldAt === null ? <RateLine totals={totals} /> : <HeldText bytes={totals.heldBytes} since={totals.oldestHeldAt} />}
    </span>
  )
}

/** How much is held and since when, ticking. */
export function HeldText({ bytes, since }: { bytes: number; since: number }) {
  const now = useNow(true, 100)
  return (
    <span className="truncate text-held" data-held="">
      {formatBytes(bytes)} held, {formatAge(now - since)}
    </span>
  )
}

/** How many upstreams of a route rest, and when the first is tried again, ticking. */
function RestText({ nodes }: { nodes: RouteTotals['nodes'] }) {
  const now = useNow(true, 1000)
  return (
    <span className="min-w-0 flex-1 truncate text-12 text-bad" title={restReasons(nodes)} data-rest="">
      {restWords(nodes, now)}
    </span>
  )
}

function RateLine({ totals }: { totals: RouteTotals }) {
  const now = useNow(totals.open > 0, 1000)
  if (totals.open === 0) return null
  return <Sparkline series={gatewayStore.getState().rates.series(totals.routeId, now)} />
}

function FailureLine({ route, failure }: { route: Route; failure: NonNullable<RouteTotals['lastError']> }) {
  const now = useNow(true, 1000)
  const line = upstreamFailure(failure.error, route)
  return (
    <span className="flex min-w-0 flex-1 gap-1 text-12 text-bad" title={failure.error.message}>
      <span className="truncate">{line}</span>
      <span className="shrink-0">· {formatAgo(now - failure.at)}</span>
    </span>
  )
}
