import type { Decision } from '../../proxy-core/contract/buffering.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { errorLine, exchangeLabel, formatAge, formatBytes, formatDuration, formatLimit, plural, type Label } from '../text.ts'

/** What was found out about an exchange, with the numbers it rests on. */
export function verdictWords(exchange: Exchange, now: number): Label {
  const { verdict, error, state, oldestHeldAt, heldBytes } = exchange
  if (state === 'failed' && error) return { words: errorLine(error), tone: 'bad' }
  if (oldestHeldAt !== null && state === 'open')
    return { words: `held here: ${formatBytes(heldBytes)}, ${formatAge(now - oldestHeldAt)} so far`, tone: 'held' }
  if (state === 'aborted') return exchangeLabel(exchange, now)
  switch (verdict.type) {
    case 'held':
      return {
        words: `held here: up to ${formatBytes(verdict.largestReleaseBytes)}, longest ${formatDuration(verdict.longestHeldMs)}`,
        tone: 'held',
      }
    case 'bursty-upstream':
      return {
        words: `already bursty upstream: ${plural(verdict.bursts, 'burst')}, up to ${verdict.largestBurstRows} at once`,
        tone: 'neutral',
      }
    case 'client-slow':
      return { words: `client slow: waited up to ${formatDuration(verdict.longestStallMs)} for it`, tone: 'held' }
    case 'passes':
    case 'waiting':
      return exchangeLabel(exchange, now)
    default:
      return verdict satisfies never
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
