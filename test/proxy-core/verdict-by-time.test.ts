// DESIGN §6: a stream in which nothing moves any more has its verdict all the same, by the time alone.
import { describe, expect, test } from 'vitest'
import { routeTo } from '../support/gateway.ts'
import { fillUntilStuck } from './support/fill.ts'
import { openStream } from './support/open-stream.ts'
import { eventOf, PacedStream } from './support/paced-stream.ts'

const event = eventOf(140)

test('a client that has stopped reading shows as slow while nothing moves', async () => {
  const { feed, exchange, response } = await openStream((url) => routeTo(url, { buffering: 'off' }))
  response.client.pause()
  await fillUntilStuck(exchange, 32_000_000)
  const slow = await feed.exchange(({ verdict }) => verdict.type === 'client-slow' && verdict.longestStallMs > 2000)
  const later = await feed.exchange(({ verdict }) => verdict.type === 'client-slow' && verdict.longestStallMs > 3000)
  expect([later.state, later.leftBytes]).toEqual(['open', slow.leftBytes])
})

test('bytes that are held longer and longer show so while nothing moves', async () => {
  const { feed, exchange } = await openStream((url) => routeTo(url, { buffering: { response: 'on', holdBytes: null } }))
  await exchange.chunk('data: held\n\n')
  const held = await feed.exchange(({ verdict }) => verdict.type === 'held' && verdict.longestHeldMs > 1000)
  const later = await feed.exchange(({ verdict }) => verdict.type === 'held' && verdict.longestHeldMs > 2000)
  expect([later.arrivedBytes, later.heldBytes]).toEqual([held.arrivedBytes, held.heldBytes])
})

test('of what is not on screen, a wait shows once it is a finding', async () => {
  const { feed, exchange, response } = await openStream((url) => routeTo(url, { buffering: 'off' }), undefined, { looks: false })
  response.client.pause()
  await fillUntilStuck(exchange, 32_000_000)
  await feed.exchange(({ verdict }) => verdict.type === 'client-slow')
})

describe('a silence', () => {
  test('that goes on is told by the time alone, once it is longer than those before', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 10, event)
    expect(stream.verdict(24_900)).toMatchObject({ type: 'passes' })
    expect(stream.verdict(70_000)).toEqual({ type: 'idle-gap', longestGapMs: 60_000, since: 10_000, endedBy: null, causes: [] })
    stream.arrive(71_000, event)
    expect(stream.verdict(90_000)).toMatchObject({ type: 'idle-gap', longestGapMs: 61_000, since: null })
    expect(stream.verdict(171_000)).toMatchObject({ type: 'idle-gap', longestGapMs: 100_000, since: 71_000 })
    // It is over, by whom nobody heard: the time from then on says nothing.
    expect(stream.stopped(72_000, 500_000)).toMatchObject({ type: 'idle-gap', longestGapMs: 61_000, since: null })
  })

  test('is no wait before it is long, so that quiet streams are not told again and again', () => {
    const stream = new PacedStream()
    expect(stream.evidence.waitedMs(stream.tap.pace, 60_000)).toBe(0)
    stream.arriveEvery(1000, 10, event)
    expect(stream.evidence.waitedMs(stream.tap.pace, 24_000)).toBe(0)
    expect(stream.evidence.waitedMs(stream.tap.pace, 25_000)).toBe(15_000)
  })

  test('after the upstream has ended is none', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 10, event)
    stream.evidence.upstreamEnded(10_001)
    expect(stream.verdict(60_000)).toMatchObject({ type: 'passes' })
    expect(stream.evidence.waitedMs(stream.tap.pace, 60_000)).toBe(0)
  })
})
