import type { FeedMessage, FeedRequest, GatewayEvent, Snapshot } from './contract/events.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { LiveExchange } from './live-exchange.ts'

/** Events that may wait for an ack; past this a fresh snapshot is cheaper than catching up. */
const maxPendingEvents = 20_000
/** Progress of exchanges in a list goes out no more often, though there be a batch that could take it along: a list is drawn ten times a second. */
const listedEveryMs = 66
/** That of exchanges that are not on screen, and of so many of them at a time. */
const offScreenEveryMs = 1000
const offScreenPerBatch = 500

/**
 * What one window is sent: a snapshot, then batches in order, each only after the last was acknowledged.
 * A window that falls behind, sleeps or reloads gets a fresh snapshot; the gateway never waits for it.
 */
export class EventFeed {
  /** Whether it wants to know how totals move, and not only what happens. */
  readonly hasProgress: boolean
  readonly #send: (message: FeedMessage) => void
  readonly #takeSnapshot: () => Snapshot
  #seq = 0
  #ackedSeq = 0
  #needsSnapshot = true
  #pending: GatewayEvent[] = []
  /** Exchanges that moved, by how soon that is to be sent. */
  readonly #followed = new Set<LiveExchange>()
  readonly #listed = new Set<LiveExchange>()
  readonly #offScreen = new Set<LiveExchange>()
  #looksAt: ReadonlySet<ExchangeId> = new Set()
  #follows: ReadonlySet<ExchangeId> = new Set()
  #listedSentAt = 0
  #offScreenSentAt = 0
  /** Of those that are not on screen some were sent, and the rest is next. */
  #isAmidRound = false

  constructor(send: (message: FeedMessage) => void, takeSnapshot: () => Snapshot, hasProgress = true) {
    this.#send = send
    this.#takeSnapshot = takeSnapshot
    this.hasProgress = hasProgress
  }

  /** Whether something waits that is to be sent soon. */
  get hasNews(): boolean {
    return this.#needsSnapshot || this.#pending.length > 0 || this.#followed.size > 0 || this.#isAmidRound
  }

  /** Whether something waits for its time to be sent, and for nothing else. */
  get waitsForTime(): boolean {
    return this.#ackedSeq === this.#seq && (this.#listed.size > 0 || this.#offScreen.size > 0)
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

  /** The totals of an exchange moved. Returns how soon that is to be sent; it waits here until then, and need not be told again. */
  touched(exchange: LiveExchange): 'soon' | 'later' | null {
    if (this.#needsSnapshot || !this.hasProgress) return null
    const place = this.#waitingPlace(exchange.id)
    place.add(exchange)
    return place === this.#followed ? 'soon' : 'later'
  }

  /** Every exchange that moves further is to be told again. */
  tellAgain(): void {
    for (const exchanges of this.#waiting()) for (const exchange of exchanges) exchange.isTouched = false
  }

  receive(request: FeedRequest): void {
    if (request.type === 'ack') {
      if (request.seq <= this.#seq) this.#ackedSeq = Math.max(this.#ackedSeq, request.seq)
      return
    }
    this.#looksAt = new Set(request.exchangeIds)
    this.#follows = new Set(request.followedIds)
    for (const exchanges of this.#waiting()) {
      for (const exchange of exchanges) {
        const place = this.#waitingPlace(exchange.id)
        if (place === exchanges) continue
        exchanges.delete(exchange)
        place.add(exchange)
      }
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
    for (const exchange of this.#followed) addProgress(events, exchange)
    this.#followed.clear()
    if (this.#listed.size > 0 && at - this.#listedSentAt >= listedEveryMs) {
      for (const exchange of this.#listed) addProgress(events, exchange)
      this.#listed.clear()
      this.#listedSentAt = at
    }
    if (this.#offScreen.size > 0 && at - this.#offScreenSentAt >= offScreenEveryMs) this.#addOffScreen(events, at)
    if (events.length > 0) this.#send({ type: 'batch', seq: ++this.#seq, at, events })
  }

  #waiting(): readonly Set<LiveExchange>[] {
    return [this.#followed, this.#listed, this.#offScreen]
  }

  #waitingPlace(id: ExchangeId): Set<LiveExchange> {
    if (this.#follows.has(id)) return this.#followed
    return this.#looksAt.has(id) ? this.#listed : this.#offScreen
  }

  #addOffScreen(events: GatewayEvent[], at: number): void {
    let room = offScreenPerBatch
    this.#isAmidRound = this.#offScreen.size > room
    for (const exchange of this.#offScreen) {
      if (room-- === 0) return
      addProgress(events, exchange)
      this.#offScreen.delete(exchange)
    }
    this.#offScreenSentAt = at
  }

  #startOver(): void {
    this.#pending = []
    this.tellAgain()
    for (const exchanges of this.#waiting()) exchanges.clear()
    this.#needsSnapshot = true
    this.#isAmidRound = false
  }
}

function addProgress(events: GatewayEvent[], exchange: LiveExchange): void {
  exchange.isTouched = false
  // The end carries the last totals.
  if (exchange.isOpen) events.push({ type: 'exchange.progressed', id: exchange.id, progress: exchange.moved() })
}
