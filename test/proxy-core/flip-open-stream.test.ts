// QUALITY B2: a flip reaches open exchanges in ≤ 50 ms, here by command.
import { expect, onTestFinished, test } from 'vitest'
import { request } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { flipLatencies } from './support/flip-latency.ts'
import { cpuWaitMs, percentile } from './support/measure.ts'
import { openTickingStreams } from './support/ticking-stream.ts'

const barMs = 50
const rounds = 6

test('a flip by command reaches every open stream within 50 ms, to on and back to off, and no byte is lost', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'off', holdBytes: null } })] })
  onTestFinished(() => gateway.close())
  const streams = await openTickingStreams(8, upstream, gateway.url)

  const latencies = await flipLatencies(streams, rounds, async (response) => {
    const at = epochMs()
    await gateway.command('route.buffering', { id: 'all', response })
    return at
  })
  expect(Math.max(...latencies)).toBeLessThanOrEqual(barMs)
  for (const stream of streams) expect(await stream.finish()).toBe(stream.sent)
})

test('what quiet streams hold leaves within 50 ms of a flip to off, and of a release, though nothing more arrives', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'on', holdBytes: null } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const streams = []
  for (let index = 0; index < 8; index++) {
    const responding = request(gateway.url)
    const exchange = await upstream.next()
    await exchange.eventStream()
    streams.push({ exchange, response: await responding })
  }
  await feed.until(() => feed.exchanges.length === streams.length)
  await feed.until(() => feed.exchanges.length === streams.length, 'all streams in the feed')
  feed.look(feed.exchanges.map((exchange) => exchange.id))
  const ways = {
    release: () => gateway.command('route.release', { id: 'all' }),
    flip: () => gateway.command('route.buffering', { id: 'all', response: 'off' }),
  }
  const text = 'data: held\n\n'
  let sent = 0
  for (const way of ['release', 'release', 'flip'] as const) {
    for (const { exchange } of streams) await exchange.chunk(text)
    await feed.until(
      () => feed.exchanges.every((one) => one.arrivedBytes === sent + text.length && one.heldBytes === text.length),
      'all to hold',
    )
    for (const { response } of streams) expect(response.byteCount).toBe(sent)
    sent += text.length
    const waitedMs = cpuWaitMs()
    const at = epochMs()
    await ways[way]()
    for (const { response } of streams) await response.waitForBytes(sent)
    expect(epochMs() - at - (cpuWaitMs() - waitedMs)).toBeLessThanOrEqual(barMs)
  }
})

test('a flip by command leaves the open streams of other routes as they are', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const buffering = { response: 'off', holdBytes: null } as const
  const gateway = await startGateway({
    routes: [
      routeTo(upstream.url, { id: 'flipped', match: { path: '/flipped' }, buffering }),
      routeTo(upstream.url, { id: 'other', match: { path: '/other' }, buffering }),
    ],
  })
  onTestFinished(() => gateway.close())
  const [flipped] = await openTickingStreams(1, upstream, `${gateway.url}/flipped`)
  const [other] = await openTickingStreams(1, upstream, `${gateway.url}/other`)
  if (!flipped || !other) throw new Error('Both streams are open.')

  const [latencyMs] = await flipLatencies([flipped], 1, async (response) => {
    const at = epochMs()
    await gateway.command('route.buffering', { id: 'flipped', response })
    return at
  })
  expect(latencyMs).toBeLessThanOrEqual(barMs)
  expect(await other.finish()).toBe(other.sent)
  // Had it been held too, as many as its neighbour's would be late.
  expect(percentile(other.latenciesMs, 0.75)).toBeLessThanOrEqual(barMs)
  expect(await flipped.finish()).toBe(flipped.sent)
  expect(Math.max(...flipped.latenciesMs)).toBeGreaterThan(barMs)
})
