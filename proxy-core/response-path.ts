import type { ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import type { BufferingPolicy, Decision } from './contract/buffering.ts'
import type { GatewayError } from './contract/errors.ts'
import type { Faults } from './contract/faults.ts'
import type { Route } from './contract/route.ts'
import { decide, holdsAlike, type ResponseTraits } from './decision.ts'
import { countedRows, FaultStage } from './fault-stage.ts'
import { Heartbeat, takesHeartbeats } from './heartbeat.ts'
import type { HoldRoom } from './hold-queue.ts'
import { Hold, type HoldSink } from './hold.ts'
import type { LiveExchange } from './live-exchange.ts'
import { SilenceWatch } from './silence-watch.ts'
import { Spool } from './spool.ts'

/** The head of a response as it goes to the client, and what a decision needs to know of it. */
export interface ResponseOpening {
  readonly status: number
  readonly statusText: string
  readonly fields: readonly string[]
  /** As the upstream sent them. */
  readonly receivedFields: readonly string[]
  readonly hasBody: boolean
  readonly traits: ResponseTraits
}

/** What a response path belongs to, and who is told. */
export interface ResponsePathOptions {
  readonly exchange: LiveExchange
  readonly outlet: ClientSide
  readonly route: Route
  /** Whether the client's request lets comments be put into the response. */
  readonly mayBeat: boolean
  /** The upstream should wait, or go on. */
  throttle(isPaused: boolean): void
  /** Everything has left after `finish`. */
  finished(): void
  /** Bytes that were spooled can't be read back. */
  lost(): void
  /** The upstream has been silent for too long. */
  silent(): void
  /** A fault on purpose cuts the exchange behind what was handed on. */
  cut(error: GatewayError): void
}

/** The way of one response from the upstream to the client: decided by the policy in force, through the hold, out by the outlet. */
export class ResponsePath {
  readonly #options: ResponsePathOptions
  #policy: BufferingPolicy
  #override: 'off' | 'on' | null = null
  #opening: ResponseOpening | null = null
  #decision: Decision | null = null
  #hold: Hold | null = null
  #heartbeat: Heartbeat | null = null
  #silence: SilenceWatch | null = null
  #idleMs: number
  #heartbeatMs: number | null
  #faults: Faults
  #stage: FaultStage | null = null
  /** Who makes the upstream wait. */
  #isHoldFull = false
  #isStageFull = false
  #isPaused = false
  #isFinishing = false

  constructor(options: ResponsePathOptions) {
    this.#options = options
    this.#policy = options.route.buffering
    this.#faults = options.route.faults
    this.#idleMs = options.route.upstream.idleTimeoutMs
    this.#heartbeatMs = options.route.stream.heartbeatMs
  }

  /** Whether a response head has come. */
  get isOpen(): boolean {
    return this.#opening !== null
  }

  /** The response head has come: decides, and sends it on unless it is to be held. */
  open(opening: ResponseOpening): void {
    this.#opening = opening
    this.#hold = this.#createHold()
    this.#decide()
    if (this.#decision?.mode === 'off' || !this.#policy.holdHead || !opening.hasBody) this.#sendHead()
    this.#watchSilence()
    this.#heartbeat = this.#createHeartbeat(opening)
    this.#followFaults()
  }

  push(chunk: Buffer, at: number): void {
    this.#silence?.heard(at)
    if (this.#stage === null) this.#hold?.push(chunk, at)
    else this.#stage.push(chunk, at)
  }

  /** Nothing more comes: all goes out, then `finished` is told. */
  finish(): void {
    this.#leaveCare()
    this.#isFinishing = true
    if (this.#stage === null) this.#hold?.finish()
    else this.#stage.finish()
  }

  /** The client is gone: everything is freed. */
  abandon(): void {
    this.#isFinishing = true
    this.#leaveCare()
    this.#stage?.abandon()
    this.#stage = null
    this.#hold?.abandon()
  }

  /** Hands on what is held now, a held head among it. */
  release(): void {
    this.#sendHead()
    this.#hold?.release()
  }

  /** Puts what a route says of a response that is under way in force, at once. */
  follow({ buffering, faults, stream, upstream }: Pick<Route, 'buffering' | 'faults' | 'stream' | 'upstream'>): void {
    this.#policy = buffering
    this.#faults = faults
    this.#decide()
    this.#followFaults()
    if (upstream.idleTimeoutMs !== this.#idleMs) {
      this.#idleMs = upstream.idleTimeoutMs
      this.#watchSilence()
    }
    if (stream.heartbeatMs === this.#heartbeatMs) return
    this.#heartbeatMs = stream.heartbeatMs
    if (!this.#isFinishing) this.#heartbeat?.follow(stream.heartbeatMs)
  }

  /** Flips this response alone; null gives it back to its route. */
  setOverride(override: 'off' | 'on' | null): void {
    this.#override = override
    this.#decide()
  }

  /** The outlet has been emptied into the client's socket. */
  drained(): void {
    this.#options.exchange.evidence.drained(now())
    this.#hold?.drained()
  }

  /** Sends the head if it has not gone yet. */
  #sendHead(): void {
    const { outlet } = this.#options
    if (outlet.hasHead || this.#opening === null) return
    const { status, statusText, fields, hasBody } = this.#opening
    outlet.writeHead(status, statusText, fields, hasBody)
  }

  #decide(): void {
    const { exchange } = this.#options
    if (this.#opening === null || !exchange.isOpen) return
    const decision = decide(this.#policy, this.#override, this.#opening.traits, now())
    const before = this.#decision
    if (before && holdsAlike(before, decision) && before.reason === decision.reason) return
    this.#decision = decision
    exchange.decided(decision)
    if (decision.mode === 'off') this.#sendHead()
    this.#hold?.follow(decision)
  }

  #watchSilence(): void {
    this.#silence?.stop()
    this.#silence = null
    if (this.#idleMs === 0 || this.#opening?.hasBody !== true || this.#isFinishing || !this.#options.exchange.isOpen) return
    this.#silence = new SilenceWatch(this.#idleMs, now(), () => this.#options.silent())
    if (this.#isPaused) this.#silence.throttled(true, now())
  }

  #createHeartbeat({ status, hasBody, traits, receivedFields, fields }: ResponseOpening): Heartbeat | null {
    const { mayBeat, outlet } = this.#options
    const asked = { status, hasBody, mediaType: traits.mediaType, received: receivedFields, sent: fields }
    if (!mayBeat || !takesHeartbeats(asked)) return null
    return new Heartbeat({
      everyMs: this.#heartbeatMs,
      isQuiet: () => outlet.hasHead && !outlet.isBlocked && this.#hold?.pendingBytes === 0 && this.#stage?.isStalled !== true,
      write: (comment) => outlet.write(comment),
    })
  }

  #leaveCare(): void {
    this.#silence?.stop()
    this.#heartbeat?.stop()
  }

  /** The stage is there while the route's faults are on, and the way is straight to the hold while they are not. */
  #followFaults(): void {
    const stage = this.#stage
    if (stage !== null && this.#faults.enabled) stage.follow(this.#faults)
    else if (stage !== null) {
      this.#stage = null
      stage.leave()
    } else if (this.#faults.enabled && !this.#isFinishing && this.#opening?.hasBody === true) {
      this.#stage = this.#createStage(this.#opening)
    }
  }

  #createStage({ traits, receivedFields }: ResponseOpening): FaultStage {
    return new FaultStage({
      faults: this.#faults,
      rowKind: countedRows(traits.mediaType, receivedFields),
      now,
      push: (chunk, at) => this.#hold?.push(chunk, at),
      finished: () => {
        this.#stage = null
        this.#hold?.finish()
      },
      cut: (error) => {
        this.#stage = null
        this.#options.cut(error)
      },
      throttle: (isPaused) => {
        this.#isStageFull = isPaused
        this.#throttle()
      },
      hit: (hit) => this.#options.exchange.faulted(hit),
      keeps: (bytes) => this.#options.exchange.keptByFault(bytes),
    })
  }

  #throttle(): void {
    const isPaused = this.#isHoldFull || this.#isStageFull
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    const at = now()
    this.#options.exchange.tap?.pace.throttled(isPaused, at)
    this.#silence?.throttled(isPaused, at)
    this.#options.throttle(isPaused)
  }

  #createHold(): Hold {
    const { exchange, outlet } = this.#options
    const sink = new OutletBehindHold(outlet, (chunk) => {
      if (!outlet.hasHead) this.#sendHead()
      const admitted = this.#heartbeat?.admit(chunk) ?? chunk
      if (admitted.length > 0) outlet.write(admitted)
      this.#heartbeat?.sent(chunk)
    })
    const observer = {
      left: (bytes: number, at: number) => exchange.left(bytes, at),
      blocked: (at: number) => exchange.evidence.blocked(at),
      released: (bytes: number, heldMs: number) => exchange.evidence.released(bytes, heldMs),
      heldChanged: (heldBytes: number, oldestHeldAt: number | null) => exchange.holds(heldBytes, oldestHeldAt),
      throttle: (isPaused: boolean) => {
        this.#isHoldFull = isPaused
        this.#throttle()
      },
      finished: () => {
        this.#sendHead()
        const rest = this.#heartbeat?.rest() ?? null
        if (rest !== null) outlet.write(rest)
        this.#options.finished()
      },
      lost: () => this.#options.lost(),
    }
    return new Hold(sink, observer, { room: roomOf(this.#policy, (error) => exchange.spoolFailed(spoolFault(error))), now })
  }
}

/** A class, and not an object with a getter: such an object is a slow one, and every exchange has it. */
class OutletBehindHold implements HoldSink {
  readonly #outlet: ClientSide
  readonly write: (chunk: Buffer) => void

  constructor(outlet: ClientSide, write: (chunk: Buffer) => void) {
    this.#outlet = outlet
    this.write = write
  }

  get isBlocked(): boolean {
    return this.#outlet.isBlocked
  }
}

function roomOf({ memoryBytes, spoolBytes }: BufferingPolicy, onFailed: (error: Error) => void): HoldRoom {
  return { memoryBytes, openSpool: spoolBytes > 0 ? (onChange) => new Spool(spoolBytes, onChange, onFailed) : null }
}

/** Why a temporary file takes no more, for people. */
function spoolFault(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.message
  const reason = ['ENOSPC', 'EDQUOT'].includes(code) ? 'The disk for temporary files is full' : `The temporary file cannot be written`
  return `${reason} (${code}): the upstream waits for the client, and no byte is lost.`
}
