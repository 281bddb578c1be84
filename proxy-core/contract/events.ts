import type { ConfigStatus } from './config.ts'
import type { ErrorReport } from './errors.ts'
import type { Exchange, ExchangeEvent, ExchangeId } from './exchange.ts'
import type { HistoryStatus } from './history.ts'
import type { SentRequest } from './requests.ts'
import type { Route, RouteId } from './route.ts'

/** One listening address and how it fares. */
export interface ListenerStatus {
  /** As configured: `host:port`, or `https://host:port`. */
  readonly address: string
  /** Where it really listens; null while it does not. */
  readonly url: string | null
  readonly state: 'listening' | 'failed' | 'stopped'
  readonly error: ErrorReport | null
}

/** The gateway as a whole. */
export interface GatewayStatus {
  readonly state: 'running' | 'stopped'
  readonly version: string
  readonly startedAt: number
  /** Since when no bodies are kept, by a person's choice; null while capture goes on. */
  readonly captureStoppedAt: number | null
  readonly listeners: readonly ListenerStatus[]
}

/** One upstream of a route, and whether it is called. */
export interface NodeStatus {
  readonly url: string
  /** A node that can't be reached rests while there are others; when its time is up, one exchange tries it. */
  readonly state: 'up' | 'resting'
  /** When a node that rests is tried again. */
  readonly until: number | null
  /** Why it could not be reached, until it is reached again. */
  readonly lastError: { readonly at: number; readonly error: ErrorReport } | null
}

/** What a route row shows; totals since the start and states of now. */
export interface RouteTotals {
  readonly routeId: RouteId
  readonly open: number
  readonly exchanges: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly heldBytes: number
  /** When the oldest byte that is held now arrived. */
  readonly oldestHeldAt: number | null
  /** The last failure on this route, until an exchange goes well again. */
  readonly lastError: { readonly at: number; readonly error: ErrorReport } | null
  /** Its upstreams, in the order of the config. */
  readonly nodes: readonly NodeStatus[]
}

/** The numbers of the status bar. */
export interface GatewayTotals {
  readonly open: number
  readonly eventsPerSecond: number
  readonly heldBytes: number
  readonly capturedBytes: number
  readonly captureBudgetBytes: number
  /** What pinned exchanges keep of it. */
  readonly pinnedBytes: number
  readonly pinnedExchanges: number
  readonly forgottenRows: number
  readonly forgottenExchanges: number
}

/** Something that happened. Events announce; they cannot fail. */
export type GatewayEvent =
  | ExchangeEvent
  /** Exchanges of the history, which began before all others that are here. */
  | { readonly type: 'exchanges.restored'; readonly exchanges: readonly Exchange[] }
  | { readonly type: 'exchanges.forgotten'; readonly ids: readonly ExchangeId[] }
  | { readonly type: 'gateway.changed'; readonly status: GatewayStatus }
  | { readonly type: 'gateway.progressed'; readonly totals: GatewayTotals }
  | { readonly type: 'config.changed'; readonly config: ConfigStatus }
  | { readonly type: 'routes.changed'; readonly routes: readonly Route[] }
  | { readonly type: 'route.progressed'; readonly totals: RouteTotals }
  | { readonly type: 'history.changed'; readonly history: HistoryStatus }
  | { readonly type: 'request.changed'; readonly request: SentRequest }

/** All that a window needs to show the truth of one moment. */
export interface Snapshot {
  readonly status: GatewayStatus
  readonly config: ConfigStatus
  readonly routes: readonly Route[]
  readonly routeTotals: readonly RouteTotals[]
  readonly totals: GatewayTotals
  readonly exchanges: readonly Exchange[]
  readonly history: HistoryStatus
  /** What the window has sent: those that run, and the last that are over. */
  readonly requests: readonly SentRequest[]
}

/** Gateway to window. A snapshot replaces all that the window holds; a batch follows on from it, in order. `at` is the gateway's time. */
export type FeedMessage =
  | { readonly type: 'snapshot'; readonly seq: number; readonly at: number; readonly snapshot: Snapshot }
  | { readonly type: 'batch'; readonly seq: number; readonly at: number; readonly events: readonly GatewayEvent[] }
  /** The gateway is gone; a snapshot follows when it is back. */
  | { readonly type: 'down'; readonly error: ErrorReport }

/**
 * Window to gateway: message `seq` is taken in; or what is on screen, and of that what is followed from row to row, which decide how
 * often whose progress is sent.
 */
export type FeedRequest =
  | { readonly type: 'ack'; readonly seq: number }
  | { readonly type: 'look'; readonly exchangeIds: readonly ExchangeId[]; readonly followedIds: readonly ExchangeId[] }
