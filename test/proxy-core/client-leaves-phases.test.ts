// QUALITY F2: client leaves → upstream connection closed, p99 ≤ 50 ms, in four phases.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClient, type Client } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { chunkBytes } from '../support/http-reader.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { cpuWaitMs, percentile } from './support/measure.ts'
import { openSpoolFiles } from './support/spool-files.ts'

const barMs = 50

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
let serial = 0
beforeAll(async () => {
  upstream = await startUpstream()
  const route = (id: 'off' | 'on', spoolBytes: number) => ({
    id: `${id}-${spoolBytes}`,
    match: { path: `/${id}-${spoolBytes}` },
    upstream: upstream.url,
    buffering: { response: id, holdBytes: null, memoryBytes: 16_384, spoolBytes },
  })
  gateway = await startGateway({ routes: [route('off', 0), route('on', 0), route('on', 100_000_000)] })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

type Phase = (client: Client) => Promise<UpstreamExchange>
// More than the kernel takes for a client that does not read.
const large = chunkBytes(Buffer.alloc(6_000_000, 'x'))

const beforeTheHead: Phase = (client) => {
  client.send({ target: '/off-0' })
  return upstream.next()
}

const inTheMiddle =
  (target: string): Phase =>
  async (client) => {
    client.send({ target })
    const exchange = await upstream.next()
    await exchange.eventStream()
    await exchange.chunk('data: one\n\n')
    const response = await client.nextResponse()
    if (target === '/off-0') await response.waitForText('one')
    return exchange
  }

/** A client that does not read, until the gateway has bytes for it that its socket does not take. */
const backpressured =
  (route: string): Phase =>
  async (client) => {
    const target = `${route}?${++serial}`
    client.send({ target })
    const exchange = await upstream.next()
    await exchange.eventStream()
    await client.nextResponse()
    client.pause()
    void exchange.write(large)
    const { id } = await feed.exchange((one) => one.target === target)
    feed.look([id])
    await feed.exchange((one) => one.id === id && one.arrivedBytes > one.leftBytes, 'a stalled client')
    return exchange
  }

/** A client that leaves with a part of its body sent, `isRead` or not by the upstream. */
const inTheUpload =
  (isRead: boolean): Phase =>
  async (client) => {
    client.send({ method: 'POST', target: '/off-0', fields: { 'Content-Length': '50000000' } })
    client.write(large.subarray(0, 100_000))
    const exchange = await upstream.next()
    await exchange.bodyBytes(1)
    if (!isRead) exchange.pause()
    return exchange
  }

test.for<readonly [string, number, Phase]>([
  ['before the head of a response', 100, beforeTheHead],
  ['in the middle of a stream that is handed on', 100, inTheMiddle('/off-0')],
  ['in the middle of a stream that is held', 100, inTheMiddle('/on-0')],
  ['while it does not read what is handed on', 100, backpressured('/off-0')],
  ['while it does not read what is held, in memory', 100, backpressured('/on-0')],
  ['while it does not read what is held, in a file', 100, backpressured('/on-100000000')],
  ['in the middle of its upload', 100, inTheUpload(true)],
  ['in the middle of an upload that the upstream does not read', 100, inTheUpload(false)],
])('a client that leaves %s closes the connection to the upstream within 50 ms', async ([, samples, phase]) => {
  const latencies: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const client = await openClient(gateway.url)
    const exchange = await phase(client)
    const waitedMs = cpuWaitMs()
    const leftAt = epochMs()
    // Closed in good order, as by a program that ends, or reset, as by one that has given up.
    if (sample % 2 === 0) client.leave()
    else client.reset()
    // A connection that nobody reads tells of its end only once it is read again.
    exchange.resume()
    const { at } = await exchange.closed()
    latencies.push(at - leftAt - (cpuWaitMs() - waitedMs))
  }
  expect(percentile(latencies, 0.99)).toBeLessThanOrEqual(barMs)
  await upstream.untilOpenConnections(0)
  expect(gateway.gateway.openExchanges()).toBe(0)
  await expect.poll(openSpoolFiles).toEqual([])
  await feed.until(() => feed.exchanges.every((exchange) => exchange.state !== 'open'))
  const ends = feed.exchanges.slice(-samples).map((exchange) => `${exchange.state}: ${exchange.error?.code}`)
  expect(new Set(ends)).toEqual(new Set(['aborted: client-aborted']))
})
