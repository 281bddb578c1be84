// Issue 4 §7: a request that reconnects does what an EventSource does (WHATWG HTML §9.2.3), each time with the last id.
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { FeedReader } from '../support/feed-view.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

async function start(): Promise<{ upstream: Upstream; gateway: TestGateway; feed: FeedReader }> {
  const upstream = await startUpstream()
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  return { upstream, gateway, feed: await gateway.feed() }
}

const send = (gateway: TestGateway, url = '/events') =>
  gateway.command('request.send', { method: 'GET', url, headers: [['Accept', 'text/event-stream']], reconnects: true })

test('after the end of the stream it waits for as long as retry said, sends Last-Event-ID, and a 204 ends it', async () => {
  const { upstream, gateway, feed } = await start()
  const reply = send(gateway)
  const first = await upstream.next()
  expect(first.header('last-event-id')).toBeNull()
  await first.eventStream()
  await first.chunk('retry: 150\nid: 7\ndata: a\n\nid: sev')
  await first.chunk('en é\n\ndata: b\n\nid: never dispatched\n')
  await first.endChunks()
  const { requestId, exchangeId } = await reply
  const { requests } = await feed.until((view) => view.requests.get(requestId)?.state === 'waiting')
  const waiting = requests.get(requestId)
  expect(waiting).toMatchObject({ attempt: 2, exchangeId, lastEventId: 'seven é' })
  const second = await upstream.next()
  expect(second.receivedAt - first.receivedAt).toBeGreaterThanOrEqual(149)
  expect(Buffer.from(second.header('last-event-id') ?? '', 'latin1').toString()).toBe('seven é')
  const { requests: again } = await feed.until((view) => view.requests.get(requestId)?.state === 'open')
  expect(again.get(requestId)?.attempt).toBe(2)
  await second.head({ status: 204 })
  const { requests: ended } = await feed.until((view) => view.requests.get(requestId)?.state === 'ended')
  expect(ended.get(requestId)).toMatchObject({ ending: 'status', status: 204, attempt: 2, retryAt: null })
  expect(ended.get(requestId)?.exchangeId).not.toBe(exchangeId)
  expect(upstream.exchanges).toHaveLength(2)
})

test('a cut stream is connected again, and an empty id takes the last one back', async () => {
  const { upstream, gateway } = await start()
  void send(gateway)
  const first = await upstream.next()
  await first.eventStream()
  await first.chunk('retry: 100\nid: 1\ndata: a\n\n')
  first.reset()
  const second = await upstream.next()
  expect(second.header('last-event-id')).toBe('1')
  await second.eventStream()
  await second.chunk('id\ndata: b\n\n')
  second.cut()
  const third = await upstream.next()
  expect(third.header('last-event-id')).toBeNull()
  await third.answer('', { status: 204 })
})

test.for([
  ['status', { status: 500, fields: [['Content-Type', 'text/event-stream']] }],
  [
    'status',
    {
      status: 301,
      fields: [
        ['Content-Type', 'text/event-stream'],
        ['Location', '/else'],
      ],
    },
  ],
  ['content-type', { status: 200, fields: [['Content-Type', 'application/json']] }],
  ['content-type', { status: 200, fields: [] }],
] as const)('an answer that is no event stream ends it for good: %s of %j', async ([ending, { status, fields }]) => {
  const { upstream, gateway, feed } = await start()
  const reply = send(gateway)
  const exchange = await upstream.next()
  await exchange.answer('{}', { status, fields: fields.map(([name, value]) => [name, value] as const) })
  const { requestId } = await reply
  const { requests } = await feed.until((view) => view.requests.get(requestId)?.state === 'ended')
  expect(requests.get(requestId)).toMatchObject({ ending, status })
})

test('the type may have parameters and any case, and an encoded stream’s ids count too', async () => {
  const { upstream, gateway } = await start()
  void send(gateway)
  const first = await upstream.next()
  await first.chunked({
    fields: [
      ['Content-Type', 'Text/Event-Stream; charset=UTF-8'],
      ['Content-Encoding', 'gzip'],
    ],
  })
  await first.chunk(gzipSync('retry: 100\nid: from gzip\ndata: a\n\n'))
  await first.endChunks()
  const second = await upstream.next()
  expect(second.header('last-event-id')).toBe('from gzip')
  await second.answer('', { status: 204 })
})

test('stopped while it waits, it does not come back', async () => {
  const { upstream, gateway, feed } = await start()
  const reply = send(gateway)
  const first = await upstream.next()
  await first.eventStream()
  await first.chunk('retry: 200\n\n')
  await first.endChunks()
  const { requestId } = await reply
  await feed.until((view) => view.requests.get(requestId)?.state === 'waiting')
  await gateway.command('request.stop', { requestId })
  await feed.until((view) => view.requests.get(requestId)?.ending === 'stopped')
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(upstream.exchanges).toHaveLength(1)
})

test('without reconnecting, a stream that ends is over, and a POST cannot ask for it', async () => {
  const { upstream, gateway, feed } = await start()
  const reply = gateway.command('request.send', { method: 'GET', url: '/events' })
  const first = await upstream.next()
  await first.eventStream()
  await first.endChunks()
  const { requestId } = await reply
  const { requests } = await feed.until((view) => view.requests.get(requestId)?.state === 'ended')
  expect(requests.get(requestId)).toMatchObject({ ending: 'complete', status: 200 })
  await expect(gateway.command('request.send', { method: 'POST', url: '/events', reconnects: true })).rejects.toThrow('Only a GET')
})

test('it outlives a gateway that stops listening and starts again', async () => {
  const { upstream, gateway } = await start()
  void send(gateway)
  const first = await upstream.next()
  await first.eventStream()
  await first.chunk('retry: 150\nid: 5\ndata: a\n\n')
  await gateway.command('gateway.stop')
  await first.endChunks()
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(upstream.exchanges).toHaveLength(1)
  await gateway.command('gateway.start')
  const second = await upstream.next()
  expect(second.header('last-event-id')).toBe('5')
})
