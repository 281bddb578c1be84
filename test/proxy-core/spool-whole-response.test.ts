// QUALITY B5, DESIGN §4: a response that is held as a whole goes through memory and a temporary file, and no file is left behind.
import { randomFillSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { openSpoolFiles } from './support/spool-files.ts'

const body = randomFillSync(Buffer.alloc(6_000_000))

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGateway({
    routes: [
      {
        id: 'whole',
        match: { path: '/*' },
        upstream: upstream.url,
        buffering: { response: 'on', holdBytes: null, memoryBytes: 16_384 },
      },
    ],
  })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

/** Opens a response of which most lies in the spool and nothing has left. */
async function hold(target: string) {
  const responding = request(gateway.url + target)
  const exchange = await upstream.next()
  await exchange.chunked()
  const response = await responding
  for (let at = 0; at < body.length; at += 50_000) await exchange.chunk(body.subarray(at, at + 50_000))
  const { id } = await feed.exchange((one) => one.target === target)
  feed.look([id])
  await feed.exchange((one) => one.id === id && one.heldBytes === body.length, 'the whole body to be held')
  expect(response.byteCount).toBe(0)
  expect(await openSpoolFiles()).toHaveLength(1)
  return { exchange, response, id }
}

test('it leaves, exact, when the upstream has ended', async () => {
  const { exchange, response } = await hold('/end')
  exchange.end()
  expect((await response.readAll()).equals(body)).toBe(true)
  expect(response.isDestroyedEarly).toBe(false)
  await expect.poll(openSpoolFiles).toEqual([])
})

test('it leaves, exact, when the route is flipped, and what follows passes', async () => {
  const { exchange, response } = await hold('/flip')
  await gateway.command('route.buffering', { id: 'whole', response: 'off' })
  await response.waitForBytes(body.length)
  for (let index = 1; index <= 20; index++) {
    await exchange.chunk('after')
    await response.waitForBytes(body.length + index * 5)
  }
  exchange.end()
  expect((await response.readAll()).equals(Buffer.concat([body, Buffer.from('after'.repeat(20))]))).toBe(true)
  await expect.poll(openSpoolFiles).toEqual([])
  await gateway.command('route.buffering', { id: 'whole', response: 'on' })
})

test('it leaves, exact, when it is released by hand, while more arrives and is held', async () => {
  const { exchange, response, id } = await hold('/release')
  await gateway.command('exchange.release', { id })
  await exchange.chunk(body)
  await response.waitForBytes(body.length)
  await feed.exchange((one) => one.id === id && one.arrivedBytes === 2 * body.length)
  expect(response.byteCount).toBe(body.length)
  exchange.end()
  expect((await response.readAll()).equals(Buffer.concat([body, body]))).toBe(true)
  await expect.poll(openSpoolFiles).toEqual([])
})

test('it is delivered before the cut when the upstream is reset', async () => {
  const { exchange, response } = await hold('/reset')
  exchange.reset()
  expect((await response.readAll()).equals(body)).toBe(true)
  expect(response.isDestroyedEarly).toBe(true)
  await expect.poll(openSpoolFiles).toEqual([])
})

test.for(['leave', 'reset'] as const)('it is forgotten, and its file with it, when the client is gone (%s)', async (way) => {
  const { exchange, response } = await hold(`/gone-${way}`)
  response.client[way]()
  await exchange.closed()
  await expect.poll(openSpoolFiles).toEqual([])
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
})

test('no file is left when the gateway closes in the middle', async () => {
  const { response } = await hold('/closing')
  await gateway.close()
  await response.readAll()
  expect(response.isDestroyedEarly).toBe(true)
  await expect.poll(openSpoolFiles).toEqual([])
})
