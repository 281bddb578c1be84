import { now } from './clock.ts'
import type { FeedMessage, FeedRequest, GatewayEvent, Snapshot } from './contract/events.ts'
import { EventFeed } from './event-feed.ts'
import type { Journal, LiveExchange } from './live-exchange.ts'

/** Shortest time between two batches to a window. */
const batchEveryMs = 16
/** A shorter wait is no finding. */
const tellsWaitFromMs = 1000
/** One that goes on off screen is told again this often; a silence begins to be a finding then. */
const retellsWaitEveryMs = 15_000
/**
 * What may wait in a feed goes out this often, when nothing gives an earlier occasion. To wake a thread costs more than what it is sent:
 * 50 µs for a timer or a message, 0.4 µs for the progress of an exchange.
 */
const slowBatchEveryMs = 100

/** One window's way into the journal. */
export interface FeedHandle {
  receive(request: FeedRequest): void
  close(): void
}

/** What the journal asks of the gateway. */
export interface JournalSource {
  /** All there is, for a window that starts. */
  takeSnapshot(): Snapshot
  /** Called before each batch: emit the totals that moved. */
  emitTotals(at: number): void
  /** Takes in an event before the windows see it. */
  record(event: GatewayEvent): void
}

/** Collects what happens and hands it to the feeds in batches. With no feed open it costs next to nothing. */
export class GatewayJournal implements Journal {
  readonly #source: JournalSource
  readonly #feeds = new Set<EventFeed>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #slowTimer: ReturnType<typeof setTimeout> | null = null
  /** Feeds that want to know how totals move. */
  #watchers = 0

  constructor(source: JournalSource) {
    this.#source = source
  }

  /** Whether somebody wants to know how totals move. */
  get isWatched(): boolean {
    return this.#watchers > 0
  }

  emit(event: GatewayEvent): void {
    this.#source.record(event)
    for (const feed of this.#feeds) feed.add(event)
    this.#schedule()
  }

  touch(exchange: LiveExchange): void {
    if (this.#watchers === 0) return
    let isWaiting = false
    for (const feed of this.#feeds) {
      const place = feed.touched(exchange)
      if (place === null) continue
      isWaiting = true
      if (place === 'soon') this.#schedule()
    }
    // With one watcher an exchange is told of once until that was sent, and not with each of its events; what one of two has sent may
    // still wait in the other.
    exchange.isTouched = isWaiting && this.#watchers === 1
    this.#lookLater()
  }

  openFeed(send: (message: FeedMessage) => void, hasProgress: boolean): FeedHandle {
    const feed = new EventFeed(send, () => this.#source.takeSnapshot(), hasProgress)
    for (const other of this.#feeds) other.tellAgain()
    this.#feeds.add(feed)
    if (hasProgress) this.#watchers++
    feed.flush(now())
    return {
      receive: (request) => {
        feed.receive(request)
        if (feed.hasNews) this.#schedule()
        this.#lookLater()
      },
      close: () => {
        if (!this.#feeds.delete(feed)) return
        feed.tellAgain()
        if (hasProgress) this.#watchers--
      },
    }
  }

  /**
   * So much time has passed: what is waited for on screen is told anew, the rest when a wait has become long enough to be a finding, and
   * now and then from there on. That way a stream that has gone silent, or a client that has stopped, shows though nothing moves.
   */
  timePassed(open: Iterable<LiveExchange>, at: number, elapsedMs: number): void {
    if (this.#watchers === 0) return
    for (const exchange of open) {
      const waitedMs = exchange.waitedMs(at)
      if (waitedMs < tellsWaitFromMs) continue
      const isTurn = waitedMs < tellsWaitFromMs + elapsedMs || waitedMs % retellsWaitEveryMs < elapsedMs
      if (isTurn || this.#isOnScreen(exchange)) exchange.touch()
    }
  }

  #isOnScreen(exchange: LiveExchange): boolean {
    for (const feed of this.#feeds) if (feed.looksAt(exchange)) return true
    return false
  }

  /** Wakes the feeds up though no exchange moved, so that rates fall to zero. */
  wake(): void {
    this.#schedule()
  }

  /** Sends what waits, and nothing more. */
  close(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer)
      this.#tick()
    }
    if (this.#slowTimer !== null) clearTimeout(this.#slowTimer)
    this.#feeds.clear()
    this.#watchers = 0
  }

  #schedule(): void {
    if (this.#timer !== null || this.#feeds.size === 0) return
    this.#timer = setTimeout(() => this.#tick(), batchEveryMs)
  }

  #tick(): void {
    const at = now()
    if (this.#watchers > 0) this.#source.emitTotals(at)
    // The totals go out at once, whoever asked for this.
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    for (const feed of this.#feeds) feed.flush(at)
    this.#lookLater()
  }

  #lookLater(): void {
    if (this.#slowTimer !== null || ![...this.#feeds].some((feed) => feed.waitsForTime)) return
    this.#slowTimer = setTimeout(() => {
      this.#slowTimer = null
      if (this.#timer === null) this.#tick()
    }, slowBatchEveryMs)
  }
}
