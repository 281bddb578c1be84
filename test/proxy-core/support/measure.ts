import { readdirSync, readFileSync } from 'node:fs'

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
 * How long the threads of this process, in which gateway, upstream and client all run, have so far been ready to run while the machine ran
 * something else. A duration is held against a bar without it, so that a busy machine neither fails a test nor lowers a bar. 0 where it isn't told.
 */
export function cpuWaitMs(): number {
  let nanoseconds = 0
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      nanoseconds += Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[1])
    }
  } catch {
    return 0
  }
  return nanoseconds / 1e6
}
