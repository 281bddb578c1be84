// A kept connection may die in the moment in which it is used again: what can be repeated is, once; nothing else is ever sent twice.
import { expect, onTestFinished, test } from 'vitest'
import { openClient, request, type ClientRequest } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'

/** A gateway with one idle connection to an upstream, which then does `fate` to what comes. */
async function start(fate: (exchange: UpstreamExchange, count: number) => void | Promise<void>) {
  let count = 0
  const upstream = await startUpstream((exchange) => (exchange.target === '/first' ? exchange.answer('first') : fate(exchange, ++count)))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  const ask = async (init: ClientRequest) => {
    const response = await client.request(init)
    return [response.status, (await response.readAll()).toString()] as const
  }
  expect(await ask({ target: '/first' })).toEqual([200, 'first'])
  // undici gives a connection back a turn of the event loop after its response.
  await new Promise(setImmediate)
  return { upstream, gateway, ask }
}

const dieOnce = (how: 'cut' | 'reset') => (exchange: UpstreamExchange, count: number) =>
  count === 1 ? exchange[how]() : exchange.answer(exchange.method === 'HEAD' ? '' : 'second')

test.for(['cut', 'reset'] as const)('a GET on an idle connection that is %s is sent again on a fresh one', async (how) => {
  const { upstream, ask } = await start(dieOnce(how))
  expect(await ask({ target: '/again' })).toEqual([200, 'second'])
  expect(upstream.exchanges.map(({ target }) => target)).toEqual(['/first', '/again', '/again'])
  expect(upstream.connections).toBe(2)
})

test('a HEAD is sent again too', async () => {
  const { upstream, ask } = await start(dieOnce('cut'))
  expect((await ask({ method: 'HEAD', target: '/again' }))[0]).toBe(200)
  expect(upstream.exchanges).toHaveLength(3)
})

test('it is sent again once', async () => {
  const { upstream, ask } = await start((exchange) => exchange.cut())
  expect((await ask({ target: '/again' }))[0]).toBe(502)
  expect(upstream.exchanges).toHaveLength(3)
})

test.for([
  ['POST with a body', { method: 'POST', body: 'body' }],
  ['POST without a body', { method: 'POST' }],
  ['PUT', { method: 'PUT', body: 'body' }],
  ['DELETE', { method: 'DELETE' }],
  ['GET with a body', { method: 'GET', body: 'body' }],
] as const)('a %s is never sent again', async ([, init]) => {
  const { upstream, ask } = await start(dieOnce('cut'))
  expect((await ask({ target: '/again', ...init }))[0]).toBe(502)
  expect(upstream.exchanges).toHaveLength(2)
})

test('a GET on a fresh connection is not sent again', async () => {
  const upstream = await startUpstream((exchange) => exchange.cut())
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  expect((await request(gateway.url)).status).toBe(502)
  expect(upstream.exchanges).toHaveLength(1)
})

test('a GET of whose answer anything has come is not sent again', async () => {
  const { upstream, ask } = await start(async (exchange) => {
    await exchange.write('HTTP/1.1 103 Early Hints\r\n\r\n')
    exchange.cut()
  })
  expect((await ask({ target: '/again' }))[0]).toBe(502)
  expect(upstream.exchanges).toHaveLength(2)
})

test('a GET of whose answer a part of the first line has come is not sent again', async () => {
  const { upstream, ask } = await start(async (exchange) => {
    await exchange.write('HTTP/1.1 20')
    exchange.cut()
  })
  expect((await ask({ target: '/again' }))[0]).toBe(502)
  expect(upstream.exchanges).toHaveLength(2)
})

test('a client that has left is no reason to send anything again', async () => {
  const { upstream, gateway } = await start(() => undefined)
  const client = await openClient(gateway.url)
  client.send({ target: '/again' })
  await expect.poll(() => upstream.exchanges.length).toBe(2)
  client.leave()
  await upstream.untilOpenConnections(0)
  expect(upstream.exchanges).toHaveLength(2)
})

test('no more than 256 idle connections are kept', async () => {
  const { upstream, gateway } = await start(() => undefined)
  const clients = await Promise.all(Array.from({ length: 300 }, () => openClient(gateway.url)))
  for (const client of clients) client.send({ target: '/many' })
  await expect.poll(() => upstream.exchanges.length, { timeout: 10_000 }).toBe(301)
  for (const exchange of upstream.exchanges.slice(1)) await exchange.answer('many')
  for (const client of clients) await (await client.nextResponse()).readAll()
  await upstream.untilOpenConnections(256)
  for (const client of clients) client.close()
})
