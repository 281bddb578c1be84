// DESIGN §6: what Sluice did comes first, then the client, then the upstream; a small thing never hides a large one.
import { expect, test } from 'vitest'
import type { Decision } from '../../proxy-core/contract/buffering.ts'
import { eventOf, PacedStream } from './support/paced-stream.ts'

const event = eventOf(140)
const onRoute: Decision = { at: 0, mode: 'on', reason: 'route', holdBytes: 8192, holdMs: null }
const onOverride: Decision = { at: 500, mode: 'on', reason: 'override', holdBytes: null, holdMs: 100 }

function hold(stream: PacedStream, decision: Decision, from: number, to: number, bytes = 500): void {
  stream.evidence.held(from, decision, from, 0)
  stream.evidence.released(bytes, to - from)
  stream.evidence.held(null, decision, to, bytes)
}

test('a hold that is as short as the loop is busy is none', () => {
  const stream = new PacedStream()
  stream.arriveEvery(100, 20, event)
  hold(stream, onRoute, 1000, 1009)
  expect(stream.verdict()).toMatchObject({ type: 'passes', longestHeldMs: 9 })
  hold(stream, onRoute, 1500, 1512, 700)
  expect(stream.verdict()).toMatchObject({ type: 'held', longestHeldMs: 12, largestReleaseBytes: 700, holds: 1 })
})

test('the longest hold names the decision that held, not the one that released', () => {
  const stream = new PacedStream()
  stream.arriveEvery(100, 30, event)
  hold(stream, onRoute, 100, 400)
  stream.evidence.held(600, onOverride, 600, 0)
  stream.evidence.released(900, 2000)
  stream.evidence.held(null, { ...onRoute, mode: 'off' }, 2600, 900)
  hold(stream, onRoute, 2700, 2900)
  expect(stream.verdict()).toMatchObject({
    type: 'held',
    longestHeldMs: 2000,
    largestReleaseBytes: 900,
    holds: 3,
    by: { reason: 'override', holdBytes: null, holdMs: 100 },
  })
})

test('a hold outweighs a stall that is not much longer, and yields to one that is', () => {
  const stream = new PacedStream()
  stream.arriveEvery(100, 100, event)
  hold(stream, onRoute, 1000, 1100)
  stream.evidence.blocked(2000)
  stream.evidence.drained(2400)
  expect(stream.verdict()).toMatchObject({ type: 'held', longestHeldMs: 100 })
  stream.evidence.blocked(5000)
  stream.evidence.drained(7000)
  expect(stream.verdict()).toMatchObject({ type: 'client-slow', longestStallMs: 2000, stalls: 2, stalledMs: 2400 })
})

test('a client that has not taken its bytes yet is slow already', () => {
  const stream = new PacedStream()
  stream.arriveEvery(100, 10, event)
  stream.evidence.blocked(1000)
  expect(stream.verdict(1020)).toMatchObject({ type: 'passes' })
  expect(stream.verdict(1500)).toMatchObject({ type: 'client-slow', longestStallMs: 500, stalls: 1 })
})

test('a short stall in a long stream is nothing', () => {
  const stream = new PacedStream()
  stream.arriveEvery(100, 600, event)
  stream.evidence.blocked(2000)
  stream.evidence.drained(2080)
  // It is told all the same.
  expect(stream.verdict()).toMatchObject({ type: 'passes', longestHeldMs: 0, longestStallMs: 80 })
})

test('a hold hides bursts, whose rows it may have made wait', () => {
  const stream = new PacedStream()
  stream.arriveEvery(1000, 10, event.repeat(20))
  expect(stream.verdict().type).toBe('bursty-upstream')
  hold(stream, onRoute, 3000, 3500)
  expect(stream.verdict().type).toBe('held')
})
