// QUALITY B5: the buffered side keeps its benefit: with a slow client and `on`, the upstream is released early (memory, then spool file).
import { randomFillSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { BufferingPolicy } from '../../proxy-core/contract/buffering.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { fetchWhole, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { fillUntilStuck } from './support/fill.ts'
import { openSpoolFiles } from './support/spool-files.ts'

async function openStalled(buffering: Partial<BufferingPolicy>) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'on', ...buffering } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.chunked()
  const response = await responding
  response.client.pause()
  feed.look([1 as ExchangeId])
  return { upstream, gateway, feed, exchange, response }
}

// What the kernel keeps for a client that does not read lies below this, so that more of it is the gateway's reading ahead.
const largeBytes = 30_000_000

test.for([
  ['in memory', { memoryBytes: 64_000_000, spoolBytes: 0 }],
  ['in memory, then in a file', { memoryBytes: 262_144 }],
] as const)('with buffering on the upstream is done long before a client that does not read: %s', async ([, limits]) => {
  const { upstream, gateway, feed, exchange, response } = await openStalled(limits)
  const body = randomFillSync(Buffer.alloc(largeBytes))
  for (let at = 0; at < body.length; at += 1_000_000) await exchange.chunk(body.subarray(at, at + 1_000_000))
  await exchange.endChunks()
  await feed.exchange((one) => one.arrivedBytes === largeBytes, 'the whole body to arrive')
  // The upstream's connection is free for the next client.
  const next = fetchWhole(gateway.url)
  await (await upstream.next()).answer('next')
  expect((await next).text).toBe('next')
  expect(upstream.connections).toBe(1)
  expect(response.isEnded).toBe(false)
  expect(await openSpoolFiles()).toHaveLength('spoolBytes' in limits ? 0 : 1)

  response.client.resume()
  expect((await response.readAll(20_000)).equals(body)).toBe(true)
  expect(response.isDestroyedEarly).toBe(false)
  await expect.poll(openSpoolFiles).toEqual([])
})

test('with buffering on the upstream waits once memory and file are full, and goes on when the client reads', async () => {
  const { exchange, response } = await openStalled({ holdBytes: 8192, memoryBytes: 65_536, spoolBytes: 2_000_000 })
  const sent = await fillUntilStuck(exchange, 64_000_000)
  expect(sent.length).toBeLessThan(64_000_000)
  response.client.resume()
  exchange.end()
  expect((await response.readAll(20_000)).equals(sent)).toBe(true)
})

test('a flip to off while the gateway is far ahead gives the client all of it in order, and then its own pace to the upstream', async () => {
  const { gateway, feed, exchange, response } = await openStalled({ memoryBytes: 65_536 })
  const body = randomFillSync(Buffer.alloc(largeBytes))
  await exchange.chunk(body)
  await feed.exchange((one) => one.arrivedBytes === largeBytes, 'the whole body to arrive')
  await gateway.command('route.buffering', { id: 'all', response: 'off' })
  const more = await fillUntilStuck(exchange, 64_000_000)
  expect(more.length, 'the upstream has to wait').toBeLessThan(64_000_000)
  response.client.resume()
  exchange.end()
  expect((await response.readAll(20_000)).equals(Buffer.concat([body, more]))).toBe(true)
})
