// DESIGN §3: `stream.heartbeatMs` sends comments into an event stream that is quiet, between events alone, and changes nothing else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { openClient, type ClientRequest } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'
import { spanOf } from './support/measure.ts'

const comment = ':\n\n'
const everyMs = 1000
const stream = { heartbeatMs: everyMs }
const eventStream = { 'Content-Type': 'text/event-stream; charset=utf-8' }

/** Who waits for the request of a path: concurrent tests may not poll. */
const awaited = new Map<string, (exchange: UpstreamExchange) => void>()
let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream((exchange) => awaited.get(exchange.target)?.(exchange))
  const route = (id: string, more: Partial<RouteInput> = {}): RouteInput => ({
    id,
    match: { path: `/${id}/*` },
    upstream: upstream.url,
    stream,
    ...more,
  })
  gateway = await startGateway({
    routes: [
      route('pass'),
      route('blind', { capture: { enabled: false } }),
      route('hold', { buffering: { response: 'on', holdBytes: null } }),
      route('hold-head', { buffering: { response: 'on', holdBytes: null, holdHead: true } }),
      route('none', { stream: { heartbeatMs: null } }),
      route('told', { headers: { request: {}, response: { set: { 'Cache-Control': 'no-transform' } } } }),
    ],
  })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

let paths = 0

/** Opens a response of its own; tests run beside one another, so the path tells whose it is. */
async function open(
  route: string,
  init: ClientRequest & { version?: string } = {},
  answer?: (exchange: UpstreamExchange) => Promise<void>,
) {
  const target = `/${route}/${String(paths++)}`
  const client = await openClient(gateway.url)
  const { version = '1.1', method = 'GET', fields = {} } = init
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  const arrived = new Promise<UpstreamExchange>((resolve) => awaited.set(target, resolve))
  client.write(`${method} ${target} HTTP/${version}\r\nHost: ${client.host}\r\n${lines.join('')}\r\n`)
  const exchange = await arrived
  await (answer ?? ((one: UpstreamExchange) => one.chunked({ fields: eventStream })))(exchange)
  return { target, client, exchange, record: () => feed.exchange((one) => one.target === target) }
}

const beats = (response: ClientResponse): number => response.text.split(comment).length - 1
const withoutBeats = (response: ClientResponse): string => response.text.replaceAll(comment, '')

describe.concurrent('a quiet event stream gets a comment', () => {
  test.for(['pass', 'blind', 'hold'])('once a heartbeat, before its first event and behind it (route %s)', async (route) => {
    const { client, exchange, target } = await open(route)
    const response = await client.nextResponse()
    await response.waitForText(comment)
    expect(response.text).toBe(comment)
    await exchange.chunk('data: one\n\n')
    if (route === 'hold') {
      const { id } = await feed.exchange((one) => one.target === target && one.heldBytes === 11)
      await gateway.command('exchange.release', { id })
    }
    await response.waitForText(`data: one\n\n${comment}`)
    await exchange.chunk('data: two\r\n\r\n')
    await exchange.endChunks()
    await response.readAll()
    expect(withoutBeats(response)).toBe('data: one\n\ndata: two\r\n\r\n')
    expect(response.text.endsWith('data: two\r\n\r\n')).toBe(true)
    expect(response.isDestroyedEarly).toBe(false)
  })

  test('that no record knows of: not among its bytes, its rows, nor its clocks', async () => {
    const { client, exchange, target } = await open('pass')
    const response = await client.nextResponse()
    await exchange.chunk('data: one\n\n')
    await response.waitForText(`one\n\n${comment}`)
    await exchange.chunk('data: two\n\n')
    await exchange.endChunks()
    await response.readAll()
    const record = await feed.exchange((one) => one.target === target && one.state === 'complete')
    expect(record).toMatchObject({ arrivedBytes: 22, leftBytes: 22, rows: 2, leftRows: 2, events: 2, verdict: { type: 'passes' } })
    const { rows } = await gateway.command('exchange.rows', { id: record.id, from: 0, to: 2 })
    for (const row of rows) expect((row.leftAt ?? Number.NaN) - row.arrivedAt).toBeLessThan(everyMs / 2)
    const { bytes } = await gateway.command('exchange.body', { id: record.id, side: 'response', from: 0, to: 100 })
    expect(Buffer.from(bytes).toString()).toBe('data: one\n\ndata: two\n\n')
  })

  test.for(['\r\r', '\n\n', '\r\n\r\n', '\r\n\n', '\n\r\n'])('behind whichever blank line ends an event: %j', async (ending) => {
    const { client, exchange } = await open('pass')
    const response = await client.nextResponse()
    await exchange.chunk(`data: one${ending}`)
    await response.waitForText(`${ending}${comment}`)
    client.close()
  })

  test.for([
    ['whole', ['\xef\xbb\xbfdata: one\n\n'], 'data: one\n\n'],
    ['in pieces', ['\xef', '\xbb', '\xbfdata: one\n\n'], 'data: one\n\n'],
    ['that is none in the end', ['\xef\xbb', 'data: one\n\n'], '\xef\xbbdata: one\n\n'],
    ['that never comes to its end', ['\xef'], '\xef'],
  ] as const)('before a byte order mark, which would hide the first event there and is left out: %s', async ([, pieces, rest]) => {
    const { client, exchange, target } = await open('pass')
    const response = await client.nextResponse()
    await response.waitForText(comment)
    let bytesSoFar = 0
    for (const piece of pieces) {
      await exchange.chunk(Buffer.from(piece, 'latin1'))
      bytesSoFar += piece.length
      await feed.exchange((one) => one.target === target && one.arrivedBytes === bytesSoFar)
    }
    await exchange.endChunks()
    await response.readAll()
    expect(response.bytes.toString('latin1')).toBe(comment + rest)
    expect(await feed.exchange((one) => one.target === target && one.state === 'complete')).toMatchObject({ leftBytes: bytesSoFar })
  })

  test('of HTTP/1.0 too', async () => {
    const { client, exchange } = await open('pass', { version: '1.0' })
    const response = await client.nextResponse()
    await exchange.chunk('data: one\n\n')
    await response.waitForText(`one\n\n${comment}`)
    exchange.end()
    await response.readAll()
    expect(withoutBeats(response)).toBe('data: one\n\n')
  })
})

test('an HTTP/2 stream that is quiet gets a comment between its events', async () => {
  const tls = await startTlsGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream: upstream.url, stream }] })
  const session = await openHttp2(tls.url, tls.ca)
  const asked = new Http2Exchange(session, { ':path': '/by-http2' })
  await expect.poll(() => upstream.exchanges.some((one) => one.target === '/by-http2'), { interval: 2 }).toBe(true)
  const exchange = upstream.exchanges.find((one) => one.target === '/by-http2') as UpstreamExchange
  await exchange.eventStream()
  await exchange.chunk('data: one\n\n')
  await asked.untilText(`one\n\n${comment}`)
  await exchange.chunk('data: ha')
  await spanOf(2.5 * everyMs)
  await exchange.chunk('lf\n\n')
  await exchange.endChunks({ 'X-Sum': '7' })
  await asked.closed()
  const text = asked.body.toString()
  expect(text.replaceAll(comment, '')).toBe('data: one\n\ndata: half\n\n')
  expect(text).toContain('data: half\n\n')
  expect([asked.hasEnded, asked.trailers?.['x-sum']]).toEqual([true, '7'])
})

describe.concurrent('no comment is sent', () => {
  test.for([
    ['inside a field', 'data: one\n\ndata: tw'],
    ['inside an event, behind a line', 'data: one\n\nid: 2\n'],
    ['inside an event, behind CRLF', 'data: one\r\n\r\nid: 2\r\n'],
    ['between the CR and the LF of a blank line', 'data: one\r\n\r'],
    ['inside a byte order mark', '\xef\xbb'],
    ['behind a byte order mark, which only the first event may follow', '\xef\xbb\xbf'],
  ] as const)('%s', async ([, sent]) => {
    const { client, exchange } = await open('pass')
    const response = await client.nextResponse()
    const bytes = Buffer.from(sent, 'latin1')
    await exchange.chunk(bytes)
    await response.waitForBytes(bytes.length)
    await spanOf(2.4 * everyMs)
    expect(response.bytes.equals(bytes)).toBe(true)
    client.close()
  })

  test('while bytes are held, and again when they have gone', async () => {
    const { client, exchange, record } = await open('hold')
    const response = await client.nextResponse()
    await exchange.chunk('data: one\n\n')
    await spanOf(2.4 * everyMs)
    expect(response.text).toBe('')
    await gateway.command('exchange.release', { id: (await record()).id })
    await response.waitForText(`one\n\n${comment}`)
    client.close()
  })

  test('ahead of a head that is held', async () => {
    const { client, exchange, record } = await open('hold-head')
    await exchange.chunk('data: one\n\n')
    await spanOf(2.4 * everyMs)
    expect(client.socket.bytesRead).toBe(0)
    await gateway.command('exchange.release', { id: (await record()).id })
    await (await client.nextResponse()).waitForText(`one\n\n${comment}`)
    client.close()
  })

  test('to a client that has not taken what came before', async () => {
    const { client, exchange } = await open('pass')
    const response = await client.nextResponse()
    client.pause()
    const event = `data: ${'x'.repeat(99_992)}\n\n`
    const sent = (async () => {
      for (let index = 0; index < 120; index++) await exchange.chunk(event)
    })()
    await spanOf(2.4 * everyMs)
    client.resume()
    await sent
    await exchange.endChunks()
    await response.readAll()
    expect(response.text).toBe(event.repeat(120))
  })

  test.for([
    ['an encoded body', { ...eventStream, 'Content-Encoding': 'gzip' }],
    ['a response that must not be transformed', { ...eventStream, 'Cache-Control': 'no-cache, No-Transform' }],
    ['a response whose digest is told', { ...eventStream, 'Content-Digest': 'sha-256=:AAAA:' }],
    ['a stream of another type', { 'Content-Type': 'application/x-ndjson' }],
    ['plain text', { 'Content-Type': 'text/plain' }],
  ] as const)('into %s', async ([, fields]) => expectNone(await open('pass', {}, (exchange) => exchange.chunked({ fields }))))

  test('into a part of a stream', async () =>
    expectNone(await open('pass', {}, (exchange) => exchange.chunked({ status: 206, fields: eventStream }))))

  test('where the client forbids to transform', async () => expectNone(await open('pass', { fields: { 'Cache-Control': 'no-transform' } })))

  test('where the route itself says so', async () => expectNone(await open('told')))

  test('where the route has no heartbeat', async () => expectNone(await open('none')))

  test('into a body of a stated length', async () => {
    const { client, exchange } = await open('pass', {}, (one) => one.head({ fields: { ...eventStream, 'Content-Length': '22' } }))
    const response = await client.nextResponse()
    await exchange.write('data: one\n\n')
    await spanOf(2.4 * everyMs)
    await exchange.write('data: two\n\n')
    await response.readAll()
    expect(response.text).toBe('data: one\n\ndata: two\n\n')
  })

  test.for([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ] as const)('behind a head without a body: %s, %i', async ([method, status]) => {
    const { client } = await open('pass', { method }, (exchange) => exchange.head({ status, fields: eventStream }))
    const response = await client.nextResponse()
    await response.readAll()
    await spanOf(2.4 * everyMs)
    expect([response.status, client.socket.bytesRead]).toEqual([status, response.rawHead.length])
    client.close()
  })

  async function expectNone({ client, exchange }: Awaited<ReturnType<typeof open>>): Promise<void> {
    const response = await client.nextResponse()
    await exchange.chunk('data: one\n\n')
    await response.waitForBytes(11)
    await spanOf(2.4 * everyMs)
    expect(response.text).toBe('data: one\n\n')
    expect(beats(response)).toBe(0)
    client.close()
  }
})
