import { describe, expect, test } from 'vitest'
import type { Exchange, UpstreamCause } from '../../proxy-core/contract/exchange.ts'
import {
  causesOf,
  decisionWords,
  decodeErrorWords,
  lifetimeMs,
  limitWords,
  verdictEvidence,
  verdictWords,
} from '../../renderer/exchanges/exchange-words.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

const ended = {
  ...new ScriptedStream({ id: 1, startedAt: 1000, rowsPerSecond: 10 }).exchange(5000),
  state: 'complete',
  endedAt: 5000,
} as Exchange

function words(change: Partial<Exchange>): string {
  return verdictWords({ ...ended, ...change }, 9000).words
}

describe('what was found out about an exchange', () => {
  test('is said with the numbers it rests on', () => {
    expect(words({})).toBe('passes as it comes')
    expect(words({ verdict: { type: 'held', longestHeldMs: 2412, largestReleaseBytes: 8200, holds: 2, by: null, causes: [] } })).toBe(
      'held here: up to 8.2 KB, longest 2.41 s, 2 times',
    )
    expect(words({ verdict: { type: 'client-slow', longestStallMs: 2100, stalls: 3, stalledMs: 4000, causes: [] } })).toBe(
      'client slow: bytes waited for it 3 times, 4.00 s in all, up to 2.10 s',
    )
    expect(words({ verdict: { type: 'idle-gap', longestGapMs: 60_010, since: null, endedBy: 'upstream', causes: [] } })).toBe(
      'upstream silent for 1 min 0 s, then the upstream ended it',
    )
    expect(
      words({
        verdict: {
          type: 'bursty-upstream',
          bursts: 6,
          largestBurstRows: 18,
          spreadMs: 1934,
          meanBurstBytes: 4096,
          meanApartMs: 300,
          waitMs: 100,
          causes: [],
        },
      }),
    ).toBe('already bursty upstream: 6 bursts of about 4.1 KB, 300 ms apart')
  })

  test('names what is held now, and what it failed on, before anything else', () => {
    expect(words({ state: 'open', endedAt: null, heldBytes: 6900, oldestHeldAt: 5800 })).toBe('held here: 6.9 KB, 3.2 s so far')
    expect(words({ state: 'failed', error: { code: 'upstream-unreachable', message: 'Upstream refused the connection.' } })).toBe(
      'upstream refused the connection',
    )
    expect(words({ state: 'aborted', error: { code: 'client-aborted', message: '' } })).toBe('client left')
  })

  test('is no verdict where a file told of the exchange, which says so', () => {
    const imported = { origin: 'imported', verdict: { type: 'waiting' } } as const
    const unjudged = 'No verdict: the file it was imported from does not hold what one rests on.'
    expect(verdictEvidence({ ...ended, ...imported }, 9000)).toEqual(['complete', unjudged])
    expect(verdictEvidence({ ...ended, ...imported, state: 'aborted' }, 9000)).toEqual(['open when exported', unjudged])
    expect(verdictEvidence({ ...ended, ...imported, status: null }, 9000)).toEqual(['no response', unjudged])
    expect(verdictEvidence({ ...ended, verdict: imported.verdict }, 9000)).toEqual(['complete'])
  })

  test('comes with the causes that fit', () => {
    const causes: readonly UpstreamCause[] = [
      { type: 'buffer-steps', stepBytes: 8192, fits: 12, bursts: 14 },
      { type: 'content-type', contentType: 'text/plain' },
      { type: 'idle-timeout', timeoutMs: 60_000, gapMs: 60_010 },
    ]
    expect(causesOf({ ...ended, verdict: { type: 'passes', longestHeldMs: 1, longestStallMs: 0, causes } })).toEqual([
      '12 of 14 bursts fill blocks of 8 KiB, as a buffer on the way does',
      'it looks like an event stream and is called text/plain',
      'a silence of 1 min 0 s is close to 60 s, a common idle timeout',
    ])
  })
})

test('the evidence is the finding and its causes, behind what goes on now or went wrong', () => {
  const causes: readonly UpstreamCause[] = [{ type: 'compressed', coding: 'br' }]
  const verdict = { type: 'passes', longestHeldMs: 0.7, longestStallMs: 0, causes } as const
  const finding = `passes as it comes: no ${ended.rowKind ?? 'chunk'} was held for longer than 0.7 ms`
  const cause = 'the upstream compresses it with br, which may collect before it sends'
  expect(verdictEvidence({ ...ended, verdict }, 9000)).toEqual([finding, cause])
  expect(verdictEvidence({ ...ended, verdict, state: 'open', endedAt: null, heldBytes: 6900, oldestHeldAt: 5800 }, 9000)).toEqual([
    'held here: 6.9 KB, 3.2 s so far',
    finding,
    cause,
  ])
  expect(verdictEvidence({ ...ended, verdict: { type: 'waiting' } }, 9000)).toEqual(['complete'])
})

test('limits are named by what releases the bytes', () => {
  expect(limitWords({ holdBytes: 8192, holdMs: null })).toBe('8 KiB')
  expect(limitWords({ holdBytes: 8192, holdMs: 100 })).toBe('8 KiB or 100 ms')
  expect(limitWords({ holdBytes: null, holdMs: null })).toBe('whole response')
})

test('a decision is said with its reason', () => {
  const decision = { at: 0, mode: 'on', reason: 'route', holdBytes: 8192, holdMs: null } as const
  expect(decisionWords(decision)).toBe('Buffering is on, 8 KiB: its route says so.')
  expect(decisionWords({ ...decision, mode: 'off', reason: 'auto: text/event-stream' })).toBe(
    'Bytes pass as they come: its route is on auto, and this is text/event-stream.',
  )
  expect(decisionWords({ ...decision, reason: 'X-Accel-Buffering: yes' })).toBe(
    'Buffering is on, 8 KiB: its route is on auto, and the upstream says X-Accel-Buffering: yes.',
  )
})

test('an encoded body that cannot be decoded is said to be so, and from where', () => {
  expect(decodeErrorWords({ code: 'invalid', coding: 'gzip', atByte: 12_000 })).toBe(
    'The body says gzip and is not valid gzip from byte 12,000 on; its bytes are in the raw tab.',
  )
  expect(decodeErrorWords({ code: 'unknown-coding', coding: 'snappy', atByte: 0 })).toContain('coded with snappy')
})

test('an exchange lasts until it ended, or until now', () => {
  expect(lifetimeMs({ startedAt: 1000, endedAt: 5000 }, 9000)).toBe(4000)
  expect(lifetimeMs({ startedAt: 1000, endedAt: null }, 9000)).toBe(8000)
})
