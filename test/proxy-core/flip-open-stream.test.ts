// QUALITY B2: a flip reaches open exchanges in ≤ 50 ms, here by command.
import { expect, onTestFinished, test } from 'vitest'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { flipLatencies } from './support/flip-latency.ts'
import { percentile } from './support/measure.ts'
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
