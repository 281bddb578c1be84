import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { Upstreams } from '../../proxy-core/upstreams.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { UpstreamCall } from './support/upstream-call.ts'

const route = (upstream: RouteInput['upstream'], more: Partial<RouteInput> = {}): Route =>
  Route.parse({ id: 'a', match: { path: '/*' }, upstream, ...more })

const opened: { close(): Promise<void> }[] = []
const openServer = async (): Promise<Upstream> => {
  const server = await startUpstream((exchange) => (exchange.target === '/stream' ? exchange.eventStream() : exchange.answer('ok')))
  opened.push(server)
  return server
}
const openUpstreams = () => {
  const upstreams = new Upstreams({ demoOrigin: () => null })
  opened.push({ close: () => upstreams.destroy() })
  return upstreams
}
const openStream = (upstreams: Upstreams, of: Route) => new UpstreamCall(upstreams.pick(of), { path: '/stream' }).responded()
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close()
})

test('routes with the same upstream and settings share its connections', async () => {
  const { url } = await openServer()
  const upstreams = openUpstreams()
  const { dispatcher } = upstreams.pick(route(url))
  expect(upstreams.pick(route(`${url}/base`, { id: 'b', buffering: 'on' })).dispatcher).toBe(dispatcher)
  expect(upstreams.pick(route({ url, headTimeoutMs: 5, tls: { verify: false } })).dispatcher).toBe(dispatcher)
  expect(upstreams.pick(route({ url, connectTimeoutMs: 5 })).dispatcher).not.toBe(dispatcher)
})

test('a change elsewhere leaves an upstream and its idle connections alone', async () => {
  const server = await openServer()
  const other = await openServer()
  const upstreams = openUpstreams()
  await new UpstreamCall(upstreams.pick(route(server.url))).ended()
  await setImmediate()
  const changed = route(server.url, { name: 'renamed', buffering: 'on' })
  upstreams.apply([changed, route(other.url, { id: 'b' })])
  upstreams.apply([changed])
  await new UpstreamCall(upstreams.pick(changed)).ended()
  expect(server.connections).toBe(1)
})

test('an upstream that no route uses any more loses its idle connections now and an open one when its stream has ended', async () => {
  const server = await openServer()
  const upstreams = openUpstreams()
  const up = route(server.url)
  const stream = await openStream(upstreams, up)
  await new UpstreamCall(upstreams.pick(up)).ended()
  expect(server.openConnections).toBe(2)
  upstreams.apply([route('http://127.0.0.1:1', { id: 'b' }), { ...up, enabled: false }])
  await server.untilOpenConnections(1)
  await server.exchanges[0]?.chunk('data: still here\n\n')
  await stream.received('still here')
  await server.exchanges[0]?.endChunks()
  await stream.ended()
  await server.untilOpenConnections(0)
})

test('a target picked before a change still works after it, and its connection goes with its exchange', async () => {
  const server = await openServer()
  const upstreams = openUpstreams()
  const target = upstreams.pick(route(server.url))
  upstreams.apply([])
  expect((await new UpstreamCall(target).ended()).body).toBe('ok')
  await server.untilOpenConnections(0)
})

test('an upstream that comes back while its old stream is open works beside it', async () => {
  const server = await openServer()
  const upstreams = openUpstreams()
  const up = route(server.url)
  const stream = await openStream(upstreams, up)
  upstreams.apply([])
  upstreams.apply([up])
  expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
  expect(stream.error).toBeNull()
})

test('closing waits for open streams, those of forgotten upstreams too', async () => {
  const server = await openServer()
  const other = await openServer()
  const upstreams = openUpstreams()
  const stream = await openStream(upstreams, route(server.url))
  const forgotten = await openStream(upstreams, route(other.url))
  upstreams.apply([route(server.url)])
  let isClosed = false
  const closed = upstreams.close().then(() => {
    isClosed = true
  })
  await server.exchanges[0]?.endChunks()
  await stream.ended()
  await server.untilOpenConnections(0)
  expect(isClosed).toBe(false)
  await other.exchanges[0]?.endChunks()
  await forgotten.ended()
  await closed
  expect(other.openConnections).toBeLessThanOrEqual(1)
  await other.untilOpenConnections(0)
})

test('destroying cuts every connection, those of forgotten upstreams too', async () => {
  const server = await openServer()
  const other = await openServer()
  const upstreams = openUpstreams()
  const stream = await openStream(upstreams, route(server.url))
  const forgotten = await openStream(upstreams, route(other.url))
  await new UpstreamCall(upstreams.pick(route(server.url))).ended()
  upstreams.apply([route(server.url)])
  await upstreams.destroy()
  expect((await stream.failed()).message).toBeTruthy()
  expect((await forgotten.failed()).message).toBeTruthy()
  await Promise.all([server.untilOpenConnections(0), other.untilOpenConnections(0)])
})
