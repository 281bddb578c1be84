// DESIGN §6: a stream in which nothing moves any more has its verdict all the same, by the time alone.
import { expect, test } from 'vitest'
import { routeTo } from '../support/gateway.ts'
import { fillUntilStuck } from './support/fill.ts'
import { openStream } from './support/open-stream.ts'

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
