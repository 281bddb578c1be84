import type { ConfigStatus } from '../../proxy-core/contract/config.ts'
import type { FeedMessage, FeedRequest, GatewayEvent, GatewayStatus, GatewayTotals, RouteTotals } from '../../proxy-core/contract/events.ts'
import { applyExchangeEvent, type Exchange, type ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { HistoryStatus } from '../../proxy-core/contract/history.ts'
import type { SentRequest } from '../../proxy-core/contract/requests.ts'
import type { Route, RouteId } from '../../proxy-core/contract/route.ts'
import { Condition } from './condition.ts'

/** What a window would know of the gateway: the fold of a feed. */
export interface FeedView {
  readonly status: GatewayStatus
  readonly config: ConfigStatus
  readonly routes: readonly Route[]
  readonly routeTotals: ReadonlyMap<RouteId, RouteTotals>
  readonly totals: GatewayTotals
  /** Oldest first. */
  readonly exchanges: ReadonlyMap<ExchangeId, Exchange>
  readonly history: HistoryStatus
  readonly requests: ReadonlyMap<number, SentRequest>
}

/** The far end of a feed: where requests to it go. */
export interface FeedDoor {
  receive(request: FeedRequest): void
  close(): void
}

/** How a test reads a feed. */
export interface FeedOptions {
  /** False leaves the acknowledging to the test, by `ack`. */
  readonly acknowledges?: boolean
  /** False leaves it to the test, by `look`, to say what is on screen; otherwise all open exchanges are, so that progress comes at once. */
  readonly looks?: boolean
}

/** One window's worth of feed: takes messages in, acknowledges them, and lets a test wait for what they say. */
export class FeedReader {
  readonly messages: FeedMessage[] = []
  readonly #condition = new Condition()
  readonly #door: FeedDoor
  readonly #acknowledges: boolean
  readonly #looks: boolean
  #lookedAt = ''
  #view: FeedView | null = null

  constructor(open: (send: (message: FeedMessage) => void) => FeedDoor, { acknowledges = true, looks = true }: FeedOptions = {}) {
    this.#acknowledges = acknowledges
    this.#looks = looks
    // A message may come while the feed is being opened.
    const early: FeedMessage[] = []
    let take = (message: FeedMessage): void => void early.push(message)
    this.#door = open((message) => take(message))
    take = (message) => this.#take(message)
    early.forEach(take)
  }

  /** The view so far; a test waits for the first snapshot with `until`. */
  get view(): FeedView {
    if (this.#view === null) throw new Error('No snapshot has come yet.')
    return this.#view
  }

  /** The exchanges so far, oldest first. */
  get exchanges(): readonly Exchange[] {
    return [...this.view.exchanges.values()]
  }

  /** The view, once it is as the test wants it. */
  until(predicate: (view: FeedView) => boolean, what = 'a change in the feed', timeoutMs?: number): Promise<FeedView> {
    return this.#condition.until(
      () => (this.#view !== null && predicate(this.#view) ? this.#view : null),
      () => `${what}; the exchanges now: ${JSON.stringify(this.#view ? this.exchanges.slice(-3) : null)}`,
      timeoutMs,
    )
  }

  /** The newest exchange for which the predicate holds, once there is one. */
  async exchange(predicate: (exchange: Exchange) => boolean, what = 'an exchange in the feed', timeoutMs?: number): Promise<Exchange> {
    const find = (view: FeedView | null) => [...(view?.exchanges.values() ?? [])].reverse().find(predicate)
    return this.#condition.until(
      () => find(this.#view),
      () => `${what}; the exchanges now: ${JSON.stringify(this.#view ? this.exchanges.slice(-3) : null)}`,
      timeoutMs,
    )
  }

  /** The n-th message, counting from 0, once it has come. */
  message(index: number): Promise<FeedMessage> {
    return this.#condition.until(
      () => this.messages[index],
      () => `message ${String(index)} of the feed (${String(this.messages.length)} so far)`,
    )
  }

  ack(seq: number): void {
    this.#door.receive({ type: 'ack', seq })
  }

  /** Says which exchanges are on screen, and which of them are followed: all, unless said otherwise. */
  look(exchangeIds: readonly ExchangeId[], followedIds = exchangeIds): void {
    this.#door.receive({ type: 'look', exchangeIds, followedIds })
  }

  close(): void {
    this.#door.close()
  }

  #take(message: FeedMessage): void {
    this.messages.push(message)
    if (message.type === 'snapshot') {
      const { exchanges, routeTotals, requests, ...rest } = message.snapshot
      this.#view = {
        ...rest,
        exchanges: new Map(exchanges.map((exchange) => [exchange.id, exchange])),
        routeTotals: new Map(routeTotals.map((totals) => [totals.routeId, totals])),
        requests: new Map(requests.map((request) => [request.id, request])),
      }
    } else if (message.type === 'batch' && this.#view !== null) {
      this.#view = message.events.reduce(applyToView, this.#view)
    }
    if (this.#looks && this.#view !== null) this.#lookAtOpen()
    if (this.#acknowledges && message.type !== 'down') this.ack(message.seq)
    this.#condition.changed()
  }

  #lookAtOpen(): void {
    const open = this.exchanges.filter((exchange) => exchange.state === 'open').map((exchange) => exchange.id)
    if (open.join() === this.#lookedAt) return
    this.#lookedAt = open.join()
    this.look(open)
  }
}

function applyToView(view: FeedView, event: GatewayEvent): FeedView {
  switch (event.type) {
    case 'gateway.changed':
      return { ...view, status: event.status }
    case 'gateway.progressed':
      return { ...view, totals: event.totals }
    case 'config.changed':
      return { ...view, config: event.config }
    case 'routes.changed':
      return { ...view, routes: event.routes }
    case 'route.progressed':
      return { ...view, routeTotals: new Map(view.routeTotals).set(event.totals.routeId, event.totals) }
    case 'request.changed':
      return { ...view, requests: new Map(view.requests).set(event.request.id, event.request) }
    case 'history.changed':
      return { ...view, history: event.history }
    case 'exchanges.restored': {
      const exchanges = [...view.exchanges.values(), ...event.exchanges].sort((one, other) => one.id - other.id)
      return { ...view, exchanges: new Map(exchanges.map((exchange) => [exchange.id, exchange])) }
    }
    case 'exchanges.forgotten': {
      const exchanges = new Map(view.exchanges)
      for (const id of event.ids) exchanges.delete(id)
      return { ...view, exchanges }
    }
    case 'exchange.started':
      return { ...view, exchanges: new Map(view.exchanges).set(event.exchange.id, event.exchange) }
    case 'exchange.responded':
    case 'exchange.decided':
    case 'exchange.pinned':
    case 'exchange.progressed':
    case 'exchange.ended': {
      const exchange = view.exchanges.get(event.id)
      if (exchange === undefined) return view
      return { ...view, exchanges: new Map(view.exchanges).set(event.id, applyExchangeEvent(exchange, event)) }
    }
    default:
      return event satisfies never
  }
}
