import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ConfigStatus } from '../../proxy-core/contract/config.ts'
import type { ErrorReport } from '../../proxy-core/contract/errors.ts'
import type { FeedMessage, GatewayEvent, GatewayStatus, GatewayTotals, RouteTotals, Snapshot } from '../../proxy-core/contract/events.ts'
import { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import { noHistory, type HistoryStatus } from '../../proxy-core/contract/history.ts'
import type { SentRequest } from '../../proxy-core/contract/requests.ts'
import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import { ExchangeChanges } from './exchange-changes.ts'
import { keepSame } from './keep-same.ts'
import { RateHistory } from './rate-history.ts'

/** What the gateway has reported, and nothing else. */
export interface GatewayView {
  readonly connection: 'connecting' | 'up' | 'down'
  readonly downError: ErrorReport | null
  /** How often the gateway has come back after being down. */
  readonly restarts: number
  readonly status: GatewayStatus | null
  readonly config: ConfigStatus
  readonly routes: readonly Route[]
  readonly routeTotals: ReadonlyMap<RouteId, RouteTotals>
  readonly totals: GatewayTotals
  /** Changed in place; `revision` tells when. Each exchange inside is an immutable value. */
  readonly exchanges: ExchangeLog
  readonly history: HistoryStatus
  /** What changed in that log; another one with another log. */
  readonly changes: ExchangeChanges
  /** What this gateway was asked to send, by id. */
  readonly requests: ReadonlyMap<number, SentRequest>
  /** Changed in place, like the log. */
  readonly rates: RateHistory
  readonly revision: number
}

// The gateway decides what is forgotten and says so, so the window's copy of the log needs no bound of its own.
const unbounded = Number.POSITIVE_INFINITY

const noTotals: GatewayTotals = {
  open: 0,
  eventsPerSecond: 0,
  heldBytes: 0,
  capturedBytes: 0,
  captureBudgetBytes: 0,
  pinnedBytes: 0,
  pinnedExchanges: 0,
  forgottenRows: 0,
  forgottenExchanges: 0,
}

/** The store of what the gateway has reported, for code outside React. */
export const gatewayStore = createStore<GatewayView>()(initialView)

/** Reads the gateway's report and re-renders when the selected part changes. */
export function useGateway<T>(select: (view: GatewayView) => T): T {
  return useStore(gatewayStore, select)
}

/** The view before the first message. */
export function initialView(): GatewayView {
  return {
    connection: 'connecting',
    downError: null,
    restarts: 0,
    status: null,
    config: { file: null, problem: null },
    routes: [],
    routeTotals: new Map(),
    totals: noTotals,
    exchanges: new ExchangeLog(unbounded),
    history: noHistory,
    changes: new ExchangeChanges(),
    requests: new Map(),
    rates: new RateHistory(),
    revision: 0,
  }
}

/** Takes in one feed message with a single store update, however many events it holds. */
export function receive(message: FeedMessage): void {
  gatewayStore.setState((view) => ({ ...fold(view, message), revision: view.revision + 1 }))
}

function fold(view: GatewayView, message: FeedMessage): GatewayView {
  switch (message.type) {
    case 'snapshot':
      return replaceView(view, message.snapshot)
    case 'batch':
      return foldBatch(view, message.events)
    case 'down':
      // What was open and held has ended with the gateway; numbers that went on standing there would be false.
      return { ...view, connection: 'down', downError: message.error, routeTotals: new Map(), totals: noTotals }
    default:
      return message satisfies never
  }
}

function replaceView(view: GatewayView, snapshot: Snapshot): GatewayView {
  view.rates.keep(snapshot.routes.map((route) => route.id))
  return {
    connection: 'up',
    downError: null,
    restarts: view.restarts + (view.connection === 'down' ? 1 : 0),
    status: snapshot.status,
    config: snapshot.config,
    routes: keepSame(view.routes, snapshot.routes),
    routeTotals: new Map(snapshot.routeTotals.map((totals) => [totals.routeId, totals])),
    totals: snapshot.totals,
    exchanges: new ExchangeLog(unbounded, snapshot.exchanges),
    history: snapshot.history,
    changes: new ExchangeChanges(),
    requests: new Map(snapshot.requests.map((request) => [request.id, request])),
    rates: view.rates,
    revision: view.revision,
  }
}

function foldBatch(view: GatewayView, events: readonly GatewayEvent[]): GatewayView {
  const totals = new Map<RouteId, RouteTotals>()
  const draft: Draft = { ...view }
  for (const event of events) {
    if (event.type === 'route.progressed') totals.set(event.totals.routeId, event.totals)
    else applyToDraft(draft, event)
  }
  // Copied once a batch: with 1,000 routes a copy for each would cost a million entries.
  if (totals.size > 0) draft.routeTotals = new Map([...view.routeTotals, ...totals])
  for (const { routeId, eventsPerSecond } of totals.values()) draft.rates.note(routeId, eventsPerSecond, Date.now())
  return draft
}

type Draft = { -readonly [K in keyof GatewayView]: GatewayView[K] }

function applyToDraft(draft: Draft, event: Exclude<GatewayEvent, { type: 'route.progressed' }>): void {
  switch (event.type) {
    case 'exchange.started':
    case 'exchange.responded':
    case 'exchange.decided':
    case 'exchange.pinned':
    case 'exchange.progressed':
    case 'exchange.ended':
      draft.exchanges.apply(event)
      draft.changes.note(event.type === 'exchange.started' ? event.exchange.id : event.id)
      return
    case 'exchanges.restored':
      draft.exchanges.insert(event.exchanges)
      for (const { id } of event.exchanges) draft.changes.note(id)
      return
    case 'exchanges.forgotten':
      draft.exchanges.forget(event.ids)
      for (const id of event.ids) draft.changes.note(id)
      return
    case 'gateway.changed':
      draft.status = event.status
      return
    case 'gateway.progressed':
      draft.totals = event.totals
      return
    case 'config.changed':
      draft.config = event.config
      return
    case 'routes.changed':
      draft.routes = keepSame(draft.routes, event.routes)
      draft.rates.keep(event.routes.map((route) => route.id))
      return
    case 'history.changed':
      draft.history = event.history
      return
    case 'request.changed':
      draft.requests = withRequest(draft.requests, event.request)
      return
    default:
      event satisfies never
  }
}

/** Requests that are over and still remembered here. */
const keptRequests = 50

function withRequest(requests: ReadonlyMap<number, SentRequest>, request: SentRequest): ReadonlyMap<number, SentRequest> {
  const next = new Map(requests).set(request.id, request)
  for (const old of requests.values()) if (next.size > keptRequests && old.state === 'ended') next.delete(old.id)
  return next
}
