import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import type { UpstreamConnections } from '../../proxy-core/upstream-connections.ts'
import { upstreamError } from '../../proxy-core/upstream-errors.ts'
import { Upstreams } from '../../proxy-core/upstreams.ts'
import { startUpstream } from '../support/upstream.ts'
import { UpstreamCall } from './support/upstream-call.ts'

const route = (upstream: RouteInput['upstream'], id = 'a'): Route => Route.parse({ id, match: { path: '/*' }, upstream })
const size = (upstreams: Upstreams, of: Route) => (upstreams.pick(of).dispatcher as UpstreamConnections).size
/** One exchange, and the turn of the event loop after which undici gives its connection back. */
const callInFull = async (upstreams: Upstreams, of: Route) => {
  const call = await new UpstreamCall(upstreams.pick(of)).ended()
  await setImmediate()
  return call
}

const opened: { close(): Promise<void> }[] = []
const own = <T extends { close(): Promise<void> }>(thing: T): T => {
  opened.push(thing)
  return thing
}
const openUpstreams = (demoOrigin: string | null = null) => {
  const upstreams = new Upstreams({ demoOrigin: () => demoOrigin })
  opened.push({ close: () => upstreams.destroy() })
  return upstreams
}
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close()
})

test('a target says where a request goes and what to call it', () => {
  const upstreams = openUpstreams('http://127.0.0.1:4000')
  const { dispatcher: _, health: __, ...target } = upstreams.pick(route('https://api.example.com/v1/'))
  expect(target).toEqual({
    label: 'https://api.example.com/v1/',
    origin: 'https://api.example.com',
    basePath: '/v1',
    authority: 'api.example.com',
  })
  expect(upstreams.pick(route('http://127.0.0.1:8080'))).toMatchObject({ basePath: '', authority: '127.0.0.1:8080' })
  expect(upstreams.pick(route('http://[::1]:8080/'))).toMatchObject({ basePath: '', origin: 'http://[::1]:8080', authority: '[::1]:8080' })
  expect(upstreams.pick(route('demo:'))).toMatchObject({
    label: 'built-in demo',
    origin: 'http://127.0.0.1:4000',
    authority: '127.0.0.1:4000',
  })
})

test('a demo that is not running is a failed upstream, not a crash', () => {
  const upstreams = openUpstreams(null)
  expect(() => upstreams.pick(route('demo:'))).toThrow(GatewayError)
  expect(() => upstreams.apply([route('demo:')])).not.toThrow()
})

test('exchanges one after the other share a connection, those at the same time have their own', async () => {
  const server = own(await startUpstream((exchange) => void exchange.answer('ok')))
  const upstreams = openUpstreams()
  const up = route(server.url)
  for (let turn = 0; turn < 10; turn++) await callInFull(upstreams, up)
  expect(server.connections).toBe(1)
  await Promise.all(Array.from({ length: 20 }, () => new UpstreamCall(upstreams.pick(up)).ended()))
  expect(server.connections).toBe(20)
  for (let turn = 0; turn < 10; turn++) await callInFull(upstreams, up)
  expect(server.connections).toBe(20)
})

test('an exchange never waits behind a stream that stays open', async () => {
  const server = own(
    await startUpstream(async (exchange) => {
      if (exchange.target === '/') return exchange.answer('ok')
      await exchange.eventStream()
    }),
  )
  const upstreams = openUpstreams()
  const up = route(server.url)
  const streams = await Promise.all(Array.from({ length: 50 }, () => new UpstreamCall(upstreams.pick(up), { path: '/stream' }).responded()))
  for (let turn = 0; turn < 20; turn++) expect((await callInFull(upstreams, up)).body).toBe('ok')
  expect(server.connections).toBe(51)
  expect(streams.every((stream) => !stream.hasEnded && stream.error === null)).toBe(true)
})

test('an exchange that is aborted closes its connection, and the next one has a fresh one', async () => {
  const server = own(await startUpstream((exchange) => (exchange.target === '/' ? exchange.answer('ok') : exchange.eventStream())))
  const upstreams = openUpstreams()
  const up = route(server.url)
  await callInFull(upstreams, up)
  const stream = await new UpstreamCall(upstreams.pick(up), { path: '/stream' }).responded()
  stream.abort()
  await stream.failed()
  await server.untilOpenConnections(1)
  expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
  expect(server.connections).toBe(2)
  expect(size(upstreams, up)).toBe(1)
})

class AbortedAtOnce extends UpstreamCall {
  override onRequestStart(controller: Parameters<UpstreamCall['onRequestStart']>[0]) {
    controller.abort(new Error('over before it began'))
  }
}

test('an exchange that is aborted while it is dispatched leaves nothing behind', async () => {
  const server = own(await startUpstream((exchange) => (exchange.target === '/' ? exchange.answer('ok') : exchange.eventStream())))
  const upstreams = openUpstreams()
  const up = route(server.url)
  for (let turn = 0; turn < 5; turn++) {
    await callInFull(upstreams, up)
    await new AbortedAtOnce(upstreams.pick(up)).failed()
    const stream = new UpstreamCall(upstreams.pick(up), { path: '/stream' })
    await callInFull(upstreams, up)
    expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
    ;(await stream.responded()).abort()
    await stream.failed()
  }
  await expect.poll(() => size(upstreams, up) - server.openConnections).toBe(0)
})

test('a request that can’t be put in words fails at once and costs no connection', async () => {
  const server = own(await startUpstream((exchange) => void exchange.answer('ok')))
  const upstreams = openUpstreams()
  const up = route(server.url)
  const error = await new UpstreamCall(upstreams.pick(up), { headers: ['Expect', '100-continue'] }).failed()
  expect(upstreamError(error)).toMatchObject({ status: 500, report: { code: 'internal' } })
  expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
  await expect.poll(() => size(upstreams, up)).toBe(1)
})

test('an idle connection that the upstream closes is forgotten', async () => {
  const server = own(await startUpstream((exchange) => void exchange.answer('ok')))
  const upstreams = openUpstreams()
  const up = route(server.url)
  await Promise.all([1, 2, 3].map(() => new UpstreamCall(upstreams.pick(up)).ended()))
  expect(size(upstreams, up)).toBe(3)
  server.exchanges[1]?.end()
  await expect.poll(() => size(upstreams, up)).toBe(2)
  await Promise.all([1, 2, 3].map(() => new UpstreamCall(upstreams.pick(up)).ended()))
  expect(server.connections).toBe(4)
  server.exchanges[0]?.reset()
  await expect.poll(() => size(upstreams, up)).toBe(2)
})

test('an answer that ends its connection leaves none', async () => {
  const server = own(
    await startUpstream(async (exchange) => {
      await exchange.answer('ok', { fields: { Connection: 'close' } })
      exchange.end()
    }),
  )
  const upstreams = openUpstreams()
  const up = route(server.url)
  for (let turn = 0; turn < 5; turn++) expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
  await expect.poll(() => size(upstreams, up)).toBe(0)
  expect(server.connections).toBe(5)
})

test('a refused connection is tried anew by the next exchange', async () => {
  const first = await startUpstream()
  await first.close()
  const upstreams = openUpstreams()
  const up = route(first.url)
  const error = await new UpstreamCall(upstreams.pick(up)).failed()
  expect(upstreamError(error).report).toEqual({
    code: 'upstream-unreachable',
    message: `The upstream 127.0.0.1:${first.port} refused the connection. Is it running, and on this port?`,
  })
  expect(size(upstreams, up)).toBe(0)
  own(await startUpstream((exchange) => void exchange.answer('ok'), { port: first.port }))
  expect((await new UpstreamCall(upstreams.pick(up)).ended()).body).toBe('ok')
})

test('a body that ends with its connection is complete at its end, and cut by a reset', async () => {
  const server = own(
    await startUpstream(async (exchange) => {
      await exchange.head({ fields: { Connection: 'close' } })
      await exchange.write('part')
    }),
  )
  const upstreams = openUpstreams()
  const up = route(server.url)
  const whole = await new UpstreamCall(upstreams.pick(up)).received('part')
  server.exchanges[0]?.cut()
  expect((await whole.ended()).body).toBe('part')
  const cut = await new UpstreamCall(upstreams.pick(up)).received('part')
  server.exchanges[1]?.reset()
  expect(upstreamError(await cut.failed()).report.code).toBe('upstream-reset')
  expect(cut.hasEnded).toBe(false)
})

// A machine may have no IPv6 at all.
const loopbackAddresses = ['127.0.0.1', '::1'].filter((address) =>
  Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === address)),
)

test.each(loopbackAddresses.flatMap((address) => ['localhost', 'app.localhost'].map((name) => [name, address])))(
  '%s is found on %s',
  async (name = '', host = '') => {
    const server = createServer((_, response) => response.end('ok'))
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) })
    const upstreams = openUpstreams()
    const target = upstreams.pick(route(`http://${name}:${(server.address() as AddressInfo).port}`))
    expect((await new UpstreamCall(target).ended()).body).toBe('ok')
  },
)

test('after an upgrade the socket belongs to the tunnel', async () => {
  const server = own(
    await startUpstream(async (exchange) => {
      if (exchange.target !== '/tunnel') return exchange.answer('ok')
      await exchange.head({ status: 101, reason: 'Switching Protocols', fields: { Connection: 'Upgrade', Upgrade: 'websocket' } })
      await exchange.write(await exchange.bodyBytes(5))
    }),
  )
  const upstreams = openUpstreams()
  const up = route(server.url)
  const target = upstreams.pick(up)
  const { socket } = await target.dispatcher.upgrade({ path: '/tunnel', protocol: 'websocket' })
  const echo = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())))
  expect(size(upstreams, up)).toBe(0)
  await target.dispatcher.close()
  socket.write('hello')
  expect(await echo).toBe('hello')
  socket.destroy()
})

test('nodes take turns by weight, spread evenly', () => {
  const upstreams = openUpstreams()
  const up = route({ nodes: [{ url: 'http://a.test', weight: 5 }, { url: 'http://b.test' }, { url: 'http://c.test' }] })
  const turns = Array.from({ length: 14 }, () => upstreams.pick(up).authority.charAt(0)).join('')
  expect(turns).toBe('aabacaaaabacaa')
})
