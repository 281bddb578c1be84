import type { Exchange, ExchangeEnd, ExchangeEvent, ExchangeId } from '../contract/exchange.ts'
import type { FeedMessage, GatewayEvent, GatewayStatus, ListenerStatus, Snapshot } from '../contract/events.ts'
import type { HistoryStatus } from '../contract/history.ts'
import type { Route } from '../contract/route.ts'
import { routeInWords, type LogLine } from './serve-log.ts'

/** What the line of an exchange says that is known before its end. */
interface Opened extends Pick<Exchange, 'id' | 'method' | 'target' | 'routeId' | 'startedAt'> {
  status: number | null
}

/** Turns a feed into lines of log: one when an exchange ends, and one when a listener or the config changes. */
export class ServeWatch {
  readonly #log: (line: LogLine) => void
  readonly #open = new Map<ExchangeId, Opened>()
  #lastId = 0
  #file: string | null = null
  #routes: readonly Route[] = []
  #hasProblem = false
  #listeners: readonly ListenerStatus[] = []
  #version = ''
  #historyState: HistoryStatus['state'] = 'off'
  #historyProblem: string | null = null

  constructor(log: (line: LogLine) => void) {
    this.#log = log
  }

  receive(message: FeedMessage): void {
    if (message.type === 'snapshot') this.#start(message.snapshot)
    if (message.type === 'batch') for (const event of message.events) this.#apply(event)
  }

  #start(snapshot: Snapshot): void {
    this.#file = snapshot.config.file
    this.#hasProblem = snapshot.config.problem !== null
    this.#routes = snapshot.routes
    this.#version = snapshot.status.version
    this.#setStatus(snapshot.status)
    this.#setHistory(snapshot.history)
    // A fresh snapshot takes the place of events that did not get through: what ended meanwhile is told from it.
    for (const exchange of snapshot.exchanges) {
      if (exchange.state === 'open') this.#open.set(exchange.id, opened(exchange))
      else if (this.#open.delete(exchange.id) || (exchange.origin === 'live' && exchange.id > this.#lastId))
        this.#logEnd(exchange, exchange)
      this.#lastId = Math.max(this.#lastId, exchange.id)
    }
  }

  #apply(event: GatewayEvent): void {
    switch (event.type) {
      case 'gateway.changed':
        this.#setStatus(event.status)
        return
      case 'routes.changed':
        this.#routes = event.routes
        this.#hasProblem = false
        this.#logConfig()
        return
      case 'config.changed':
        this.#file = event.config.file
        if (event.config.problem) this.#log({ type: 'config-problem', ...event.config.problem })
        else if (this.#hasProblem) this.#logConfig()
        this.#hasProblem = event.config.problem !== null
        return
      case 'exchange.started':
      case 'exchange.responded':
      case 'exchange.decided':
      case 'exchange.progressed':
      case 'exchange.ended':
        this.#applyExchange(event)
        return
      case 'history.changed':
        this.#setHistory(event.history)
        return
      case 'exchange.pinned':
      case 'exchanges.restored':
      case 'exchanges.forgotten':
      case 'gateway.progressed':
      case 'route.progressed':
      case 'request.changed':
        return
      default:
        event satisfies never
    }
  }

  #applyExchange(event: ExchangeEvent): void {
    if (event.type === 'exchange.started') {
      this.#open.set(event.exchange.id, opened(event.exchange))
      this.#lastId = Math.max(this.#lastId, event.exchange.id)
      return
    }
    const exchange = this.#open.get(event.id)
    if (!exchange) return
    if (event.type === 'exchange.responded') exchange.status = event.head.status
    if (event.type !== 'exchange.ended') return
    this.#open.delete(event.id)
    this.#logEnd(exchange, event.end)
  }

  #setHistory({ state, file, exchanges, problem }: HistoryStatus): void {
    if (state === 'on' && this.#historyState !== 'on') this.#log({ type: 'history-open', file, exchanges })
    this.#historyState = state
    const message = problem?.message ?? null
    if (problem !== null && message !== this.#historyProblem) this.#log({ type: 'history-problem', ...problem })
    this.#historyProblem = message
  }

  #logConfig(): void {
    this.#log({ type: 'config-changed', file: this.#file, routes: this.#routes.map(routeInWords) })
  }

  #logEnd({ id, method, target, routeId, status, startedAt }: Opened, end: ExchangeEnd): void {
    const { endedAt, events, leftBytes, state, error, verdict } = end
    if (state === 'open') return
    this.#log({
      type: 'exchange',
      id,
      method,
      target,
      route: routeId,
      status,
      durationMs: Math.round(((endedAt ?? startedAt) - startedAt) * 1000) / 1000,
      events,
      bytes: leftBytes,
      longestHeldMs: 'longestHeldMs' in verdict ? Math.round(verdict.longestHeldMs * 1000) / 1000 : 0,
      state,
      error: error?.code ?? null,
    })
  }

  #listening(): LogLine | null {
    const url = this.#listeners.find((listener) => listener.url !== null)?.url
    if (url === undefined || url === null) return null
    return {
      type: 'listening',
      url,
      listeners: this.#listeners,
      version: this.#version,
      pid: process.pid,
      configFile: this.#file,
      routes: this.#routes.map(routeInWords),
      demo: this.#routes.some(leadsToDemo) ? `curl -N ${url}/.sse -H "Accept: text/event-stream"` : null,
    }
  }

  #setStatus(status: GatewayStatus): void {
    const before = this.#listeners
    this.#listeners = status.listeners
    const stateOf = (listeners: readonly ListenerStatus[], address: string) => listeners.find((each) => each.address === address)?.state
    const changed = status.listeners.filter((listener) => stateOf(before, listener.address) !== listener.state)
    const listening = changed.some((listener) => listener.state === 'listening') ? this.#listening() : null
    if (listening) this.#log(listening)
    for (const { state, address, error } of changed) {
      if (state === 'failed' && error) this.#log({ type: 'listen-failed', address, code: error.code, message: error.message })
    }
  }
}

function opened({ id, method, target, routeId, startedAt, status }: Exchange): Opened {
  return { id, method, target, routeId, startedAt, status }
}

function leadsToDemo({ enabled, match, upstream }: Route): boolean {
  return enabled && match.path === '/.sse' && match.hosts.length === 0 && upstream.url === 'demo:'
}
