import type { CaptureBudget } from './capture.ts'
import type { GatewayEvent } from './contract/events.ts'
import { GatewayError } from './contract/errors.ts'
import { ExchangeLog } from './contract/exchange-log.ts'
import type { Exchange, ExchangeId } from './contract/exchange.ts'
import type { Captured, Forward } from './forward.ts'
import type { LiveExchange } from './live-exchange.ts'
import type { Tap } from './tap.ts'

/** Exchanges that are remembered; beyond this the oldest that ended is forgotten. */
const capacity = 10_000

/** An exchange with what was captured of it, open or ended. */
interface Entry {
  readonly live: LiveExchange
  readonly forward: Forward | null
  readonly captured: () => Captured | null
}

/** The newest exchanges and their captures. */
export class ExchangeStore {
  readonly budget: CaptureBudget
  readonly #log = new ExchangeLog(capacity)
  readonly #entries = new Map<ExchangeId, Entry>()
  readonly #open = new Map<ExchangeId, Forward>()
  #forgotten = 0

  constructor(budget: CaptureBudget) {
    this.budget = budget
  }

  get openCount(): number {
    return this.#open.size
  }

  get forgottenExchanges(): number {
    return this.#forgotten
  }

  open(): IterableIterator<Forward> {
    return this.#open.values()
  }

  /** Keeps an exchange that was answered here. */
  addAnswered(live: LiveExchange): void {
    this.#entries.set(live.id, { live, forward: null, captured: () => null })
  }

  addForward(forward: Forward): void {
    this.#open.set(forward.exchange.id, forward)
    this.#entries.set(forward.exchange.id, { live: forward.exchange, forward, captured: () => forward.captured })
  }

  /** An exchange has ended: what it no longer needs is let go, its capture stays. */
  ended(forward: Forward): void {
    this.#open.delete(forward.exchange.id)
    const captured = forward.captured
    this.#entries.set(forward.exchange.id, { live: forward.exchange, forward: null, captured: () => captured })
  }

  /** Takes in an event; returns the ids that it pushed out. */
  record(event: GatewayEvent): readonly ExchangeId[] {
    if (!isExchangeEvent(event)) return []
    this.#log.apply(event)
    if (event.type !== 'exchange.started') return []
    const surplus = this.#log.surplus()
    this.#drop(surplus)
    return surplus
  }

  /** All exchanges as they are now, oldest first. */
  views(): readonly Exchange[] {
    return Array.from(this.#log.values(), (exchange) => this.#open.get(exchange.id)?.exchange.view() ?? exchange)
  }

  find(id: ExchangeId): Entry {
    const entry = this.#entries.get(id)
    if (!entry) throw new GatewayError('exchange-not-found', `The exchange ${id} is no longer here.`)
    return entry
  }

  /** The open exchange of that id. */
  findOpen(id: ExchangeId): Forward {
    const { forward } = this.find(id)
    if (!forward) throw new GatewayError('exchange-not-found', `The exchange ${id} has ended.`)
    return forward
  }

  /** The tap of a body, or null when nothing of it was captured. */
  tap(id: ExchangeId, side: 'request' | 'response'): Tap | null {
    const entry = this.find(id)
    return side === 'response' ? entry.live.tap : (entry.captured()?.requestTap ?? null)
  }

  /** Forgets ended exchanges: those named, or all. Returns which. */
  clear(ids: readonly ExchangeId[] | undefined): readonly ExchangeId[] {
    const cleared: ExchangeId[] = []
    for (const id of ids ?? Array.from(this.#log.values(), (exchange) => exchange.id)) {
      if (this.#log.get(id) && !this.#open.has(id)) cleared.push(id)
    }
    this.#drop(cleared)
    return cleared
  }

  #drop(ids: readonly ExchangeId[]): void {
    this.#log.forget(ids)
    for (const id of ids) {
      const entry = this.#entries.get(id)
      this.#entries.delete(id)
      entry?.live.tap?.forgetAll()
      entry?.captured()?.requestTap?.forgetAll()
    }
    this.#forgotten += ids.length
  }
}

function isExchangeEvent(event: GatewayEvent): event is Extract<GatewayEvent, { type: `exchange.${string}` }> {
  return event.type.startsWith('exchange.')
}
