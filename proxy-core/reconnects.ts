import type { Exchange, Reconnect } from './contract/exchange.ts'

/** Targets whose last stream is remembered. */
const capacity = 1000

/** The event streams that ended last, by route and target, so that a reconnect is told from a new stream. */
export class Reconnects {
  readonly #ended = new Map<string, Pick<Exchange, 'id' | 'endedAt'>>()

  /** Takes in an exchange that has ended. */
  ended({ id, endedAt, rowKind, routeId, target }: Exchange): void {
    if (rowKind !== 'event') return
    const key = keyOf(routeId, target)
    this.#ended.delete(key)
    this.#ended.set(key, { id, endedAt })
    if (this.#ended.size <= capacity) return
    const [oldest] = this.#ended.keys()
    if (oldest !== undefined) this.#ended.delete(oldest)
  }

  /** The stream that an exchange goes on from that starts now. */
  before(routeId: Exchange['routeId'], target: string, now: number): Reconnect | null {
    const last = this.#ended.get(keyOf(routeId, target))
    return last && last.endedAt !== null ? { id: last.id, afterMs: Math.max(0, now - last.endedAt) } : null
  }
}

function keyOf(routeId: Exchange['routeId'], target: string): string {
  return `${routeId ?? ''} ${target}`
}
