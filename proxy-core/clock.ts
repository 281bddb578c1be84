import { performance } from 'node:perf_hooks'

/** The time now in epoch milliseconds with a fraction; it never steps back while the gateway runs. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
