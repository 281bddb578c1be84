import type { Verdict } from './contract/exchange.ts'
import type { BurstCounts } from './tap.ts'

/** What a verdict rests on. Durations in milliseconds. */
export interface Evidence {
  readonly rows: number
  /** The longest that a byte was held by a policy, the one that is held now included. */
  readonly longestHeldMs: number
  readonly largestReleaseBytes: number
  /** The longest that released bytes waited for the client's socket. */
  readonly longestStallMs: number
  readonly bursts: BurstCounts
  readonly spreadMs: number
}

/** A hold shorter than this can't be told from the loop being busy. */
const heldFromMs = 10
const stalledFromMs = 50
/** A stream is bursty when nearly all of its rows came in bursts, with pauses between or before them. */
const burstyShare = 0.8
const burstyFromRows = 8

/** Says who held the bytes of a stream. What Sluice itself did comes first, then the client, then the upstream. */
export function reachVerdict(evidence: Evidence): Verdict {
  const { longestHeldMs, longestStallMs, bursts } = evidence
  if (longestHeldMs >= heldFromMs) return { type: 'held', longestHeldMs, largestReleaseBytes: evidence.largestReleaseBytes }
  if (longestStallMs >= stalledFromMs) return { type: 'client-slow', longestStallMs }
  if (evidence.rows === 0) return { type: 'waiting' }
  if (evidence.rows >= burstyFromRows && bursts.rowsInBursts >= evidence.rows * burstyShare) {
    return { type: 'bursty-upstream', bursts: bursts.bursts, largestBurstRows: bursts.largestBurstRows, spreadMs: evidence.spreadMs }
  }
  return { type: 'passes', longestHeldMs }
}
