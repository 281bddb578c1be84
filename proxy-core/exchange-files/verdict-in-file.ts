import { z } from 'zod'
import type { UpstreamCause, Verdict } from '../contract/exchange.ts'
import type { FaultHit } from '../contract/faults.ts'
import { decisionReason } from './decision-in-file.ts'

const number = z.number()
const name = z.string().max(1000)
const causes = z
  .array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('buffer-steps'), stepBytes: number, fits: number, bursts: number }),
      z.object({ type: z.literal('burst-at-end'), rows: number, waitMs: number, beforeEndMs: number }),
      z.object({ type: z.literal('send-delay'), delayMs: number, meanApartMs: number }),
      z.object({ type: z.literal('compressed'), coding: name }),
      z.object({ type: z.literal('content-length'), bytes: number.nullable() }),
      z.object({ type: z.literal('close-delimited') }),
      z.object({ type: z.literal('content-type'), contentType: name.nullable() }),
      z.object({ type: z.literal('idle-timeout'), timeoutMs: number, gapMs: number }),
    ]) satisfies z.ZodType<UpstreamCause>,
  )
  .max(20)

const hit = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delayed'), delayMs: number, jitterMs: number }),
  z.object({ type: z.literal('split'), bytes: number }),
  z.object({ type: z.literal('merged'), bytes: number }),
  z.object({ type: z.literal('filled'), roomBytes: number }),
  z.object({ type: z.literal('stalled'), events: number }),
  z.object({ type: z.literal('cut'), after: number, unit: z.enum(['bytes', 'events']) }),
  z.object({ type: z.literal('answered'), status: number }),
]) satisfies z.ZodType<FaultHit>

/** The verdict that a file of our own tells of an exchange; none where it tells of none that is known here. */
export const VerdictInFile = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('waiting') }),
    z.object({ type: z.literal('passes'), longestHeldMs: number, longestStallMs: number, causes }),
    z.object({ type: z.literal('fault'), faults: z.array(hit).max(20), causes }),
    z.object({
      type: z.literal('held'),
      longestHeldMs: number,
      largestReleaseBytes: number,
      holds: number,
      by: z.object({ reason: decisionReason, holdBytes: number.nullable(), holdMs: number.nullable() }).nullable(),
      causes,
    }),
    z.object({ type: z.literal('client-slow'), longestStallMs: number, stalls: number, stalledMs: number, causes }),
    z.object({
      type: z.literal('bursty-upstream'),
      bursts: number,
      largestBurstRows: number,
      spreadMs: number,
      meanBurstBytes: number,
      meanApartMs: number.nullable(),
      waitMs: number,
      causes,
    }),
    // An exchange in a file does not go on, and neither does its silence.
    z
      .object({ type: z.literal('idle-gap'), longestGapMs: number, endedBy: z.enum(['upstream', 'client']).nullable(), causes })
      .transform((verdict) => ({ ...verdict, since: null })),
  ])
  .catch({ type: 'waiting' }) satisfies z.ZodType<Verdict>
