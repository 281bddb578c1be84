import type { Decision } from './contract/buffering.ts'

/** A shorter hold can't be told from the loop being busy. */
export const heldFromMs = 10
/** A shorter wait for a socket is how sockets are. */
export const stalledFromMs = 50

/** What a `Waits` has seen so far. Durations in milliseconds. */
export interface WaitSummary {
  readonly longestHeldMs: number
  readonly largestReleaseBytes: number
  /** Holds that were more than the loop being busy. */
  readonly holds: number
  /** The decision that held for longest. */
  readonly heldBy: Decision | null
  readonly longestStallMs: number
  readonly stalls: number
  readonly stalledMs: number
}

/** What the bytes of one response waited for in this gateway: a policy that held them, or the client's socket. */
export class Waits {
  #heldSince: number | null = null
  #holding: Decision | null = null
  #heldBy: Decision | null = null
  #longestHeldMs = 0
  #largestReleaseBytes = 0
  #holds = 0

  #stalledSince: number | null = null
  #longestStallMs = 0
  #stalls = 0
  #stalledMs = 0

  /** Since when bytes wait now; null while none do. */
  get since(): number | null {
    if (this.#heldSince === null || this.#stalledSince === null) return this.#heldSince ?? this.#stalledSince
    return Math.min(this.#heldSince, this.#stalledSince)
  }

  /** A hold begins, by a decision, or ends: its bytes were released, or given up with the client. `bytes` is what was held before. */
  held(since: number | null, decision: Decision | null, at: number, bytes: number): void {
    if (this.#heldSince !== null) this.#holdEnded(at - this.#heldSince, bytes)
    this.#heldSince = since
    this.#holding = decision
  }

  /** So much was released at once, the oldest of it after so long. */
  released(bytes: number, heldMs: number): void {
    if (heldMs >= heldFromMs && bytes > this.#largestReleaseBytes) this.#largestReleaseBytes = bytes
  }

  /** Released bytes wait for the client's socket. */
  blocked(at: number): void {
    this.#stalledSince ??= at
  }

  /** The client's socket has taken them. */
  drained(at: number): void {
    if (this.#stalledSince === null) return
    const stallMs = at - this.#stalledSince
    this.#stalledSince = null
    this.#stalledMs += stallMs
    if (stallMs >= stalledFromMs) this.#stalls++
    if (stallMs > this.#longestStallMs) this.#longestStallMs = stallMs
  }

  /** All of it, with what goes on at this moment. */
  summary(at: number, heldBytes: number): WaitSummary {
    const holdingMs = this.#heldSince === null ? 0 : at - this.#heldSince
    const stallingMs = this.#stalledSince === null ? 0 : at - this.#stalledSince
    const isHoldNew = holdingMs > this.#longestHeldMs
    return {
      longestHeldMs: isHoldNew ? holdingMs : this.#longestHeldMs,
      largestReleaseBytes: Math.max(this.#largestReleaseBytes, holdingMs >= heldFromMs ? heldBytes : 0),
      holds: this.#holds + (holdingMs >= heldFromMs ? 1 : 0),
      heldBy: isHoldNew ? this.#holding : this.#heldBy,
      longestStallMs: Math.max(this.#longestStallMs, stallingMs),
      stalls: this.#stalls + (stallingMs >= stalledFromMs ? 1 : 0),
      stalledMs: this.#stalledMs + stallingMs,
    }
  }

  #holdEnded(heldMs: number, bytes: number): void {
    if (heldMs >= heldFromMs) {
      this.#holds++
      if (bytes > this.#largestReleaseBytes) this.#largestReleaseBytes = bytes
    }
    if (heldMs <= this.#longestHeldMs) return
    this.#longestHeldMs = heldMs
    this.#heldBy = this.#holding
  }
}
