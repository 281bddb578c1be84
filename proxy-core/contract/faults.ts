import { z } from 'zod'

/** How much a fault may keep back before the upstream has to wait. */
export const faultRoomBytes = 262_144

const count = z.int().min(1).max(1_000_000_000).nullable().default(null)
const ms = z.int().min(0).max(3_600_000).default(0)

/** Faults that a route shows its clients on purpose. The bytes stay the upstream's, in their order: late, in other pieces, or cut short. */
export const Faults = z
  .strictObject({
    enabled: z.boolean().default(false),
    delayMs: ms,
    /** Each piece is late by up to so much more. */
    jitterMs: ms,
    splitBytes: count,
    /** Bytes go on when so many are together; the rest at the end. */
    mergeBytes: z.int().min(1).max(faultRoomBytes).nullable().default(null),
    cutAfterBytes: count,
    cutAfterEvents: count,
    /** From then on nothing goes on, the end neither, until the client leaves or faults are switched off. */
    stallAfterEvents: count,
    /** Answered here in place of the upstream. */
    status: z.int().min(200).max(599).nullable().default(null),
  })
  .prefault({})
export type Faults = z.output<typeof Faults>

/** What was done to an exchange on purpose. */
export type FaultHit =
  | { readonly type: 'delayed'; readonly delayMs: number; readonly jitterMs: number }
  | { readonly type: 'split'; readonly bytes: number }
  | { readonly type: 'merged'; readonly bytes: number }
  /** So much was kept that the upstream had to wait: a delay then limits the pace of a fast stream. */
  | { readonly type: 'filled'; readonly roomBytes: number }
  | { readonly type: 'stalled'; readonly events: number }
  | { readonly type: 'cut'; readonly after: number; readonly unit: 'bytes' | 'events' }
  | { readonly type: 'answered'; readonly status: number }
