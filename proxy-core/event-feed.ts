import type { FeedMessage, FeedRequest, GatewayEvent, Snapshot } from './contract/events.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { LiveExchange } from './live-exchange.ts'

/** Events that may wait for an ack; past this a fresh snapshot is cheaper than catching up. */
const maxPendingEvents = 20_000
/** Progress of exchanges that are not on screen goes out this often, and so many of them at a time. */
const offScreenEveryMs = 1000
const offScreenPerBatch = 500

/**
 * What one window is sent: a snapshot, then batches in order, each only after the last was acknowledged.
 * A window that falls behind, sleeps or reloads gets a fresh snapshot; the gateway never waits for it.
 */
export class EventFeed {
  readonly #send: (message: FeedMessage) => void
  readonly #takeSnapshot: () => Snapshot
  #seq = 0
  #ackedSeq = 0
  #needsSnapshot = true
  #pending: GatewayEvent[] = []
  readonly #onScreen = new Set<LiveExchange>()
  readonly #offScreen = new Set<LiveExchange>()
  #looksAt: ReadonlySet<ExchangeId> = new Set()
  #offScreenSentAt = 0

  constructor(send: (message: FeedMessage) => void, takeSnapshot: () => Snapshot) {
    this.#send = send
    this.#takeSnapshot = takeSnapshot
  }

  /** Whether something waits to be sent. */
  get hasNews(): boolean {
    return this.#needsSnapshot || this.#pending.length > 0 || this.#onScreen.size > 0 || this.#offScreen.size > 0
  }

  add(event: GatewayEvent): void {
    if (this.#needsSnapshot) return
    this.#pending.push(event)
    if (this.#pending.length > maxPendingEvents) this.#startOver()
  }

  /** Whether an exchange is on the window's screen. */
  looksAt({ id }: LiveExchange): boolean {
    return this.#looksAt.has(id)
  }

  /** The totals of an exchange moved. */
  touched(exchange: LiveExchange): void {
    if (this.#needsSnapshot) return
    if (this.#looksAt.has(exchange.id)) this.#onScreen.add(exchange)
    else this.#offScreen.add(exchange)
  }

  receive(request: FeedRequest): void {
    if (request.type === 'ack') {
      if (request.seq <= this.#seq) this.#ackedSeq = Math.max(this.#ackedSeq, request.seq)
      return
    }
    this.#looksAt = new Set(request.exchangeIds)
    for (const exchange of this.#offScreen) {
      if (!this.#looksAt.has(exchange.id)) continue
      this.#offScreen.delete(exchange)
      this.#onScreen.add(exchange)
    }
  }

  /** Sends what waits, if the last message was acknowledged. */
  flush(at: number): void {
    if (this.#ackedSeq < this.#seq) return
    if (this.#needsSnapshot) {
      this.#needsSnapshot = false
      this.#send({ type: 'snapshot', seq: ++this.#seq, at, snapshot: this.#takeSnapshot() })
      return
    }
    const events = this.#pending
    this.#pending = []
    for (const exchange of this.#onScreen) addProgress(events, exchange)
    this.#onScreen.clear()
    if (this.#offScreen.size > 0 && at - this.#offScreenSentAt >= offScreenEveryMs) this.#addOffScreen(events, at)
    if (events.length > 0) this.#send({ type: 'batch', seq: ++this.#seq, at, events })
  }

  #addOffScreen(events: GatewayEvent[], at: number): void {
    let room = offScreenPerBatch
    for (const exchange of this.#offScreen) {
      if (room-- === 0) return
      addProgress(events, exchange)
      this.#offScreen.delete(exchange)
    }
    this.#offScreenSentAt = at
  }

  #startOver(): void {
    this.#pending = []
    this.#onScreen.clear()
    this.#offScreen.clear()
    this.#needsSnapshot = true
  }
}

function addProgress(events: GatewayEvent[], exchange: LiveExchange): void {
  // The end carries the last totals.
  if (exchange.isOpen) events.push({ type: 'exchange.progressed', id: exchange.id, progress: exchange.moved() })
}
