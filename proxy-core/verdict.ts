import type { RowKind, Verdict } from './contract/exchange.ts'
import type { PaceSummary } from './pace.ts'
import { bufferSteps, burstCauses, meanApartMs, nameCauses, silenceCauses, type HeadTraits, type StreamEnd } from './upstream-causes.ts'
import { heldFromMs, stalledFromMs, type WaitSummary } from './waits.ts'

/** What a verdict rests on. */
export interface Evidence {
  readonly waits: WaitSummary
  /** Null when nothing is captured, so that the rows are not known. */
  readonly pace: PaceSummary | null
  readonly rowKind: RowKind | null
  readonly rows: number
  readonly head: HeadTraits
  /** When the upstream had the whole request. */
  readonly sentAt: number
  readonly respondedAt: number | null
  readonly end: StreamEnd | null
  /** Bytes came, whether they are captured or not. */
  readonly hasBody: boolean
  readonly at: number
}

/** A client is slow when bytes waited for it this long, or for this part of the stream's time. */
const slowFromMs = 1000
const slowShare = 0.05
/** A stall outweighs a hold when it is so many times as long. */
const outweighs = 5

/** Fewer rows make no pattern. */
const burstyFromRows = 8
/** Nearly all rows came in bursts … */
const burstyShare = 0.8
/** … and most of the time was silence between them … */
const quietShare = 0.5
/** … or before the one that there was. */
const burstAfterMs = 300

/** A silence of the upstream is told from here on. */
export const idleFromMs = 15_000
/** A silence is a gap when it is so many times as long as the others. */
const idleFactor = 5

/** Says who held the bytes of a stream. What Sluice itself did comes first, then the client, then the upstream. */
export function reachVerdict(evidence: Evidence): Verdict {
  const { waits, pace, head } = evidence
  const isSlow = isClientSlow(evidence)
  if (waits.longestHeldMs >= heldFromMs && !(isSlow && waits.longestStallMs > waits.longestHeldMs * outweighs)) {
    const { longestHeldMs, largestReleaseBytes, holds, heldBy } = waits
    const by = heldBy && { reason: heldBy.reason, holdBytes: heldBy.holdBytes, holdMs: heldBy.holdMs }
    return { type: 'held', longestHeldMs, largestReleaseBytes, holds, by, causes: nameCauses(head) }
  }
  if (isSlow) {
    const { longestStallMs, stalls, stalledMs } = waits
    return { type: 'client-slow', longestStallMs, stalls, stalledMs, causes: nameCauses(head) }
  }
  if (!evidence.hasBody || (pace !== null && evidence.rows === 0 && evidence.end === null)) {
    return { type: 'waiting' }
  }
  const upstream = pace && (burstyVerdict(evidence, pace) ?? idleVerdict(evidence, pace))
  return upstream ?? { type: 'passes', longestHeldMs: waits.longestHeldMs, longestStallMs: waits.longestStallMs, causes: nameCauses(head) }
}

function isClientSlow({ waits, respondedAt, at }: Evidence): boolean {
  if (waits.longestStallMs < stalledFromMs) return false
  return waits.longestStallMs >= slowFromMs || waits.stalledMs >= slowShare * (at - (respondedAt ?? at))
}

function burstyVerdict({ rowKind, head, sentAt, end }: Evidence, pace: PaceSummary): Verdict | null {
  const spanMs = pace.lastAt - pace.firstAt
  const isQuietBetween = pace.pausedMs >= spanMs * quietShare && pace.pauses > 0
  // Before the first burst the upstream had the request, and was silent.
  const waitMs = Number.isNaN(pace.largestBurstAfterMs) ? pace.firstAt - sentAt : pace.largestBurstAfterMs
  // A file that is sent in pieces is no stream that somebody holds.
  const isReadAsItComes = head.isStream || head.looksLikeEvents || (head.isText && head.framing !== 'length')
  const isStepped = isQuietBetween && isReadAsItComes && bufferSteps(pace) !== null
  // Messages come when one side or the other has something to say.
  const hasRhythm = rowKind !== 'chunk' && rowKind !== 'message'
  const hasBurstRows = hasRhythm && pace.rows >= burstyFromRows && pace.rowsInBursts >= pace.rows * burstyShare
  const isBursty = hasBurstRows && (pace.bursts > 1 ? isQuietBetween : waitMs >= burstAfterMs)
  if (!isBursty && !isStepped) return null
  const causes = burstCauses(pace, head, end, waitMs)
  const spread = { largestBurstRows: pace.largestBurstRows, spreadMs: spanMs, waitMs, causes }
  if (isBursty) {
    const meanBurstBytes = pace.bytesInBursts / pace.bursts
    return { type: 'bursty-upstream', bursts: pace.bursts, meanBurstBytes, meanApartMs: meanApartMs(pace), ...spread }
  }
  const bursts = pace.groups
  const apartMs = spanMs / (bursts - 1)
  return { type: 'bursty-upstream', bursts, meanBurstBytes: pace.groupedBytes / bursts, meanApartMs: apartMs, ...spread }
}

function idleVerdict({ end, at }: Evidence, pace: PaceSummary): Verdict | null {
  if (pace.isThrottled) return null
  const { longestGapMs, groups } = pace
  const spanMs = pace.lastAt - pace.firstAt
  const lastGapMs = (end?.at ?? at) - pace.lastAt
  const meanGapMs = groups > 1 ? spanMs / (groups - 1) : 0
  if (lastGapMs >= idleFromMs && (end?.isCut === true || lastGapMs >= meanGapMs * idleFactor)) {
    if (end !== null) return { type: 'idle-gap', longestGapMs: lastGapMs, since: null, endedBy: end.by, causes: silenceCauses(lastGapMs) }
    // While it goes on nobody knows what it comes to.
    if (lastGapMs >= longestGapMs) return { type: 'idle-gap', longestGapMs: lastGapMs, since: pace.lastAt, endedBy: null, causes: [] }
  }
  const othersMs = groups > 2 ? (spanMs - longestGapMs) / (groups - 2) : 0
  if (longestGapMs < idleFromMs || longestGapMs < othersMs * idleFactor) return null
  return { type: 'idle-gap', longestGapMs, since: null, endedBy: null, causes: silenceCauses(longestGapMs) }
}
