import type { Spread } from './contract/timing.ts'

/** Two durations within this factor are counted as one. */
const step = 1.02
const leastMs = 0.001
const logStep = Math.log(step)

/** Counts durations so that their percentiles are known to 1 %, in a memory that does not grow with them. */
export class SpreadTally {
  readonly #counts: number[] = []
  #count = 0
  #sum = 0
  #max = 0

  add(ms: number): void {
    const bin = ms <= leastMs ? 0 : Math.ceil(Math.log(ms / leastMs) / logStep)
    while (this.#counts.length <= bin) this.#counts.push(0)
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1
    this.#count++
    this.#sum += ms
    if (ms > this.#max) this.#max = ms
  }

  summary(): Spread {
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count
    return { count: this.#count, p50: this.#at(0.5), p95: this.#at(0.95), p99: this.#at(0.99), max: this.#max, mean }
  }

  /** The duration that this part of all of them does not exceed. */
  #at(part: number): number {
    let below = 0
    for (let bin = 0; bin < this.#counts.length; bin++) {
      below += this.#counts[bin] ?? 0
      if (below < part * this.#count) continue
      // The middle of the bin; of the first, nothing that a clock here can tell.
      return bin === 0 ? 0 : Math.min(this.#max, leastMs * step ** (bin - 0.5))
    }
    return 0
  }
}
