import type { UpstreamCause } from './contract/exchange.ts'
import { stepSizes, type PaceSummary } from './pace.ts'

/** What the head of a response says that can make a stream come in bursts. */
export interface HeadTraits {
  readonly contentType: string | null
  readonly contentEncoding: string | null
  readonly contentLength: number | null
  readonly framing: 'chunked' | 'length' | 'close' | 'none' | null
  /** Its rows are events or lines, so that it is meant to come bit by bit. */
  readonly isStream: boolean
  readonly isText: boolean
  /** Its first bytes are those of an event stream, whatever it is called. */
  readonly looksLikeEvents: boolean
}

/** When the upstream's part of an exchange was over, and how. */
export interface StreamEnd {
  readonly at: number
  readonly by: 'upstream' | 'client'
  /** It did not come to its proper end. */
  readonly isCut: boolean
}

/** So many groups must fill whole blocks, and this part of all of them, before a buffer is suspected. */
const fitsFrom = 3
const fitShare = 0.6
const endWithinMs = 100
/** How long hops commonly let a connection be silent. */
const idleTimeoutsMs = [30_000, 60_000, 300_000] as const
/** Timers fire late, and some hops count from a moment before the last byte. */
const timeoutTolerance = 0.03
const timeoutToleranceMs = 500
/** Linux: a corked socket waits 200 ms for more (tcp(7), TCP_CORK); HAProxy corks what it forwards unless http-no-delay is set. */
const corkMs = 200
/** A stream of so many rows in that time is told apart from a server that sends a few together now and then. */
const rowsWhileCorked = 8

/** The size of the blocks in which most groups came, when there is one. */
export function bufferSteps(pace: PaceSummary): Extract<UpstreamCause, { type: 'buffer-steps' }> | null {
  // The last group may be the rest, so that it was not looked at.
  const bursts = pace.groups - 1
  const least = Math.max(fitsFrom, bursts * fitShare)
  const most = Math.max(0, ...pace.stepFits)
  if (most < least) return null
  // What fills blocks of 16 KiB fills blocks of 4 KiB too.
  for (let index = stepSizes.length - 1; index >= 0; index--) {
    const fits = pace.stepFits[index] ?? 0
    if (fits >= most * 0.9) return { type: 'buffer-steps', stepBytes: stepSizes[index] ?? 0, fits, bursts }
  }
  return null
}

/** What fits a stream that came in bursts. */
export function burstCauses(pace: PaceSummary, head: HeadTraits, end: StreamEnd | null, waitMs: number): readonly UpstreamCause[] {
  const causes: UpstreamCause[] = []
  const steps = bufferSteps(pace)
  if (steps) causes.push(steps)
  const beforeEndMs = end?.by === 'upstream' ? end.at - pace.lastAt : null
  if (pace.bursts === 1 && beforeEndMs !== null && beforeEndMs <= endWithinMs)
    causes.push({ type: 'burst-at-end', rows: pace.largestBurstRows, waitMs, beforeEndMs })
  const apartMs = meanApartMs(pace)
  if (steps === null && apartMs !== null && isCorked(pace, apartMs))
    causes.push({ type: 'send-delay', delayMs: corkMs, meanApartMs: apartMs })
  if (head.contentEncoding !== null && head.contentEncoding.trim().toLowerCase() !== 'identity')
    causes.push({ type: 'compressed', coding: head.contentEncoding })
  if (head.isStream && head.framing === 'length') causes.push({ type: 'content-length', bytes: head.contentLength })
  if (head.framing === 'close') causes.push({ type: 'close-delimited' })
  return [...causes, ...nameCauses(head)]
}

/** What a stream that is not called one may suffer from, whoever held it. */
export function nameCauses({ contentType, looksLikeEvents }: HeadTraits): readonly UpstreamCause[] {
  return looksLikeEvents ? [{ type: 'content-type', contentType }] : []
}

/** What fits a silence. */
export function silenceCauses(gapMs: number): readonly UpstreamCause[] {
  const timeoutMs = idleTimeoutsMs.find((timeout) => Math.abs(gapMs - timeout) <= timeout * timeoutTolerance + timeoutToleranceMs)
  return timeoutMs === undefined ? [] : [{ type: 'idle-timeout', timeoutMs, gapMs }]
}

/** From the start of one burst to the start of the next; null when there was one alone. */
export function meanApartMs({ bursts, firstBurstAt, lastBurstAt }: PaceSummary): number | null {
  return bursts < 2 ? null : (lastBurstAt - firstBurstAt) / (bursts - 1)
}

/** The cork is set anew by the first row after each release, so that the bursts are its time and that row's apart. */
function isCorked({ bursts, rows, firstAt, lastAt }: PaceSummary, apartMs: number): boolean {
  const meanRowMs = (lastAt - firstAt) / rows
  return bursts >= fitsFrom && meanRowMs <= corkMs / rowsWhileCorked && apartMs >= corkMs * 0.8 && apartMs <= corkMs * 1.1 + meanRowMs
}
