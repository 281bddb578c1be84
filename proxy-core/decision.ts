import type { BufferingPolicy, Decision, DecisionReason } from './contract/buffering.ts'

/** What a decision depends on besides the policy. */
export interface ResponseTraits {
  /** Essence of the media type, lower case; empty when there is none. */
  readonly mediaType: string
  /** Value of `X-Accel-Buffering`, lower case; empty when there is none. */
  readonly accelBuffering: string
}

/** Decides whether a response passes or is held, and says why (DESIGN §4). An override beats the route. */
export function decide(policy: BufferingPolicy, override: 'off' | 'on' | null, traits: ResponseTraits, at: number): Decision {
  const { mode, reason } = choose(policy, override, traits)
  return { at, mode, reason, holdBytes: policy.holdBytes, holdMs: policy.holdMs }
}

function choose(
  policy: BufferingPolicy,
  override: 'off' | 'on' | null,
  traits: ResponseTraits,
): { mode: 'off' | 'on'; reason: DecisionReason } {
  if (override !== null) return { mode: override, reason: 'override' }
  if (policy.response !== 'auto') return { mode: policy.response, reason: 'route' }
  if (traits.accelBuffering === 'no') return { mode: 'off', reason: 'X-Accel-Buffering: no' }
  if (traits.accelBuffering === 'yes') return { mode: 'on', reason: 'X-Accel-Buffering: yes' }
  if (traits.mediaType === 'text/event-stream') return { mode: 'off', reason: 'auto: text/event-stream' }
  if (isLineType(traits.mediaType)) return { mode: 'off', reason: 'auto: application/x-ndjson' }
  return { mode: 'on', reason: 'auto: other content' }
}

/** Whether a body of this media type is one JSON value a line. */
export function isLineType(mediaType: string): boolean {
  return (
    mediaType === 'application/x-ndjson' ||
    mediaType === 'application/ndjson' ||
    mediaType === 'application/jsonl' ||
    mediaType === 'application/x-jsonlines' ||
    mediaType === 'application/json-seq' ||
    mediaType === 'application/stream+json'
  )
}

/** Whether two decisions hold alike, so that going from one to the other changes nothing for the bytes. */
export function holdsAlike(a: Decision, b: Decision): boolean {
  return a.mode === b.mode && a.holdBytes === b.holdBytes && a.holdMs === b.holdMs
}
