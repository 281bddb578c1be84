import { feedPortMessage, type Bridge } from '../../../proxy-core/contract/bridge.ts'
import { commands, type CommandName, type Handlers } from '../../../proxy-core/contract/commands.ts'
import type { ConfigStatus } from '../../../proxy-core/contract/config.ts'
import { GatewayError, type ErrorReport, type Reply } from '../../../proxy-core/contract/errors.ts'
import type {
  FeedMessage,
  FeedRequest,
  GatewayEvent,
  GatewayStatus,
  GatewayTotals,
  NodeStatus,
  RouteTotals,
} from '../../../proxy-core/contract/events.ts'
import type { ExchangeId } from '../../../proxy-core/contract/exchange.ts'
import type { Route, RouteId } from '../../../proxy-core/contract/route.ts'
import { historyAtFirst } from './scripted-history.ts'
import { ScriptedExchange } from './scripted-exchange.ts'
import { scriptedHandlers } from './scripted-handlers.ts'
import { seededRandom, type ExchangePlan } from './scripted-plan.ts'

const tickMs = 25

/** What a scene starts from. */
export interface SceneStart {
  readonly routes: readonly Route[]
  readonly status?: Partial<GatewayStatus>
  readonly config?: ConfigStatus
  readonly forgottenRows?: number
  /** What happens after the window has opened its feed. */
  readonly afterOpening?: (gateway: ScriptedGateway) => void
}

/** A stand-in for `window.sluice` in a plain browser page: the contract's commands and feed over made-up traffic. */
export class ScriptedGateway implements Bridge {
  routes: readonly Route[]
  status: GatewayStatus
  config: ConfigStatus
  captureBudgetMiB = 256
  history = historyAtFirst
  readonly exchanges = new Map<ExchangeId, ScriptedExchange>()
  readonly lastErrors = new Map<RouteId, { at: number; error: ErrorReport }>()
  readonly nodes = new Map<RouteId, readonly NodeStatus[]>()
  readonly commandLog: { readonly name: string; readonly input: unknown }[] = []
  readonly #handlers: Handlers
  readonly #random = seededRandom(7)
  readonly #nextRowAt = new Map<ExchangeId, number>()
  readonly #dirty = new Set<ExchangeId>()
  readonly #forgottenRows: number
  readonly #afterOpening: SceneStart['afterOpening']
  #pending: GatewayEvent[] = []
  #port: MessagePort | null = null
  #seq = 0
  #isAwaitingAck = false
  #nextExchangeId = 1
  #reportedTotalsAt = 0

  constructor(start: SceneStart) {
    this.routes = start.routes
    this.config = start.config ?? { file: '/home/ada/.config/Sluice/sluice.yaml', problem: null }
    this.#forgottenRows = start.forgottenRows ?? 0
    this.#afterOpening = start.afterOpening
    this.status = {
      state: 'running',
      version: '0.1.0',
      startedAt: Date.now() - 300_000,
      captureStoppedAt: null,
      listeners: [{ address: '127.0.0.1:9080', url: 'http://127.0.0.1:9080', state: 'listening', error: null }],
      ...start.status,
    }
    this.#handlers = scriptedHandlers(this)
    setInterval(() => this.#tick(), tickMs)
  }

  async command(name: string, input: unknown): Promise<Reply<unknown>> {
    this.commandLog.push({ name, input })
    await new Promise((resolve) => setTimeout(resolve, 2))
    try {
      const command = name as CommandName
      const parsed = commands[command].input.safeParse(input)
      if (!parsed.success) {
        const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.filter((part) => typeof part !== 'symbol'), message }))
        throw new GatewayError('invalid-input', 'The input does not fit the command.', issues)
      }
      const handle = this.#handlers[command] as (value: unknown) => unknown
      return { ok: true, value: structuredClone(await handle(parsed.data)) }
    } catch (error) {
      return { ok: false, error: error instanceof GatewayError ? error.report() : { code: 'internal', message: String(error) } }
    }
  }

  openFeed(): void {
    const channel = new MessageChannel()
    this.#port = channel.port1
    this.#port.onmessage = (message: MessageEvent<FeedRequest>) => {
      if (message.data.type === 'ack') this.#isAwaitingAck = false
    }
    window.postMessage(feedPortMessage, '*', [channel.port2])
    this.sendSnapshot()
    this.#afterOpening?.(this)
  }

  sendSnapshot(): void {
    const now = Date.now()
    this.#pending = []
    this.#send({
      type: 'snapshot',
      seq: ++this.#seq,
      at: now,
      snapshot: {
        status: this.status,
        config: this.config,
        routes: this.routes,
        routeTotals: this.routes.map((route) => this.#routeTotals(route.id, now)),
        totals: this.#totals(now),
        exchanges: [...this.exchanges.values()].map((exchange) => exchange.view),
        history: this.history,
        requests: [],
      },
    })
  }

  /** The gateway dies; `sendSnapshot` brings it back. */
  goDown(error: ErrorReport): void {
    this.#send({ type: 'down', error })
  }

  announce(event: GatewayEvent): void {
    this.#pending.push(event)
  }

  route(id: RouteId): Route {
    const route = this.routes.find((candidate) => candidate.id === id)
    if (!route) throw new GatewayError('route-not-found', `There is no route called ${id}.`)
    return route
  }

  changeRoutes(routes: readonly Route[]): void {
    this.routes = routes
    this.announce({ type: 'routes.changed', routes })
  }

  /** Starts an exchange; given a past, its rows up to now have happened already. */
  start(plan: ExchangePlan, routeId: RouteId, startedAt: number = Date.now()): ScriptedExchange {
    const id = this.#nextExchangeId++ as ExchangeId
    const route = this.route(routeId)
    const exchange = new ScriptedExchange(id, plan, route, startedAt)
    this.exchanges.set(id, exchange)
    exchange.respond(startedAt + 12)
    this.#nextRowAt.set(id, startedAt + 30)
    const { response, holdBytes, holdMs } = route.buffering
    const isHeld = response === 'on' || (response === 'auto' && plan.contentType !== 'text/event-stream')
    exchange.decide(
      { mode: isHeld ? 'on' : 'off', reason: response === 'auto' ? 'auto: text/event-stream' : 'route', holdBytes, holdMs },
      startedAt + 12,
    )
    this.announce({ type: 'exchange.started', exchange: exchange.view })
    return exchange
  }

  /** Lets an exchange's rows arrive up to this moment. */
  advance(exchange: ScriptedExchange, until: number): void {
    const { id } = exchange.view
    for (;;) {
      const at = this.#nextRowAt.get(id)
      if (at === undefined || at > until || exchange.view.state !== 'open') break
      if (exchange.view.rows >= exchange.plan.rows) {
        exchange.end(at)
        this.announce({ type: 'exchange.ended', id, end: exchange.view })
        break
      }
      exchange.arrive(at, ...exchange.plan.say(exchange.view.rows, at))
      const [pace, spread] = exchange.plan.paceMs
      this.#nextRowAt.set(id, at + pace + this.#random() * spread)
      this.#dirty.add(id)
    }
    exchange.tick(until)
  }

  touch(exchange: ScriptedExchange): void {
    this.#dirty.add(exchange.view.id)
  }

  #tick(): void {
    const now = Date.now()
    for (const exchange of this.exchanges.values()) if (exchange.view.state === 'open') this.advance(exchange, now)
    for (const id of this.#dirty) {
      const exchange = this.exchanges.get(id)
      if (exchange) this.announce({ type: 'exchange.progressed', id, progress: exchange.view })
    }
    const routesTouched = new Set([...this.#dirty].map((id) => this.exchanges.get(id)?.view.routeId))
    this.#dirty.clear()
    if (now - this.#reportedTotalsAt >= 250) {
      this.#reportedTotalsAt = now
      for (const route of this.routes) routesTouched.add(route.id)
      this.announce({ type: 'gateway.progressed', totals: this.#totals(now) })
    }
    if (this.routes.length < 100) {
      for (const id of routesTouched) if (id) this.announce({ type: 'route.progressed', totals: this.#routeTotals(id, now) })
    }
    if (this.#pending.length === 0 || this.#isAwaitingAck || !this.#port) return
    const events = this.#pending
    this.#pending = []
    this.#send({ type: 'batch', seq: ++this.#seq, at: now, events })
  }

  #send(message: FeedMessage): void {
    this.#isAwaitingAck = message.type !== 'down'
    this.#port?.postMessage(message)
  }

  #of(id: RouteId): ScriptedExchange[] {
    return [...this.exchanges.values()].filter((exchange) => exchange.view.routeId === id)
  }

  #routeTotals(routeId: RouteId, now: number): RouteTotals {
    const all = this.#of(routeId)
    const held = all.map((exchange) => exchange.view.oldestHeldAt).filter((at) => at !== null)
    return {
      routeId,
      open: all.filter((exchange) => exchange.view.state === 'open').length,
      exchanges: all.length,
      events: sum(all, (exchange) => exchange.view.events),
      eventsPerSecond: sum(all, (exchange) => ratePerSecond(exchange, now)),
      heldBytes: sum(all, (exchange) => exchange.view.heldBytes),
      oldestHeldAt: held.length > 0 ? Math.min(...held) : null,
      lastError: this.lastErrors.get(routeId) ?? null,
      nodes: this.nodes.get(routeId) ?? [],
    }
  }

  #totals(now: number): GatewayTotals {
    const all = [...this.exchanges.values()]
    return {
      open: all.filter((exchange) => exchange.view.state === 'open').length,
      eventsPerSecond: sum(all, (exchange) => ratePerSecond(exchange, now)),
      heldBytes: sum(all, (exchange) => exchange.view.heldBytes),
      capturedBytes: 39_845_888 + sum(all, (exchange) => exchange.view.arrivedBytes),
      captureBudgetBytes: this.captureBudgetMiB * 1_048_576,
      pinnedBytes: 0,
      pinnedExchanges: all.filter((exchange) => exchange.view.isPinned).length,
      forgottenRows: this.#forgottenRows,
      forgottenExchanges: this.#forgottenRows > 0 ? 3 : 0,
    }
  }
}

function ratePerSecond(exchange: ScriptedExchange, now: number): number {
  const { total } = exchange.rows(0, 0)
  const recent = exchange.rows(Math.max(0, total - 200), total).rows
  return recent.filter((row) => now - row.arrivedAt < 2000).length / 2
}

function sum<T>(values: readonly T[], amount: (value: T) => number): number {
  return values.reduce((total, value) => total + amount(value), 0)
}
