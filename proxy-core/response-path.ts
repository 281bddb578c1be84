import type { ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import type { BufferingPolicy, Decision } from './contract/buffering.ts'
import { decide, holdsAlike, type ResponseTraits } from './decision.ts'
import { Heartbeat, takesHeartbeats } from './heartbeat.ts'
import type { HoldRoom } from './hold-queue.ts'
import { Hold } from './hold.ts'
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
  readonly policy: BufferingPolicy
  /** A quiet event stream gets a comment this often; null for none. */
  readonly heartbeatMs: number | null
  /** How long the upstream may be silent between two pieces of a body; 0 for any time. */
  readonly idleMs: number
  /** The upstream should wait, or go on. */
  throttle(isPaused: boolean): void
  /** Everything has left after `finish`. */
  finished(): void
  /** Bytes that were spooled can't be read back. */
  lost(): void
  /** The upstream has been silent for too long. */
  silent(): void
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

  constructor(options: ResponsePathOptions) {
    this.#options = options
    this.#policy = options.policy
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
    this.#care(opening)
  }

  push(chunk: Buffer, at: number): void {
    this.#silence?.heard()
    this.#hold?.push(chunk, at)
  }

  /** Nothing more comes: all goes out, then `finished` is told. */
  finish(): void {
    this.#leaveCare()
    this.#hold?.finish()
  }

  /** The client is gone: everything is freed. */
  abandon(): void {
    this.#leaveCare()
    this.#hold?.abandon()
  }

  /** Hands on what is held now, a held head among it. */
  release(): void {
    this.#sendHead()
    this.#hold?.release()
  }

  /** Puts a route's policy in force, at once. */
  setPolicy(policy: BufferingPolicy): void {
    this.#policy = policy
    this.#decide()
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

  #care({ status, hasBody, traits, receivedFields, fields }: ResponseOpening): void {
    const { heartbeatMs, idleMs, outlet } = this.#options
    if (idleMs > 0 && hasBody) this.#silence = new SilenceWatch(idleMs, () => this.#options.silent())
    if (heartbeatMs === null) return
    if (!takesHeartbeats({ status, hasBody, mediaType: traits.mediaType, received: receivedFields, sent: fields })) return
    this.#heartbeat = new Heartbeat({
      everyMs: heartbeatMs,
      isQuiet: () => outlet.hasHead && !outlet.isBlocked && this.#hold?.pendingBytes === 0,
      write: (comment) => outlet.write(comment),
    })
  }

  #leaveCare(): void {
    this.#silence?.stop()
    this.#heartbeat?.stop()
  }

  #createHold(): Hold {
    const { exchange, outlet } = this.#options
    const sink = {
      write: (chunk: Buffer): void => {
        if (!outlet.hasHead) this.#sendHead()
        outlet.write(chunk)
        this.#heartbeat?.sent(chunk)
        if (outlet.isBlocked) exchange.evidence.blocked(now())
      },
      get isBlocked(): boolean {
        return outlet.isBlocked
      },
    }
    const observer = {
      left: (bytes: number, at: number) => exchange.left(bytes, at),
      released: (bytes: number, heldMs: number) => exchange.evidence.released(bytes, heldMs),
      heldChanged: (heldBytes: number, oldestHeldAt: number | null) => exchange.holds(heldBytes, oldestHeldAt),
      throttle: (isPaused: boolean) => {
        exchange.tap?.pace.throttled(isPaused, now())
        this.#silence?.throttled(isPaused)
        this.#options.throttle(isPaused)
      },
      finished: () => {
        this.#sendHead()
        this.#options.finished()
      },
      lost: () => this.#options.lost(),
    }
    return new Hold(sink, observer, { room: roomOf(this.#policy, (error) => exchange.spoolFailed(spoolFault(error))), now })
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
