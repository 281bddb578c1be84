// QUALITY B3: routes whose policy did not change lose no connection and no byte when any other part of the config changes.
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { openTickingStreams } from './support/ticking-stream.ts'

test('open streams lose no connection and no byte while everything around their route changes', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const other = await startUpstream((exchange) => exchange.answer('other'))
  onTestFinished(() => other.close())
  const kept = (id: string, response: 'off' | 'on') =>
    routeTo(upstream.url, { id, match: { path: `/${id}` }, buffering: { response, holdBytes: 200 } })
  const gateway = await startGateway({ routes: [kept('off', 'off'), kept('on', 'on')] })
  onTestFinished(() => gateway.close())
  const streams = [
    ...(await openTickingStreams(3, upstream, `${gateway.url}/off`, 2)),
    ...(await openTickingStreams(3, upstream, `${gateway.url}/on`, 2)),
  ]

  const extra = (change: Partial<RouteInput> = {}): RouteInput => routeTo(other.url, { id: 'other', match: { path: '/other' }, ...change })
  const save = (route: RouteInput, index?: number) => gateway.command('route.save', { route, ...(index === undefined ? {} : { index }) })
  const answered = async () => (await fetch(`${gateway.url}/other`)).text()
  await save(extra())
  expect(await answered()).toBe('other')
  await save(extra({ buffering: 'on' }))
  await gateway.command('route.buffering', { id: 'other', response: 'auto' })
  await gateway.command('route.move', { id: 'other', index: 0 })
  await gateway.command('route.enable', { id: 'other', enabled: false })
  expect(await answered()).toContain('no-route')
  await gateway.command('route.enable', { id: 'other', enabled: true })
  expect(await answered()).toBe('other')
  // Another route to the same upstream, with other settings for its connections, comes and goes.
  await save(extra({ upstream: { url: upstream.url, connectTimeoutMs: 123 } }))
  await gateway.command('route.remove', { id: 'other' })
  // What does not concern the bytes of the route itself: its name, its order, its headers, its upstream for those who come next.
  for (const id of ['off', 'on'] as const) {
    await save({ ...kept(id, id), name: 'renamed', priority: 5, headers: { response: { set: { 'X-New': '1' } } }, upstream: other.url }, 0)
  }
  expect(await (await fetch(`${gateway.url}/off`)).text()).toBe('other')
  await gateway.command('route.enable', { id: 'off', enabled: false })
  await gateway.command('route.remove', { id: 'on' })

  for (const stream of streams) {
    expect(stream.response.client.isClosed).toBe(false)
    expect(await stream.finish()).toBe(stream.sent)
  }
  expect(upstream.connections).toBe(streams.length)
})
