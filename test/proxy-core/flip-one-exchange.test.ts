// DESIGN §4: exchanges can be flipped one at a time, by an override that ends with the exchange.
import { expect, onTestFinished, test } from 'vitest'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { flipLatencies } from './support/flip-latency.ts'
import { percentile } from './support/measure.ts'
import { openTickingStream, openTickingStreams } from './support/ticking-stream.ts'

const barMs = 50

test('one exchange is flipped within 50 ms, whatever its route says, and its neighbours and successors are not', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'off', holdBytes: null } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const [flipped, neighbour] = await openTickingStreams(2, upstream, gateway.url)
  if (!flipped || !neighbour) throw new Error('Both streams are open.')
  const { id } = await feed.exchange((exchange) => exchange.id === 1)

  const [latencyMs] = await flipLatencies([flipped], 1, async (response) => {
    const at = epochMs()
    await gateway.command('exchange.override', { id, response: response === 'on' ? 'on' : null })
    return at
  })
  expect(latencyMs).toBeLessThanOrEqual(barMs)
  const { decisions } = await feed.exchange((exchange) => exchange.id === id && exchange.decisions.length >= 3 && !exchange.isOverridden)
  const [first, second, third] = decisions.map(({ mode, reason }) => `${mode} (${reason})`)
  expect([first, second, third]).toEqual(['off (route)', 'on (override)', 'off (route)'])

  // An override stays while the route is flipped.
  await gateway.command('exchange.override', { id, response: 'off' })
  await gateway.command('route.buffering', { id: 'all', response: 'on' })
  const from = flipped.sentAt.length
  await flipped.response.waitForBytes(flipped.bytesOf(from + 10))
  await gateway.command('route.buffering', { id: 'all', response: 'off' })

  const successor = await openTickingStream(upstream, gateway.url)
  for (const stream of [flipped, neighbour, successor]) expect(await stream.finish()).toBe(stream.sent)
  // Had it been held too, as many as its neighbour's would be late.
  expect(percentile(successor.latenciesMs, 0.75)).toBeLessThanOrEqual(barMs)
})

test('an exchange that has ended cannot be flipped, and says so', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('whole'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  await fetch(gateway.url)
  const { id } = await feed.exchange((exchange) => exchange.state === 'complete')
  await expect(gateway.command('exchange.override', { id, response: 'on' })).rejects.toMatchObject({ code: 'exchange-not-found' })
})
