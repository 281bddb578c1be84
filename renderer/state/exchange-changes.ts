import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'

/** So many changes can be read back; who asks for older ones looks at everything. */
const keptChanges = 10_000

/** Which exchanges have changed, come or gone, in order: who looks again looks at those alone. Changed in place. */
export class ExchangeChanges {
  #ids: ExchangeId[] = []
  #first = 0

  /** The number of the next change. */
  get end(): number {
    return this.#first + this.#ids.length
  }

  note(id: ExchangeId): void {
    this.#ids.push(id)
    if (this.#ids.length <= keptChanges * 2) return
    this.#first += this.#ids.length - keptChanges
    this.#ids = this.#ids.slice(-keptChanges)
  }

  /** Those from a number on, each once; null when some of them are no longer kept. */
  since(from: number): ReadonlySet<ExchangeId> | null {
    return from < this.#first ? null : new Set(this.#ids.slice(from - this.#first))
  }
}
