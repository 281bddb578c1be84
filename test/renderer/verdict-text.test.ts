import { expect, it } from 'vitest'
import type { UpstreamCause, Verdict } from '../../proxy-core/contract/exchange.ts'
import type { FaultHit } from '../../proxy-core/contract/faults.ts'
import { causeWords, verdictFinding } from '../../renderer/inspector/verdict-text.ts'

const held: Verdict = {
  type: 'held',
  longestHeldMs: 2412,
  largestReleaseBytes: 8204,
  holds: 1,
  by: { reason: 'route', holdBytes: 8192, holdMs: null },
  causes: [],
}
const bursty: Verdict = {
  type: 'bursty-upstream',
  bursts: 12,
  largestBurstRows: 30,
  spreadMs: 12_100,
  meanBurstBytes: 4096,
  meanApartMs: 1100,
  waitMs: 1100,
  causes: [],
}
it.each<[Verdict, string]>([
  [{ type: 'waiting' }, 'waiting for events'],
  [{ type: 'passes', longestHeldMs: 0.4, longestStallMs: 0, causes: [] }, 'passes as it comes: no event was held for longer than 0.4 ms'],
  [
    { type: 'passes', longestHeldMs: 0, longestStallMs: 900, causes: [] },
    'passes as it comes: no event was held for longer than 0.0 ms; bytes waited for the client up to 900 ms',
  ],
  [held, 'held here: up to 8.2 KB, longest 2.41 s; buffering 8 KiB'],
  [
    { ...held, holds: 7, by: { reason: 'override', holdBytes: null, holdMs: 100 } },
    'held here: up to 8.2 KB, longest 2.41 s, 7 times; buffering 100 ms, set for this exchange alone',
  ],
  [
    { ...held, by: { reason: 'auto: other content', holdBytes: null, holdMs: null } },
    'held here: up to 8.2 KB, longest 2.41 s; buffering the whole response, on auto',
  ],
  [
    { ...held, by: { reason: 'X-Accel-Buffering: yes', holdBytes: 4096, holdMs: 250 } },
    'held here: up to 8.2 KB, longest 2.41 s; buffering 4 KiB or 250 ms, as the upstream says by X-Accel-Buffering: yes',
  ],
  [{ ...held, by: null }, 'held here: up to 8.2 KB, longest 2.41 s'],
  [{ type: 'client-slow', longestStallMs: 1840, stalls: 1, stalledMs: 1840, causes: [] }, 'client slow: bytes waited for it up to 1.84 s'],
  [
    { type: 'client-slow', longestStallMs: 1840, stalls: 3, stalledMs: 4000, causes: [] },
    'client slow: bytes waited for it 3 times, 4.00 s in all, up to 1.84 s',
  ],
  [bursty, 'already bursty upstream: 12 bursts of about 4.1 KB, 1.10 s apart'],
  [
    { ...bursty, bursts: 1, meanApartMs: null, spreadMs: 0.4 },
    'already bursty upstream: 30 events at once, 0.4 ms from first to last, after 1.10 s',
  ],
  [{ type: 'idle-gap', longestGapMs: 42_000, since: null, endedBy: null, causes: [] }, 'upstream silent for 42.0 s'],
  [{ type: 'idle-gap', longestGapMs: 42_000, since: 1, endedBy: null, causes: [] }, 'upstream silent for 42.0 s so far'],
  [
    { type: 'idle-gap', longestGapMs: 42_000, since: null, endedBy: 'upstream', causes: [] },
    'upstream silent for 42.0 s, then the upstream ended it',
  ],
  [
    { type: 'idle-gap', longestGapMs: 42_000, since: null, endedBy: 'client', causes: [] },
    'upstream silent for 42.0 s, then the client ended it',
  ],
  [
    {
      type: 'fault',
      faults: [
        { type: 'delayed', delayMs: 500, jitterMs: 0 },
        { type: 'split', bytes: 3 },
        { type: 'cut', after: 1, unit: 'events' },
      ],
      causes: [],
    },
    'fault on purpose: delayed 500 ms, split into pieces of 3 B, cut after 1 event',
  ],
  [
    {
      type: 'fault',
      faults: [
        { type: 'delayed', delayMs: 500, jitterMs: 250 },
        { type: 'merged', bytes: 1024 },
        { type: 'stalled', events: 4 },
        { type: 'answered', status: 503 },
      ],
      causes: [],
    },
    'fault on purpose: delayed 500 ms to 750 ms, merged to 1 KiB, stalled after 4 events, answered 503 here',
  ],
])('%o reads: %s', (verdict, sentence) => {
  expect(verdictFinding({ verdict, rowKind: 'event' })).toBe(sentence)
})

it.each<[FaultHit, string]>([
  [{ type: 'delayed', delayMs: 200, jitterMs: 0 }, 'delayed 200 ms'],
  [{ type: 'delayed', delayMs: 200, jitterMs: 100 }, 'delayed 200 ms to 300 ms'],
  [{ type: 'delayed', delayMs: 0, jitterMs: 100 }, 'delayed up to 100 ms'],
  [{ type: 'split', bytes: 7 }, 'split into pieces of 7 B'],
  [{ type: 'merged', bytes: 4096 }, 'merged to 4 KiB'],
  [{ type: 'stalled', events: 5 }, 'stalled after 5 events'],
  [{ type: 'cut', after: 1, unit: 'events' }, 'cut after 1 event'],
  [{ type: 'cut', after: 2048, unit: 'bytes' }, 'cut after 2 KiB'],
  [{ type: 'answered', status: 503 }, 'answered 503 here'],
])('the fault on purpose %o reads: %s', (fault, words) => {
  expect(verdictFinding({ verdict: { type: 'fault', faults: [fault], causes: [] }, rowKind: 'event' })).toBe(`fault on purpose: ${words}`)
})

it.each<[UpstreamCause, string]>([
  [{ type: 'buffer-steps', stepBytes: 4096, fits: 11, bursts: 12 }, '11 of 12 bursts fill blocks of 4 KiB, as a buffer on the way does'],
  [{ type: 'burst-at-end', rows: 1200, waitMs: 1100, beforeEndMs: 0.2 }, 'all 1,200 came together when the answer ended, after 1.10 s'],
  [{ type: 'send-delay', delayMs: 200, meanApartMs: 206 }, 'bursts are 206 ms apart, as with a hop that waits 200 ms for more to send'],
  [{ type: 'compressed', coding: 'gzip' }, 'the upstream compresses it with gzip, which may collect before it sends'],
  [{ type: 'content-length', bytes: 4100 }, 'its length, 4.1 KB, is announced, so it was complete before it was sent'],
  [{ type: 'content-length', bytes: null }, 'its length is announced, so it was complete before it was sent'],
  [{ type: 'close-delimited' }, 'it ends with the connection, as in HTTP/1.0'],
  [{ type: 'content-type', contentType: 'text/plain' }, 'it looks like an event stream and is called text/plain'],
  [{ type: 'content-type', contentType: null }, 'it looks like an event stream and has no Content-Type'],
  [{ type: 'idle-timeout', timeoutMs: 30_000, gapMs: 30_040 }, 'a silence of 30.0 s is close to 30 s, a common idle timeout'],
  [{ type: 'idle-timeout', timeoutMs: 60_000, gapMs: 60_112 }, 'a silence of 1 min 0 s is close to 60 s, a common idle timeout'],
  [{ type: 'idle-timeout', timeoutMs: 300_000, gapMs: 300_112 }, 'a silence of 5 min 0 s is close to 300 s, a common idle timeout'],
])('the cause %o reads: %s', (cause, words) => {
  expect(causeWords(cause)).toBe(words)
})

it('rows are called what they are', () => {
  expect(verdictFinding({ verdict: { ...bursty, bursts: 1, meanApartMs: null }, rowKind: 'line' })).toBe(
    'already bursty upstream: 30 lines at once, 12.1 s from first to last, after 1.10 s',
  )
})
