import { expect, it } from 'vitest'
import type { UpstreamCause, Verdict } from '../../proxy-core/contract/exchange.ts'
import { verdictSentence } from '../../renderer/inspector/verdict-text.ts'

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
const causes: readonly (readonly [UpstreamCause, string])[] = [
  [{ type: 'buffer-steps', stepBytes: 4096, fits: 11, bursts: 11 }, 'looks like a 4 KiB buffer'],
  [{ type: 'burst-at-end', rows: 30, waitMs: 1100, beforeEndMs: 0.2 }, 'all of it when the answer ended'],
  [{ type: 'send-delay', delayMs: 200, meanApartMs: 206 }, 'looks like a hop that waits 200 ms for more to send'],
  [{ type: 'compressed', coding: 'gzip' }, 'compressed with gzip'],
  [{ type: 'content-length', bytes: 4100 }, 'its length, 4.1 KB, was known beforehand'],
  [{ type: 'content-length', bytes: null }, 'its length was known beforehand'],
  [{ type: 'close-delimited' }, 'ends with the connection, as in HTTP/1.0'],
  [{ type: 'content-type', contentType: 'text/plain' }, 'looks like an event stream, but is called text/plain'],
  [{ type: 'content-type', contentType: null }, 'looks like an event stream, but has no Content-Type'],
  [{ type: 'idle-timeout', timeoutMs: 60_000, gapMs: 60_112 }, 'looks like an idle timeout of 60 s'],
]

it.each<[Verdict, string]>([
  [{ type: 'waiting' }, 'waiting for events'],
  [{ type: 'passes', longestHeldMs: 0.4, causes: [] }, 'passes as it comes'],
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
  [{ type: 'idle-gap', longestGapMs: 42_000, endedBy: null, causes: [] }, 'upstream silent for 42.0 s'],
  [{ type: 'idle-gap', longestGapMs: 42_000, endedBy: 'upstream', causes: [] }, 'upstream silent for 42.0 s, then the upstream ended it'],
  [{ type: 'idle-gap', longestGapMs: 42_000, endedBy: 'client', causes: [] }, 'upstream silent for 42.0 s, then the client ended it'],
])('%o reads: %s', (verdict, sentence) => {
  expect(verdictSentence({ verdict, rowKind: 'event' })).toBe(sentence)
})

it.each(causes)('the cause %o reads: %s', (cause, words) => {
  expect(verdictSentence({ verdict: { ...bursty, causes: [cause] }, rowKind: 'event' })).toBe(
    `already bursty upstream: 12 bursts of about 4.1 KB, 1.10 s apart; ${words}`,
  )
})

it('several causes follow each other, and rows are called what they are', () => {
  const both = { ...bursty, bursts: 1, meanApartMs: null, causes: [causes[1]?.[0], causes[3]?.[0]] as UpstreamCause[] }
  expect(verdictSentence({ verdict: both, rowKind: 'line' })).toBe(
    'already bursty upstream: 30 lines at once, 12.1 s from first to last, after 1.10 s; all of it when the answer ended; compressed with gzip',
  )
})
