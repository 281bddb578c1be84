import type { Exchange, UpstreamCause, Verdict } from '../../proxy-core/contract/exchange.ts'
import type { FaultHit } from '../../proxy-core/contract/faults.ts'
import { formatBytes, formatCount, formatDuration, formatLimit, plural } from '../text.ts'

/** A shorter wait for a client's socket is how sockets are. */
const noticedStallMs = 50

/** Who held the bytes of a stream, in one sentence with the numbers it rests on. */
export function verdictFinding({ verdict, rowKind }: Pick<Exchange, 'verdict' | 'rowKind'>): string {
  const noun = rowKind ?? 'chunk'
  switch (verdict.type) {
    case 'waiting':
      return `waiting for ${noun}s`
    case 'passes': {
      const least = `no ${noun} was held for longer than ${formatDuration(verdict.longestHeldMs)}`
      const held = `passes as it comes${rowKind === 'message' ? ' in both directions: a WebSocket is never held here' : `: ${least}`}`
      return verdict.longestStallMs < noticedStallMs
        ? held
        : `${held}; bytes waited for the client up to ${formatDuration(verdict.longestStallMs)}`
    }
    case 'fault':
      return `fault on purpose: ${verdict.faults.map(faultWords).join(', ')}`
    case 'held': {
      const times = verdict.holds > 1 ? `, ${verdict.holds} times` : ''
      const held = `held here: up to ${formatBytes(verdict.largestReleaseBytes)}, longest ${formatDuration(verdict.longestHeldMs)}${times}`
      return verdict.by === null ? held : `${held}; ${policyWords(verdict.by)}`
    }
    case 'client-slow': {
      const times = verdict.stalls > 1 ? ` ${verdict.stalls} times, ${formatDuration(verdict.stalledMs)} in all,` : ''
      return `client slow: bytes waited for it${times} up to ${formatDuration(verdict.longestStallMs)}`
    }
    case 'bursty-upstream':
      return `already bursty upstream: ${burstWords(verdict, noun)}`
    case 'idle-gap': {
      const end = verdict.since !== null ? ' so far' : verdict.endedBy === null ? '' : `, then the ${verdict.endedBy} ended it`
      return `${rowKind === 'message' ? 'both sides' : 'upstream'} silent for ${formatDuration(verdict.longestGapMs)}${end}`
    }
    default:
      return verdict satisfies never
  }
}

/** What fits an upstream's stream and is known to make it come as it did, with its evidence; a cause fits, it is never proved. */
export function causeWords(cause: UpstreamCause): string {
  switch (cause.type) {
    case 'buffer-steps':
      return `${formatCount(cause.fits)} of ${plural(cause.bursts, 'burst')} fill blocks of ${formatLimit(cause.stepBytes)}, as a buffer on the way does`
    case 'burst-at-end':
      return `all ${formatCount(cause.rows)} came together when the answer ended, after ${formatDuration(cause.waitMs)}`
    case 'send-delay':
      return `bursts are ${formatDuration(cause.meanApartMs)} apart, as with a hop that waits ${cause.delayMs} ms for more to send`
    case 'compressed':
      return `the upstream compresses it with ${cause.coding}, which may collect before it sends`
    case 'content-length':
      return `its length${cause.bytes === null ? '' : `, ${formatBytes(cause.bytes)},`} is announced, so it was complete before it was sent`
    case 'close-delimited':
      return 'it ends with the connection, as in HTTP/1.0'
    case 'content-type':
      return `it looks like an event stream and ${cause.contentType === null ? 'has no Content-Type' : `is called ${cause.contentType}`}`
    case 'idle-timeout':
      return `a silence of ${formatDuration(cause.gapMs)} is close to ${cause.timeoutMs / 1000} s, a common idle timeout`
    default:
      return cause satisfies never
  }
}

function burstWords(verdict: Extract<Verdict, { type: 'bursty-upstream' }>, noun: string): string {
  if (verdict.meanApartMs === null) {
    const rows = plural(verdict.largestBurstRows, noun)
    return `${rows} at once, ${formatDuration(verdict.spreadMs)} from first to last, after ${formatDuration(verdict.waitMs)}`
  }
  return `${plural(verdict.bursts, 'burst')} of about ${formatBytes(verdict.meanBurstBytes)}, ${formatDuration(verdict.meanApartMs)} apart`
}

function faultWords(hit: FaultHit): string {
  switch (hit.type) {
    case 'delayed':
      if (hit.jitterMs === 0) return `delayed ${formatDuration(hit.delayMs)}`
      return `delayed ${hit.delayMs === 0 ? 'up to' : `${formatDuration(hit.delayMs)} to`} ${formatDuration(hit.delayMs + hit.jitterMs)}`
    case 'split':
      return `split into pieces of ${formatLimit(hit.bytes)}`
    case 'merged':
      return `merged to ${formatLimit(hit.bytes)}`
    case 'filled':
      return `more than ${formatLimit(hit.roomBytes)} kept, so that the upstream waits`
    case 'stalled':
      return `stalled after ${plural(hit.events, 'event')}`
    case 'cut':
      return `cut after ${hit.unit === 'bytes' ? formatLimit(hit.after) : plural(hit.after, 'event')}`
    case 'answered':
      return `answered ${hit.status} here`
    default:
      return hit satisfies never
  }
}

function policyWords({ reason, holdBytes, holdMs }: NonNullable<Extract<Verdict, { type: 'held' }>['by']>): string {
  const limits = [holdBytes === null ? null : formatLimit(holdBytes), holdMs === null ? null : formatDuration(holdMs)]
  const set = limits.filter((limit) => limit !== null)
  const what = `buffering ${set.length === 0 ? 'the whole response' : set.join(' or ')}`
  switch (reason) {
    case 'route':
      return what
    case 'override':
      return `${what}, set for this exchange alone`
    case 'X-Accel-Buffering: yes':
    case 'X-Accel-Buffering: no':
      return `${what}, as the upstream says by ${reason}`
    case 'auto: text/event-stream':
    case 'auto: application/x-ndjson':
    case 'auto: other content':
      return `${what}, on auto`
    default:
      return reason satisfies never
  }
}
