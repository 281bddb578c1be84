import type { ExchangeId } from '../contract/exchange.ts'
import type { HistoryKey } from '../contract/history.ts'
import { noHeads } from '../exchange-record.ts'
import type { ExchangeStore } from '../exchange-store.ts'
import type { HistoryLink } from './history-link.ts'
import { storeBody } from './stored-body.ts'
import { storeMessages } from './stored-messages.ts'
import { buffersOf } from './stored-parts.ts'

/** What may be on its way to the disk at a time; one exchange that is larger goes alone. */
const flyingBytesLimit = 8_388_608
const flyingLimit = 256
/** After a write that failed. */
const restMs = 2000

/** What the writer asks of the history. */
export interface WriterDesk {
  readonly store: ExchangeStore
  /** The number of an exchange in the history. */
  keyOf(id: ExchangeId): HistoryKey
  changed(): void
}

/**
 * Hands exchanges to the history's thread, one after the other, and no more than a disk takes: those that wait do so in the capture, as
 * before. When the disk is so slow that the capture forgets one first, it counts as missed.
 */
export class HistoryWriter {
  readonly #desk: WriterDesk
  readonly #queue = new Set<ExchangeId>()
  readonly #flying = new Map<HistoryKey, { readonly id: ExchangeId; readonly bytes: number }>()
  #link: HistoryLink | null = null
  #isWriting = false
  #packing: ExchangeId | null = null
  #rest: NodeJS.Timeout | null = null
  #missed = 0

  constructor(desk: WriterDesk) {
    this.#desk = desk
  }

  get waiting(): number {
    return this.#queue.size + this.#flying.size + (this.#packing === null ? 0 : 1)
  }

  get missed(): number {
    return this.#missed
  }

  /** The thread is open, or no longer: what was on its way has to be written again. */
  connect(link: HistoryLink | null): void {
    this.#link = link
    if (link === null) this.#requeue([...this.#flying.keys()])
    void this.#write()
  }

  add(id: ExchangeId): void {
    this.#queue.add(id)
    void this.#write()
  }

  /** They are not to be written, or no longer of interest. */
  drop(ids: readonly ExchangeId[]): void {
    for (const id of ids) {
      this.#queue.delete(id)
      if (this.#packing === id) this.#packing = null
    }
  }

  /** Nothing is to be written any more. */
  dropAll(): void {
    this.#queue.clear()
    this.#flying.clear()
    this.#packing = null
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#rest = null
  }

  saved(keys: readonly HistoryKey[]): void {
    for (const key of keys) this.#flying.delete(key)
    void this.#write()
  }

  /** They could not be written: it is tried again after a while. */
  unsaved(keys: readonly HistoryKey[]): void {
    this.#requeue(keys)
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#rest = setTimeout(() => {
      this.#rest = null
      void this.#write()
    }, restMs).unref()
  }

  #requeue(keys: readonly HistoryKey[]): void {
    for (const key of keys) {
      const flying = this.#flying.get(key)
      this.#flying.delete(key)
      if (flying) this.#queue.add(flying.id)
    }
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    for (const id of this.#queue) {
      const link = this.#link
      if (link === null || this.#rest !== null || !this.#hasRoom()) break
      const isHere = this.#desk.store.has(id)
      // One that was pinned while it was open is written twice.
      if (isHere && this.#flying.has(this.#desk.keyOf(id))) continue
      this.#queue.delete(id)
      if (isHere) await this.#hand(id, link)
      else this.#missed++
      this.#desk.changed()
    }
    this.#isWriting = false
  }

  async #hand(id: ExchangeId, link: HistoryLink): Promise<void> {
    this.#packing = id
    const { live, captured } = this.#desk.store.find(id)
    const exchange = live.view()
    const isEnded = exchange.state !== 'open'
    const { heads, requestTap } = captured() ?? { heads: noHeads, requestTap: null }
    const [sent, got, messages] = [requestTap?.packed(isEnded), live.tap?.packed(isEnded), live.messages?.record()]
    const bodies = {
      request: sent ? await storeBody(sent) : null,
      response: got ? await storeBody(got) : null,
      messages: messages ? await storeMessages(messages) : null,
    }
    if (this.#packing !== id) return
    this.#packing = null
    if (this.#link !== link) return void this.#queue.add(id)
    const key = this.#desk.keyOf(id)
    const buffers = Object.values(bodies)
      .filter((body) => body !== null)
      .flatMap(buffersOf)
    this.#flying.set(key, { id, bytes: buffers.reduce((bytes, buffer) => bytes + buffer.byteLength, 0) })
    link.post({ type: 'save', stored: { key, exchange, heads }, bodies }, buffers)
  }

  #hasRoom(): boolean {
    let bytes = 0
    for (const flying of this.#flying.values()) bytes += flying.bytes
    return this.#flying.size < flyingLimit && bytes < flyingBytesLimit
  }
}
