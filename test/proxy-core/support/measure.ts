import { readFileSync } from 'node:fs'

/** The value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Lets so much time pass; for a span that is part of what is tested, never in place of an event. */
export function spanOf(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/**
 * How long this thread, on which gateway, upstream and client all run, has so far been ready to run while the machine ran something else.
 * A duration is measured against a bar without it, so that a busy machine neither fails a test nor lowers a bar. 0 where it isn't told.
 */
export function cpuWaitMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
