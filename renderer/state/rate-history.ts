import type { RouteId } from '../../proxy-core/contract/route.ts'

/** How many seconds of a route's rate are remembered. */
export const rateHistorySeconds = 32

interface Sample {
  readonly second: number
  readonly rate: number
}

/**
 * Each route's events per second over the last `rateHistorySeconds`.
 * Changed in place; a second without news keeps the rate before it.
 */
export class RateHistory {
  readonly #samples = new Map<RouteId, Sample[]>()

  note(id: RouteId, rate: number, now: number): void {
    const second = Math.floor(now / 1000)
    const samples = this.#samples.get(id) ?? []
    if (samples.at(-1)?.second === second) samples.pop()
    samples.push({ second, rate })
    if (samples.length > rateHistorySeconds + 1) samples.shift()
    this.#samples.set(id, samples)
  }

  /** One rate a second, oldest first, up to now. */
  series(id: RouteId, now: number): readonly number[] {
    const samples = this.#samples.get(id) ?? []
    const last = Math.floor(now / 1000)
    const series: number[] = []
    let at = 0
    let rate = 0
    for (let second = last - rateHistorySeconds + 1; second <= last; second++) {
      for (let sample = samples[at]; sample && sample.second <= second; sample = samples[++at]) rate = sample.rate
      series.push(rate)
    }
    return series
  }

  /** Forgets every route but these. */
  keep(ids: readonly RouteId[]): void {
    const kept = new Set(ids)
    for (const id of this.#samples.keys()) if (!kept.has(id)) this.#samples.delete(id)
  }
}
