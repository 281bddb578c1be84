import type { Decision } from '../../proxy-core/contract/buffering.ts'
import type { DecodeError, Exchange } from '../../proxy-core/contract/exchange.ts'
import { causeWords, verdictFinding } from '../inspector/verdict-text.ts'
import { errorLine, exchangeLabel, formatAge, formatBytes, formatCount, formatDuration, formatLimit, type Label } from '../text.ts'

/** What was found out about an exchange, with the numbers it rests on. */
export function verdictWords(exchange: Exchange, now: number): Label {
  const { verdict, error, state, oldestHeldAt, heldBytes } = exchange
  if (state === 'failed' && error) return { words: errorLine(error), tone: 'bad' }
  if (oldestHeldAt !== null && state === 'open')
    return { words: `held here: ${formatBytes(heldBytes)}, ${formatAge(now - oldestHeldAt)} so far`, tone: 'held' }
  if (state === 'aborted') return exchangeLabel(exchange, now)
  switch (verdict.type) {
    case 'fault':
      return { words: `${verdictFinding(exchange)}${keptWords(exchange)}`, tone: 'bad' }
    case 'held':
      // By which policy is told with the evidence: the badge has no room for it.
      return { words: verdictFinding({ ...exchange, verdict: { ...verdict, by: null } }), tone: 'held' }
    case 'client-slow':
      return { words: verdictFinding(exchange), tone: 'held' }
    case 'bursty-upstream':
    case 'idle-gap':
      return { words: verdictFinding(exchange), tone: 'neutral' }
    case 'passes':
    case 'waiting':
      return exchangeLabel(exchange, now)
    default:
      return verdict satisfies never
  }
}

/** Whether what has not left is a fault's: bytes pass it first, so that it has all of that while the hold has none. */
export function isKeptByFault({ faultBytes = 0, heldBytes }: Pick<Exchange, 'faultBytes' | 'heldBytes'>): boolean {
  return faultBytes > 0 && heldBytes === 0
}

/** What a fault keeps back of an open exchange; a hold has nothing to do with it. */
function keptWords({ state, faultBytes = 0 }: Exchange): string {
  return state === 'open' && faultBytes > 0 ? `; it keeps ${formatBytes(faultBytes)} back now` : ''
}

/** What fits an upstream's stream and is known to make it come as it did; a cause fits, it is never proved. */
export function causesOf({ verdict }: Exchange): readonly string[] {
  return verdict.type === 'waiting' ? [] : verdict.causes.map(causeWords)
}

/** All that was found out about an exchange, for where there is room: what it came to, the numbers behind that, and what may be the cause. */
export function verdictEvidence(exchange: Exchange, now: number): readonly string[] {
  const first = verdictWords(exchange, now).words
  const { type } = exchange.verdict
  const finding = type === 'waiting' ? null : verdictFinding(exchange)
  // The finding says all of what a badge says, unless that names what goes on now, or how the exchange failed.
  const isSaid = finding === null || finding.startsWith(first)
  const isUnjudged = type === 'waiting' && exchange.origin === 'imported'
  return [
    isSaid ? (finding ?? first) : first,
    ...(isSaid ? [] : [finding]),
    ...(isUnjudged ? ['No verdict: the file it was imported from does not hold what one rests on.'] : []),
    ...causesOf(exchange),
  ]
}

/** Why the rows of an encoded body cannot be seen. */
export function decodeErrorWords({ code, coding, atByte }: DecodeError): string {
  const from = atByte === 0 ? '' : ` from byte ${formatCount(atByte)} on`
  switch (code) {
    case 'unknown-coding':
      return `The body is coded with ${coding}, which cannot be decoded here; its bytes are in the raw tab.`
    case 'invalid':
      return `The body says ${coding} and is not valid ${coding}${from}; its bytes are in the raw tab.`
    case 'truncated':
      return `The body was cut inside its ${coding} coding${from}.`
    case 'too-large':
      return `Decoded, the ${coding} body grows beyond measure${from}; what follows is passed on and not shown.`
    case 'too-slow':
      return `The ${coding} body comes faster than it can be decoded${from}; it is passed on and not shown.`
    default:
      return code satisfies never
  }
}

/** What a policy that holds waits for: `8 KiB`, `100 ms`, `8 KiB or 100 ms`, `whole response`. */
export function limitWords({ holdBytes, holdMs }: Pick<Decision, 'holdBytes' | 'holdMs'>): string {
  const limits = [holdBytes === null ? null : formatLimit(holdBytes), holdMs === null ? null : formatDuration(holdMs)]
  const set = limits.filter((limit) => limit !== null)
  return set.length === 0 ? 'whole response' : set.join(' or ')
}

/** Why a response passes or is held, in a sentence. */
export function decisionWords(decision: Decision): string {
  const what = decision.mode === 'on' ? `Buffering is on, ${limitWords(decision)}` : 'Bytes pass as they come'
  switch (decision.reason) {
    case 'route':
      return `${what}: its route says so.`
    case 'override':
      return `${what}: set for this exchange alone.`
    case 'auto: text/event-stream':
    case 'auto: application/x-ndjson':
      return `${what}: its route is on auto, and this is ${decision.reason.slice(6)}.`
    case 'auto: other content':
      return `${what}: its route is on auto, and this is no stream.`
    case 'X-Accel-Buffering: no':
    case 'X-Accel-Buffering: yes':
      return `${what}: its route is on auto, and the upstream says ${decision.reason}.`
    default:
      return decision.reason satisfies never
  }
}

/** How long an exchange took, or has taken so far. */
export function lifetimeMs({ startedAt, endedAt }: Pick<Exchange, 'startedAt' | 'endedAt'>, now: number): number {
  return Math.max(0, (endedAt ?? now) - startedAt)
}
