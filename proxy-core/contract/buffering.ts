import { z } from 'zod'

/** How a route treats response bytes: hand on at once, hold, or decide by the response. */
export const BufferingMode = z.enum(['off', 'on', 'auto'])
export type BufferingMode = z.output<typeof BufferingMode>

const modeInput = z
  .union([BufferingMode, z.boolean()], { error: 'Write off, on or auto.' })
  .transform((value): BufferingMode => (typeof value === 'string' ? value : value ? 'on' : 'off'))

const policyFields = z.strictObject({
  response: modeInput.default('off'),
  /** `on`: release whenever this much is held; null is no size limit. */
  holdBytes: z.int().min(1).max(1_073_741_824).nullable().default(8192),
  /** `on`: release at the latest this long after the oldest held byte arrived; null is no time limit. */
  holdMs: z.int().min(1).max(86_400_000).nullable().default(null),
  /** `on`: also hold the response head until the first release. */
  holdHead: z.boolean().default(false),
  /** How far the upstream is read ahead in memory. */
  memoryBytes: z.int().min(16_384).max(1_073_741_824).default(262_144),
  /** How far it is read ahead in a temporary file after that; then backpressure. */
  spoolBytes: z.int().min(0).max(1_099_511_627_776).default(1_073_741_824),
})

/** A route's buffering policy. `on` and `off` alone are short for `{ response: … }`; true and false are read as on and off. */
export const BufferingPolicy = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'boolean' ? { response: value } : value),
  policyFields,
)
export type BufferingPolicy = z.output<typeof policyFields>

/** Why a response passes or is held. */
export type DecisionReason =
  | 'route'
  | 'override'
  | 'auto: text/event-stream'
  | 'auto: application/x-ndjson'
  | 'auto: other content'
  | 'X-Accel-Buffering: no'
  | 'X-Accel-Buffering: yes'

/** What was decided for one response, since when, and why. */
export interface Decision {
  readonly at: number
  readonly mode: 'off' | 'on'
  readonly reason: DecisionReason
  readonly holdBytes: number | null
  readonly holdMs: number | null
}

/** A named set of limits, and what it imitates. */
export interface BufferingPreset {
  readonly name: string
  readonly holdBytes: number | null
  readonly holdMs: number | null
}

/** The presets that the window offers for `on`. */
export const bufferingPresets: readonly BufferingPreset[] = [
  { name: 'nginx blocks, 4 KiB', holdBytes: 4096, holdMs: null },
  { name: 'nginx blocks, 8 KiB', holdBytes: 8192, holdMs: null },
  { name: 'nginx blocks, 16 KiB', holdBytes: 16_384, holdMs: null },
  { name: 'whole response', holdBytes: null, holdMs: null },
  { name: 'coalesce, 100 ms', holdBytes: null, holdMs: 100 },
]
