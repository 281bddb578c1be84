import { performance } from 'node:perf_hooks'

/** Drift below this is the wall clock being disciplined, above it the machine has slept or the clock was set. */
const driftMs = 500

let origin = performance.timeOrigin

/** The time now in epoch milliseconds with a fraction; it never steps back while the gateway runs. */
export function now(): number {
  return origin + performance.now()
}

/** Catches up with the wall clock after the machine has slept, during which the steady clock stood still. */
export function catchUp(): void {
  const behindMs = Date.now() - now()
  if (behindMs > driftMs) origin += behindMs
}
