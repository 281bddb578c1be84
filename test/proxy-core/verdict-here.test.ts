// DESIGN §6: what Sluice's own policy held, and what only waited for the client, over real sockets.
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Exchange, Verdict } from '../../proxy-core/contract/exchange.ts'
import { routeTo } from '../support/gateway.ts'
import { fillUntilStuck } from './support/fill.ts'
import { openStream } from './support/open-stream.ts'

type VerdictOf<T extends Verdict['type']> = Extract<Verdict, { type: T }>

const event = (index: number): string => `id: ${String(index).padStart(6, '0')}\ndata: tick\n\n`
const eventBytes = event(0).length

/** Sends events one by one; a single timer per event, so that they are as far apart as a steady server's. */
async function sendEvents(exchange: { chunk(text: string): Promise<void> }, count: number, everyMs: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await exchange.chunk(event(index))
    await wait(everyMs)
  }
}

function verdictOf<T extends Verdict['type']>(exchange: Exchange, type: T): VerdictOf<T> {
  expect(exchange.verdict.type).toBe(type)
  return exchange.verdict as VerdictOf<T>
}

test('bytes that a size limit holds are held here: how long, how much, and by which limit', async () => {
  const { feed, exchange, response, ended } = await openStream((url) =>
    routeTo(url, { buffering: { response: 'on', holdBytes: 10 * eventBytes } }),
  )
  const startedAt = performance.now()
  await sendEvents(exchange, 25, 20)
  const open = await feed.exchange((each) => each.leftBytes === 20 * eventBytes)
  expect(verdictOf(open, 'held')).toMatchObject({
    largestReleaseBytes: 10 * eventBytes,
    by: { reason: 'route', holdBytes: 10 * eventBytes },
  })
  exchange.end()
  await response.readAll()
  const verdict = verdictOf(await ended(), 'held')
  expect(verdict.holds).toBe(3)
  expect(verdict.longestHeldMs).toBeGreaterThan(150)
  // Ten of 25 events at most.
  expect(verdict.longestHeldMs).toBeLessThan((performance.now() - startedAt) * 0.8)
})

test('a hold that ended with a flip is told afterwards, with the decision that held', async () => {
  const { gateway, exchange, response, ended } = await openStream((url) => routeTo(url, { buffering: { response: 'on', holdBytes: null } }))
  const startedAt = performance.now()
  await sendEvents(exchange, 5, 20)
  await gateway.command('route.buffering', { id: 'all', response: 'off' })
  await response.waitForBytes(5 * eventBytes)
  const heldAtMostMs = performance.now() - startedAt
  await sendEvents(exchange, 20, 20)
  exchange.end()
  await response.readAll()
  const verdict = verdictOf(await ended(), 'held')
  expect(verdict).toMatchObject({ holds: 1, largestReleaseBytes: 5 * eventBytes, by: { reason: 'route', holdBytes: null, holdMs: null } })
  expect(verdict.longestHeldMs).toBeLessThanOrEqual(heldAtMostMs + 1)
})

test('bytes that are held now count, also when the client gives them up', async () => {
  const { feed, exchange, response, ended } = await openStream((url) => routeTo(url, { buffering: { response: 'on', holdBytes: null } }))
  await exchange.chunk(event(0))
  await wait(100)
  await exchange.chunk(event(1))
  const open = await feed.exchange((each) => each.heldBytes === 2 * eventBytes)
  expect(verdictOf(open, 'held')).toMatchObject({ holds: 1, largestReleaseBytes: 2 * eventBytes })
  response.client.leave()
  const verdict = verdictOf(await ended(), 'held')
  expect(verdict.longestHeldMs).toBeGreaterThanOrEqual(90)
  expect(verdict.largestReleaseBytes).toBe(2 * eventBytes)
})

test('events that pass at once are not held, whatever the limits would be', async () => {
  const { exchange, response, ended } = await openStream((url) => routeTo(url, { buffering: { response: 'auto', holdBytes: null } }))
  await sendEvents(exchange, 20, 10)
  exchange.end()
  await response.readAll()
  expect(verdictOf(await ended(), 'passes').longestHeldMs).toBe(0)
})

test('an event stream that is called plain text is held on auto, and says so', async () => {
  const { exchange, response, ended } = await openStream((url) => routeTo(url, { buffering: 'auto' }), { 'Content-Type': 'text/plain' })
  await sendEvents(exchange, 10, 10)
  exchange.end()
  await response.readAll()
  expect(verdictOf(await ended(), 'held')).toMatchObject({
    by: { reason: 'auto: other content' },
    causes: [{ type: 'content-type', contentType: 'text/plain' }],
  })
})

test.each([
  ['off', { response: 'off' }],
  ['on, with a limit that every chunk fills', { response: 'on', holdBytes: 1, memoryBytes: 65_536, spoolBytes: 0 }],
] as const)('a client that stops reading is slow, and nothing was held: buffering %s', async (_, buffering) => {
  const { feed, exchange, response, ended } = await openStream((url) => routeTo(url, { buffering }))
  response.client.pause()
  const sent = await fillUntilStuck(exchange, 32_000_000)
  await wait(200)
  response.client.resume()
  await response.waitForBytes(sent.length)
  exchange.end()
  await response.readAll()
  const verdict = verdictOf(await ended(), 'client-slow')
  expect(verdict.longestStallMs).toBeGreaterThan(150)
  expect(verdict.stalls).toBeGreaterThanOrEqual(1)
  expect(feed.exchanges.at(-1)?.verdict.type).toBe('client-slow')
})

test('a client that takes nothing at all is called slow while it does', async () => {
  const { feed, exchange, response } = await openStream((url) => routeTo(url, { buffering: 'off' }))
  response.client.pause()
  await fillUntilStuck(exchange, 32_000_000)
  // More than once: what was on its way when the client stopped may tell of the first second.
  await feed.exchange(({ state, verdict }) => state === 'open' && verdict.type === 'client-slow' && verdict.longestStallMs >= 2500)
  response.client.close()
})

test('a client that stops reading for a while makes no upstream bursty', async () => {
  const { exchange, response, ended } = await openStream((url) => routeTo(url, { buffering: 'off' }))
  // Fills the sockets on both sides, so that what follows waits for the client.
  response.client.pause()
  await fillUntilStuck(exchange, 32_000_000)
  const events = sendEvents(exchange, 30, 5)
  await wait(300)
  response.client.resume()
  await events
  exchange.end()
  await response.readAll()
  expect((await ended()).verdict.type).toBe('client-slow')
})
