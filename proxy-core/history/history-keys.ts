import type { ExchangeId } from '../contract/exchange.ts'
import type { HistoryKey } from '../contract/history.ts'

/** Which exchange of the list is which of the history. */
export class HistoryKeys {
  readonly #keys = new Map<ExchangeId, HistoryKey>()
  readonly #ids = new Map<HistoryKey, ExchangeId>()
  #nextKey = 1

  /** The history is open: it has used the numbers below this one. */
  startAt(nextKey: number): void {
    this.#nextKey = Math.max(this.#nextKey, nextKey)
  }

  /** The number that an exchange has in the history, or is given now. */
  keyFor(id: ExchangeId): HistoryKey {
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const key = this.#nextKey++ as HistoryKey
    this.know(id, key)
    return key
  }

  know(id: ExchangeId, key: HistoryKey): void {
    this.#keys.set(id, key)
    this.#ids.set(key, id)
  }

  key(id: ExchangeId): HistoryKey | undefined {
    return this.#keys.get(id)
  }

  keys(ids: readonly ExchangeId[]): readonly HistoryKey[] {
    return ids.map((id) => this.#keys.get(id)).filter((key) => key !== undefined)
  }

  id(key: HistoryKey): ExchangeId | undefined {
    return this.#ids.get(key)
  }

  ids(keys: readonly HistoryKey[]): readonly ExchangeId[] {
    return keys.map((key) => this.#ids.get(key)).filter((id) => id !== undefined)
  }

  /** They are no longer listed. */
  forget(ids: readonly ExchangeId[]): void {
    for (const id of ids) {
      const key = this.#keys.get(id)
      this.#keys.delete(id)
      if (key !== undefined) this.#ids.delete(key)
    }
  }

  clear(): void {
    this.#keys.clear()
    this.#ids.clear()
  }
}
