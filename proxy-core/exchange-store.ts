import type { CaptureBudget } from './capture.ts'
import type { GatewayEvent, GatewayTotals } from './contract/events.ts'
import { GatewayError } from './contract/errors.ts'
import { ExchangeLog } from './contract/exchange-log.ts'
import type { Exchange, ExchangeId } from './contract/exchange.ts'
import { openBody, type ExchangeRecord, type RecordOrigin } from './exchange-record.ts'
import type { Captured } from './captured.ts'
import type { Forward } from './forward.ts'
import type { Journal, LiveExchange } from './live-exchange.ts'
import { Reconnects } from './reconnects.ts'
import { RestoredExchange, type ExchangeContent } from './restored-exchange.ts'
import type { WireSource } from './rows.ts'
import type { Tap } from './tap.ts'
import type { MessageLog } from './web-socket/message-log.ts'
import { openMessages } from './web-socket/open-messages.ts'

/** Exchanges that are remembered; beyond this the oldest that ended is forgotten. */
const capacity = 10_000
/** Exchanges that may be pinned, and how much of the budget they may keep when another one is. */
const pinLimit = 1000
const pinShare = 0.75

/** An exchange with what was captured of it, open or ended. */
interface Entry {
  /** Of a record: what stands in for the live exchange. */
  readonly live: Pick<LiveExchange, 'tap' | 'messages' | 'isPinned' | 'endedAt' | 'view'>
  readonly forward: Forward | null
  readonly captured: () => Captured | null
  /** Of one from the history, whose bodies are read when they are looked at. */
  readonly restored?: RestoredExchange
}

/** The newest exchanges and their captures. */
export class ExchangeStore {
  readonly budget: CaptureBudget
  readonly reconnects = new Reconnects()
  readonly #log = new ExchangeLog(capacity)
  readonly #entries = new Map<ExchangeId, Entry>()
  readonly #open = new Map<ExchangeId, Forward>()
  readonly #pinned = new Set<ExchangeId>()
  #forgotten = 0
  #nextId = 1
  #nextRestoredId = -1

  constructor(budget: CaptureBudget) {
    this.budget = budget
  }

  get openCount(): number {
    return this.#open.size
  }

  get pinnedBytes(): number {
    let bytes = 0
    for (const id of this.#pinned) bytes += this.#usedBytes(id)
    return bytes
  }

  /** What is kept, and what is no longer. */
  totals(): Omit<GatewayTotals, 'eventsPerSecond' | 'heldBytes'> {
    return {
      open: this.openCount,
      capturedBytes: this.budget.usedBytes,
      captureBudgetBytes: this.budget.limitBytes,
      pinnedBytes: this.pinnedBytes,
      pinnedExchanges: this.#pinned.size,
      forgottenRows: this.budget.forgottenRows,
      forgottenExchanges: this.#forgotten,
    }
  }

  open(): IterableIterator<Forward> {
    return this.#open.values()
  }

  *openLive(): Generator<LiveExchange> {
    for (const forward of this.#open.values()) yield forward.exchange
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

  newId(): ExchangeId {
    return this.#nextId++ as ExchangeId
  }

  /** Keeps an exchange that is not live, under an id of its own; its bodies count in the budget. Announces it. */
  async addRecord(record: ExchangeRecord, origin: RecordOrigin, journal: Pick<Journal, 'emit'>): Promise<ExchangeId> {
    // The stream before it, if it is here at all, has another id here.
    const { reconnectOf: _, ...ended } = settled(record.exchange)
    const live: Entry['live'] = {
      tap: null,
      messages: null,
      isPinned: false,
      endedAt: ended.endedAt,
      view: () => ({ ...exchange, isPinned: live.isPinned }),
    }
    live.tap = record.response && (await openBody(record.response, this.budget, live))
    live.messages = record.messages ? await openMessages(record.messages, this.budget, live) : null
    const requestTap = record.request && (await openBody(record.request, this.budget, live))
    const exchange: Exchange = { ...ended, ...countsOf(live.messages ?? live.tap), id: this.newId(), origin, isPinned: false }
    this.#entries.set(exchange.id, { live, forward: null, captured: () => ({ heads: record.heads, requestTap }) })
    journal.emit({ type: 'exchange.started', exchange })
    return exchange.id
  }

  /** Keeps exchanges of the history, the newest first, before all that are here; returns them as they are listed. */
  restore(exchanges: readonly { readonly exchange: Exchange; readonly read: () => Promise<ExchangeContent> }[]): readonly Exchange[] {
    return exchanges.map(({ exchange, read }) => {
      const { reconnectOf: _, ...ended } = settled(exchange)
      const restored = new RestoredExchange({ ...ended, id: this.#nextRestoredId-- as ExchangeId, origin: 'restored' }, read, this.budget)
      const view = restored.view()
      this.#entries.set(view.id, { live: restored, forward: null, captured: () => restored.captured, restored })
      if (view.isPinned) this.#pinned.add(view.id)
      return view
    })
  }

  /** Reads the bodies of an exchange of the history before they are looked at; null when all that is kept is here. */
  load(id: ExchangeId): Promise<void> | null {
    return this.#entries.get(id)?.restored?.load() ?? null
  }

  /** Takes in an event; returns the ids that it pushed out. */
  record(event: GatewayEvent): readonly ExchangeId[] {
    if (event.type === 'exchanges.restored') {
      this.#log.insert(event.exchanges)
      return this.#dropSurplus()
    }
    if (!isExchangeEvent(event)) return []
    this.#log.apply(event)
    if (event.type === 'exchange.ended') {
      const exchange = this.#log.get(event.id)
      if (exchange) this.reconnects.ended(exchange)
    }
    return event.type === 'exchange.started' ? this.#dropSurplus() : []
  }

  /** All exchanges as they are now, oldest first. */
  views(): readonly Exchange[] {
    return Array.from(this.#log.values(), (exchange) => this.#open.get(exchange.id)?.exchange.view() ?? exchange)
  }

  has(id: ExchangeId): boolean {
    return this.#entries.has(id)
  }

  find(id: ExchangeId): Entry {
    const entry = this.#entries.get(id)
    if (!entry) throw new GatewayError('exchange-not-found', `The exchange ${id} is no longer here.`)
    return entry
  }

  /** The open exchange of that id. */
  findOpen(id: ExchangeId): Forward {
    const { forward, live } = this.find(id)
    const { origin } = live.view()
    if (origin !== 'live') {
      const source = origin === 'imported' ? 'was imported' : 'is from the history'
      throw new GatewayError('exchange-not-found', `The exchange ${id} ${source}: it is shown here, and does not run.`)
    }
    if (!forward) throw new GatewayError('exchange-not-found', `The exchange ${id} has ended.`)
    return forward
  }

  /** The tap of a body, or null when nothing of it was captured. */
  tap(id: ExchangeId, side: 'request' | 'response'): Tap | null {
    const entry = this.find(id)
    return side === 'response' ? entry.live.tap : (entry.captured()?.requestTap ?? null)
  }

  /** What the rows of an exchange are found in: its response, or the messages of a WebSocket; null when nothing was captured. */
  rows(id: ExchangeId): Tap | MessageLog | null {
    const { live } = this.find(id)
    return live.messages ?? live.tap
  }

  /** The bytes of one side as they came, or null when nothing of it was captured. */
  wire(id: ExchangeId, side: 'request' | 'response'): WireSource | null {
    return this.find(id).live.messages?.sideSource(side === 'response' ? 'toClient' : 'toUpstream') ?? this.tap(id, side)
  }

  /** Keeps an exchange from being forgotten or cleared, or no longer. */
  pin(id: ExchangeId, isPinned: boolean): void {
    const { live } = this.find(id)
    if (isPinned && !this.#pinned.has(id)) this.#checkPins(id)
    live.isPinned = isPinned
    if (isPinned) this.#pinned.add(id)
    else this.#pinned.delete(id)
  }

  /** Forgets exchanges that have ended and are not pinned: those named, or all. Returns which. */
  clear(ids: readonly ExchangeId[] | undefined): readonly ExchangeId[] {
    const cleared: ExchangeId[] = []
    for (const id of ids ?? Array.from(this.#log.values(), (exchange) => exchange.id)) {
      if (this.#log.get(id) && !this.#open.has(id) && !this.#pinned.has(id)) cleared.push(id)
    }
    this.#drop(cleared)
    return cleared
  }

  /** Forgets exchanges, pinned or not. */
  forget(ids: readonly ExchangeId[]): void {
    this.#drop(ids)
  }

  /** Forgets what open exchanges that are not pinned have captured so far; they go on, and so does their capture. */
  clearOpenCaptures(): void {
    for (const [id, forward] of this.#open) {
      if (this.#pinned.has(id)) continue
      forward.exchange.rowSource?.forgetSoFar()
      forward.captured.requestTap?.forgetSoFar()
      forward.exchange.touch()
    }
  }

  #dropSurplus(): readonly ExchangeId[] {
    const surplus = this.#log.surplus()
    this.#drop(surplus)
    this.#forgotten += surplus.length
    return surplus
  }

  #drop(ids: readonly ExchangeId[]): void {
    this.#log.forget(ids)
    for (const id of ids) {
      const entry = this.#entries.get(id)
      this.#entries.delete(id)
      this.#pinned.delete(id)
      entry?.live.tap?.forgetAll()
      entry?.live.messages?.forgetAll()
      entry?.captured()?.requestTap?.forgetAll()
    }
  }

  #usedBytes(id: ExchangeId): number {
    const entry = this.#entries.get(id)
    const { tap, messages } = entry?.live ?? {}
    return (tap?.usedBytes ?? 0) + (messages?.usedBytes ?? 0) + (entry?.captured()?.requestTap?.usedBytes ?? 0)
  }

  #checkPins(id: ExchangeId): void {
    if (this.#pinned.size >= pinLimit) {
      throw new GatewayError('pins-full', `${pinLimit} exchanges are pinned, and that is as many as can be. Unpin one to pin another.`)
    }
    const { limitBytes } = this.budget
    if (this.pinnedBytes + this.#usedBytes(id) <= limitBytes * pinShare) return
    const [most, all] = [limitBytes * pinShare, limitBytes].map((bytes) => Math.floor(bytes / 1_048_576))
    const message = `Pinned exchanges would keep more than ${most} of the ${all} MiB that captures may take. Unpin one, or raise the capture budget.`
    throw new GatewayError('pins-full', message)
  }
}

/** What of an exchange is counted in its capture; of one that has none, what the record says stays. */
function countsOf(tap: Tap | MessageLog | null): Partial<Exchange> {
  if (tap === null) return {}
  const { rows, events, leftRows, forgottenRows, firstRowAt, lastRowAt } = tap
  return { rows, events, leftRows, forgottenRows, firstRowAt, lastRowAt }
}

/** An exchange that was open when it was recorded does not go on. */
function settled(exchange: Exchange): Exchange {
  if (exchange.state !== 'open') return exchange
  const endedAt = exchange.lastRowAt ?? exchange.respondedAt ?? exchange.startedAt
  const error = { code: 'stopped-here', message: 'The exchange was still open when it was recorded.' } as const
  return { ...exchange, state: 'failed', endedAt, error, heldBytes: 0, oldestHeldAt: null }
}

function isExchangeEvent(event: GatewayEvent): event is Extract<GatewayEvent, { type: `exchange.${string}` }> {
  return event.type.startsWith('exchange.')
}
