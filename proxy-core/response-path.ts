import type { ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import type { BufferingPolicy, Decision } from './contract/buffering.ts'
import { decide, holdsAlike, type ResponseTraits } from './decision.ts'
import type { HoldRoom } from './hold-queue.ts'
import { Hold } from './hold.ts'
import type { LiveExchange } from './live-exchange.ts'
import { Spool } from './spool.ts'

/** The head of a response as it goes to the client, and what a decision needs to know of it. */
export interface ResponseOpening {
  readonly status: number
  readonly statusText: string
  readonly fields: readonly string[]
  readonly hasBody: boolean
  readonly traits: ResponseTraits
}

/** What a response path belongs to, and who is told. */
export interface ResponsePathOptions {
  readonly exchange: LiveExchange
  readonly outlet: ClientSide
  readonly policy: BufferingPolicy
  /** The upstream should wait, or go on. */
  throttle(isPaused: boolean): void
  /** Everything has left after `finish`. */
  finished(): void
  /** Bytes that were spooled can't be read back. */
  lost(): void
}

/** The way of one response from the upstream to the client: decided by the policy in force, through the hold, out by the outlet. */
export class ResponsePath {
  readonly #options: ResponsePathOptions
  #policy: BufferingPolicy
  #override: 'off' | 'on' | null = null
  #opening: ResponseOpening | null = null
  #decision: Decision | null = null
  #hold: Hold | null = null

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
  }

  push(chunk: Buffer, at: number): void {
    this.#hold?.push(chunk, at)
  }

  /** Nothing more comes: all goes out, then `finished` is told. */
  finish(): void {
    this.#hold?.finish()
  }

  /** The client is gone: everything is freed. */
  abandon(): void {
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

  #createHold(): Hold {
    const { exchange, outlet } = this.#options
    const sink = {
      write: (chunk: Buffer): void => {
        if (!outlet.hasHead) this.#sendHead()
        outlet.write(chunk)
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
        this.#options.throttle(isPaused)
      },
      finished: () => {
        this.#sendHead()
        this.#options.finished()
      },
      lost: () => this.#options.lost(),
    }
    return new Hold(sink, observer, { room: roomOf(this.#policy), now })
  }
}

function roomOf({ memoryBytes, spoolBytes }: BufferingPolicy): HoldRoom {
  return { memoryBytes, openSpool: spoolBytes > 0 ? (onChange) => new Spool(spoolBytes, onChange) : null }
}
