// RFC 9112 §9.3.2, QUALITY H1: what is refused behind a request that is still being answered is refused in its turn: the answer before it
// goes its way to the end, and nothing on the connection takes the gateway down.
import { beforeAll, expect, test } from 'vitest'
import { openClient } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { besideStream } from './support/stream-beside.ts'

const streams = new Map<string, (exchange: UpstreamExchange) => void>()
const beside = besideStream(async (exchange) => {
  const take = streams.get(exchange.target)
  if (take) return take(exchange)
  await exchange.body()
  return exchange.answer('next')
})
let feed: FeedReader
beforeAll(async () => {
  feed = await beside.gateway.feed()
})

const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'

test.for([
  ['bytes that are no request', 'garbage\r\n\r\n', 400],
  ['a request with white space before a colon', 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n', 400],
  ['more than a length says', 'EXTRA', 400],
  ['CONNECT', 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n', 405],
  ['an expectation that nobody knows', 'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\nx', 417],
  ['a coding that nobody knows', 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: foo\r\n\r\n', 501],
  ['an upgrade for a foreign host', `GET / HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n`, 421],
  ['an upgrade, which is not taken up here', `GET /next HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`, 200],
] as const)('%s', async ([name, behind, status]) => {
  const target = `/first-${encodeURIComponent(name)}`
  const taken = new Promise<UpstreamExchange>((resolve) => streams.set(target, resolve))
  const client = await openClient(beside.gateway.url)
  client.send({ target, method: 'POST', body: 'a body' })
  client.write(behind)
  const first = await taken
  await first.eventStream()
  await first.chunk('data: one\n\n')
  const stream = await client.nextResponse()
  await stream.waitForBytes(11)
  await first.chunk('data: two\n\n')
  await first.endChunks()
  expect((await stream.readAll()).toString()).toBe('data: one\n\ndata: two\n\n')
  expect(stream.isDestroyedEarly).toBe(false)
  const second = await client.nextResponse()
  expect(second.status).toBe(status)
  await second.readAll()
  if (status >= 400 && status !== 421) await client.closed()
  const exchange = await feed.exchange((one) => one.target === target && one.state !== 'open')
  expect(exchange).toMatchObject({ status: 200, state: 'complete', error: null })
  client.close()
})

test('a client that leaves in the middle of its next request is seen to leave before the first is answered', async () => {
  const taken = new Promise<UpstreamExchange>((resolve) => streams.set('/left-early', resolve))
  const client = await openClient(beside.gateway.url)
  client.send({ target: '/left-early' })
  client.write('GET /next HTTP/1.1\r\nHo')
  const first = await taken
  client.leave()
  await first.closed(2000)
  const exchange = await feed.exchange((one) => one.target === '/left-early' && one.state !== 'open')
  expect(exchange).toMatchObject({ state: 'aborted', error: { code: 'client-aborted' } })
})

test('a client that leaves while a refusal waits for its turn is seen to leave', async () => {
  const taken = new Promise<UpstreamExchange>((resolve) => streams.set('/left', resolve))
  const client = await openClient(beside.gateway.url)
  client.send({ target: '/left' })
  client.write('garbage\r\n\r\n')
  const first = await taken
  await first.eventStream()
  await client.nextResponse()
  client.leave()
  await first.closed()
  const exchange = await feed.exchange((one) => one.target === '/left' && one.state !== 'open')
  expect(exchange).toMatchObject({ state: 'aborted', error: { code: 'client-aborted' } })
})
