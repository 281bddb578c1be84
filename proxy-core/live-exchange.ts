import { now } from './clock.ts'
import type { Decision } from './contract/buffering.ts'
import type { ErrorReport } from './contract/errors.ts'
import type { GatewayEvent } from './contract/events.ts'
import type { Exchange, ExchangeHead, ExchangeId, ExchangeProgress, ExchangeState } from './contract/exchange.ts'
import type { FaultHit } from './contract/faults.ts'
import type { Route } from './contract/route.ts'
import type { RouteActivity } from './route-activity.ts'
import type { Tap } from './tap.ts'
import type { MessageLog } from './web-socket/message-log.ts'
import { VerdictEvidence } from './verdict-evidence.ts'

/** Where a live exchange reports to. */
export interface Journal {
  emit(event: GatewayEvent): void
  /** The exchange's totals moved; they are read when somebody wants them. */
  touch(exchange: LiveExchange): void
}

/** What is known of an exchange when it starts. */
export type ExchangeStart = Pick<Exchange, 'method' | 'target' | 'host' | 'httpVersion' | 'client' | 'lastEventId' | 'reconnectOf'>

/** Decisions that are kept; a stream that is flipped more often forgets how it began. */
const decisionLimit = 256

/**
 * One exchange while it is open: the totals that move with every chunk, in plain fields, and the steps that are announced.
 * What others see of it is an `Exchange`.
 */
export class LiveExchange {
  readonly id: ExchangeId
  readonly route: Route | null
  readonly activity: RouteActivity | null
  readonly #journal: Journal
  readonly #start: ExchangeStart
  readonly #startedAt = now()
  /** What the verdict rests on. */
  readonly evidence = new VerdictEvidence(this.#startedAt)

  tap: Tap | null = null
  /** Of a WebSocket, in place of a tap. */
  messages: MessageLog | null = null
  isPinned = false
  requestBytes = 0
  arrivedBytes = 0
  leftBytes = 0
  heldBytes = 0
  oldestHeldAt: number | null = null
  isTouched = false
  #spoolError: string | null = null
  #faultBytes: number | null = null

  #upstream: string | null = null
  #hasMoved = false
  #hasHeld = false
  #head: ExchangeHead = {
    status: null,
    respondedAt: null,
    contentType: null,
    contentEncoding: null,
    framing: null,
    rowKind: null,
  }
  #decisions: readonly Decision[] = []
  #isOverridden = false
  #countedEvents = 0
  #state: ExchangeState = 'open'
  #endedAt: number | null = null
  #error: ErrorReport | null = null

  constructor(id: ExchangeId, start: ExchangeStart, options: { route: Route | null; activity: RouteActivity | null; journal: Journal }) {
    this.id = id
    this.route = options.route
    this.activity = options.activity
    this.#journal = options.journal
    this.#start = start
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get endedAt(): number | null {
    return this.#endedAt
  }

  /** What its rows are found in. */
  get rowSource(): Tap | MessageLog | null {
    return this.messages ?? this.tap
  }

  /** Announces the exchange. */
  begin(upstream: string | null): void {
    this.#upstream = upstream
    if (this.activity) {
      this.activity.open++
      this.activity.isTouched = true
      this.activity.exchanges++
    }
    this.#journal.emit({ type: 'exchange.started', exchange: this.view() })
  }

  /** Bytes of the request's body were sent to the upstream. */
  sent(bytes: number, at: number): void {
    this.requestBytes += bytes
    this.evidence.sentAt = at
    this.touch()
  }

  /** Another upstream has taken over, before anything was sent to the one before. */
  movedTo(upstream: string): void {
    this.#hasMoved = upstream !== this.#upstream
    this.#upstream = upstream
  }

  responded(head: ExchangeHead): void {
    this.#head = this.#hasMoved ? { ...head, upstream: this.#upstream } : head
    this.#journal.emit({ type: 'exchange.responded', id: this.id, head: this.#head })
  }

  decided(decision: Decision): void {
    this.#decisions = [...this.#decisions.slice(-decisionLimit + 1), decision]
    this.#isOverridden = decision.reason === 'override'
    this.#journal.emit({ type: 'exchange.decided', id: this.id, decisions: this.#decisions, isOverridden: this.#isOverridden })
  }

  /** Bytes of the body came from the upstream. */
  arrived(chunk: Buffer, at: number): void {
    this.arrivedBytes += chunk.length
    this.tap?.arrived(chunk, at)
    this.rowsFound()
  }

  /** The tap may have found rows. */
  rowsFound(): void {
    const { rowSource, activity } = this
    if (rowSource !== null && activity !== null) {
      activity.saw(rowSource.events - this.#countedEvents)
      this.#countedEvents = rowSource.events
    }
    this.touch()
  }

  /** Bytes were taken by the client's socket. */
  left(bytes: number, at: number): void {
    this.leftBytes += bytes
    this.tap?.left(bytes, at)
    this.touch()
  }

  holds(heldBytes: number, oldestHeldAt: number | null): void {
    const change = heldBytes - this.heldBytes
    // Only a hold that begins or ends has to know the time.
    const isTurn = (oldestHeldAt === null) !== (this.oldestHeldAt === null)
    if (isTurn) this.evidence.held(oldestHeldAt, this.#decisions.at(-1) ?? null, now(), this.heldBytes)
    this.#hasHeld = true
    this.heldBytes = heldBytes
    this.oldestHeldAt = oldestHeldAt
    this.activity?.holds(this, heldBytes, change)
    this.touch()
  }

  /** What is held can no longer go to a temporary file. */
  spoolFailed(reason: string): void {
    this.#spoolError = reason
    this.touch()
  }

  /** Something was done to it on purpose. */
  faulted(hit: FaultHit): void {
    this.evidence.faulted(hit)
    this.touch()
  }

  /** So many bytes are kept back on purpose now. */
  keptByFault(bytes: number): void {
    this.#faultBytes = bytes
    this.touch()
  }

  /** Announces the end, once. */
  end(state: Exclude<ExchangeState, 'open'>, error: ErrorReport | null): void {
    if (this.#state !== 'open') return
    if (this.heldBytes > 0) this.holds(0, null)
    if (this.#faultBytes !== null) this.#faultBytes = 0
    this.#endedAt = now()
    this.evidence.drained(this.#endedAt)
    this.#state = state
    this.#error = error
    if (this.activity) {
      this.activity.open--
      this.activity.isTouched = true
      if (state === 'failed' && error !== null) this.activity.failed(this.#endedAt, error)
      else if (state === 'complete') this.activity.succeeded()
    }
    // The last rows of an encoded body may still be on their way through the decoder; the client has long had them.
    const isLast = error?.code === 'gateway-stopping'
    const { rowSource } = this
    if (rowSource === null || isLast) this.#announceEnd()
    rowSource?.ended(state === 'complete', () => (isLast ? undefined : this.#announceEnd()))
  }

  touch(): void {
    if (this.isTouched || this.#state !== 'open') return
    this.#journal.touch(this)
  }

  /** How long something has been waited for now, so that time alone may have changed the verdict. */
  waitedMs(at: number): number {
    return this.evidence.waitedMs(this.rowSource?.pace, at)
  }

  progress(): ExchangeProgress {
    return { ...unmoved, ...this.moved() }
  }

  /** The progress without what never moved, which is most of it in most exchanges: each field of each batch is written out and read. */
  moved(): MovedProgress {
    const { rowSource: tap, messages, arrivedBytes, heldBytes } = this
    const moved: MovedProgress = {
      arrivedBytes,
      leftBytes: this.leftBytes,
      rows: tap?.rows ?? 0,
      events: tap?.events ?? 0,
      leftRows: tap?.leftRows ?? 0,
      firstRowAt: tap?.firstRowAt ?? null,
      lastRowAt: tap?.lastRowAt ?? null,
      verdict: this.evidence.verdict({ ...this.#head, tap, arrivedBytes, heldBytes, state: this.#state, endedAt: this.#endedAt }, now()),
    }
    if (this.requestBytes > 0) moved.requestBytes = this.requestBytes
    if (this.#hasHeld) {
      moved.heldBytes = heldBytes
      moved.oldestHeldAt = this.oldestHeldAt
    }
    if (messages !== null && messages.faults.length > 0) moved.framingFaults = messages.faults
    if (this.#spoolError !== null) moved.spoolError = this.#spoolError
    if (this.#faultBytes !== null) moved.faultBytes = this.#faultBytes
    if (tap === null) return moved
    if (tap.forgottenRows > 0) moved.forgottenRows = tap.forgottenRows
    if (tap.decodeError !== null) moved.decodeError = tap.decodeError
    if (tap.unkept.bytes > 0) {
      moved.unkeptBytes = tap.unkept.bytes
      moved.unkeptFrom = tap.unkept.from
      moved.unkeptTo = tap.unkept.to
    }
    return moved
  }

  /** The exchange as others see it, at this moment. */
  view(): Exchange {
    return {
      id: this.id,
      origin: 'live',
      routeId: this.route?.id ?? null,
      ...this.#start,
      startedAt: this.#startedAt,
      upstream: this.#upstream,
      ...this.#head,
      decisions: this.#decisions,
      isOverridden: this.#isOverridden,
      isPinned: this.isPinned,
      ...this.progress(),
      state: this.#state,
      endedAt: this.#endedAt,
      error: this.#error,
    }
  }

  #announceEnd(): void {
    this.rowsFound()
    this.#journal.emit({
      type: 'exchange.ended',
      id: this.id,
      end: { ...this.progress(), state: this.#state, endedAt: this.#endedAt, error: this.#error },
    })
  }
}

/** What has not moved when an exchange begins, and often never does. */
const unmoved = {
  requestBytes: 0,
  heldBytes: 0,
  oldestHeldAt: null,
  forgottenRows: 0,
  decodeError: null,
  unkeptBytes: 0,
  unkeptFrom: null,
  unkeptTo: null,
} as const

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type MovedProgress = Mutable<Omit<ExchangeProgress, keyof typeof unmoved> & Partial<Pick<ExchangeProgress, keyof typeof unmoved>>>
