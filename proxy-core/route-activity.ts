import type { ErrorReport } from './contract/errors.ts'
import type { RouteTotals } from './contract/events.ts'
import type { RouteId } from './contract/route.ts'

/** An exchange that holds bytes now. */
interface Holder {
  readonly oldestHeldAt: number | null
}

/** What goes on on one route: totals that cost nothing to keep, and a rate that is taken once in a while. */
export class RouteActivity {
  readonly routeId: RouteId
  open = 0
  exchanges = 0
  events = 0
  heldBytes = 0
  /** Something moved since the totals were last announced. */
  isTouched = true
  lastError: RouteTotals['lastError'] = null
  readonly #holders = new Set<Holder>()
  #eventsPerSecond = 0
  #sampledAt = 0
  #sampledEvents = 0

  constructor(routeId: RouteId) {
    this.routeId = routeId
  }

  get eventsPerSecond(): number {
    return this.#eventsPerSecond
  }

  /** An exchange holds so much more than before. */
  holds(holder: Holder, heldBytes: number, change: number): void {
    this.heldBytes += change
    this.isTouched = true
    if (heldBytes > 0) this.#holders.add(holder)
    else this.#holders.delete(holder)
  }

  /** So many further events came. */
  saw(events: number): void {
    if (events === 0) return
    this.events += events
    this.isTouched = true
  }

  failed(at: number, error: ErrorReport): void {
    this.lastError = { at, error }
  }

  succeeded(): void {
    this.lastError = null
  }

  /** Takes the rate since the last sample. */
  sample(at: number): void {
    const elapsedMs = at - this.#sampledAt
    const before = this.#eventsPerSecond
    this.#eventsPerSecond = this.#sampledAt === 0 || elapsedMs <= 0 ? 0 : ((this.events - this.#sampledEvents) * 1000) / elapsedMs
    this.#sampledAt = at
    this.#sampledEvents = this.events
    if (this.#eventsPerSecond !== before) this.isTouched = true
  }

  /** All but the standing of its upstreams, which other routes may share. */
  totals(): Omit<RouteTotals, 'nodes'> {
    let oldestHeldAt: number | null = null
    for (const holder of this.#holders) {
      if (holder.oldestHeldAt !== null && (oldestHeldAt === null || holder.oldestHeldAt < oldestHeldAt)) oldestHeldAt = holder.oldestHeldAt
    }
    const { routeId, open, exchanges, events, heldBytes, lastError } = this
    return { routeId, open, exchanges, events, eventsPerSecond: this.#eventsPerSecond, heldBytes, oldestHeldAt, lastError }
  }
}
