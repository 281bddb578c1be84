import { z } from 'zod'
import type { Decision } from '../contract/buffering.ts'

/** Why bytes were held or passed, as a file tells it. */
export const decisionReason = z.enum([
  'route',
  'override',
  'auto: text/event-stream',
  'auto: application/x-ndjson',
  'auto: other content',
  'X-Accel-Buffering: no',
  'X-Accel-Buffering: yes',
]) satisfies z.ZodType<Decision['reason']>
