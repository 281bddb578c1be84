import type { ErrorReport } from './contract/errors.ts'
import type { NodeStatus } from './contract/events.ts'

/** So many exchanges in a row must fail to reach a node before it rests; one may be bad luck. */
const failuresBeforeRest = 2
const firstRestMs = 10_000
const longestRestMs = 60_000

/** Whether one node can be reached, by what exchanges have met: after failures it rests, then one exchange tries it. */
export class NodeHealth {
  #failures = 0
  #restMs = 0
  #until: number | null = null
  #isBeingTried = false
  #lastError: NodeStatus['lastError'] = null

  isResting(at: number): boolean {
    return this.#until !== null && at < this.#until
  }

  /** An exchange is about to call it. Behind a rest it is the only one, until its fate or as long as another rest has passed. */
  calls(at: number): void {
    if (this.#until === null || at < this.#until) return
    this.#isBeingTried = true
    this.#until = at + this.#restMs
  }

  /** A connection stands; true when that is news. */
  reached(): boolean {
    if (this.#failures === 0) return false
    this.#failures = 0
    this.#until = null
    this.#isBeingTried = false
    this.#lastError = null
    return true
  }

  /** An exchange could not connect. What was called before a rest began does not make it longer. */
  failed(error: ErrorReport, at: number): void {
    this.#failures++
    this.#lastError = { at, error }
    if (this.#until !== null && !this.#isBeingTried) return
    if (this.#failures < failuresBeforeRest) return
    this.#restMs = this.#isBeingTried ? Math.min(this.#restMs * 2, longestRestMs) : firstRestMs
    this.#until = at + this.#restMs
    this.#isBeingTried = false
  }

  /** How it stands; the only node of a route is called all the same. */
  status(url: string, isOnly: boolean): NodeStatus {
    const until = isOnly ? null : this.#until
    return { url, state: until === null ? 'up' : 'resting', until, lastError: this.#lastError }
  }
}
