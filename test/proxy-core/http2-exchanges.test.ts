// Issue 3 §4: HTTP/2 on the TLS listener. RFC 9113.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:http2'
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'

async function start(route: Partial<RouteInput> = {}) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const tls = await startTlsGateway({ routes: [routeTo(upstream.url, route)] })
  const session = await openHttp2(tls.url, tls.ca)
  return { upstream, session, ...tls }
}

test('a request arrives as HTTP/1.1 would have it: Host, one Cookie, forwarding fields, no pseudo-fields', async () => {
  const { upstream, session, url, port } = await start()
  const asked = new Http2Exchange(session, {
    ':path': '/a?b=c',
    cookie: ['a=1', 'b=2'],
    'x-list': ['1', '2'],
    'x-latin': 'cafÃ©',
    te: 'trailers',
    accept: '*/*',
  })
  const exchange = await upstream.next()
  expect([exchange.method, exchange.target]).toEqual(['GET', '/a?b=c'])
  const names = exchange.fields.map(([name]) => name.toLowerCase())
  expect(names.filter((name) => name.startsWith(':') || name === 'transfer-encoding' || name === 'content-length')).toEqual([])
  expect(names.filter((name) => name === 'host')).toHaveLength(1)
  expect(exchange.fields).toEqual(
    expect.arrayContaining([
      ['host', new URL(url).host],
      ['cookie', 'a=1; b=2'],
      ['x-latin', 'cafÃ©'],
      ['TE', 'trailers'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', new URL(url).host],
      ['X-Forwarded-Port', String(port)],
    ]),
  )
  expect(exchange.header('via')).toMatch(/^2\.0 sluice-/)
  await exchange.answer('whole')
  expect((await asked.closed()).body.toString()).toBe('whole')
  expect([asked.status, asked.hasEnded, asked.resetCode]).toEqual([200, true, 0])
})

test('a response has no field of the connection, keeps each cookie apart, and ends with its trailers', async () => {
  const { upstream, session } = await start()
  const asked = new Http2Exchange(session, { ':path': '/' })
  const exchange = await upstream.next()
  await exchange.chunked({
    fields: [
      ['Connection', 'X-Hop, keep-alive'],
      ['Keep-Alive', 'timeout=5'],
      ['X-Hop', '1'],
      ['Trailer', 'X-Sum'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['Content-Type', 'text/plain'],
      ['X-Latin', 'café'],
    ],
  })
  await exchange.chunk('one ')
  await asked.untilText('one ')
  await exchange.chunk('two')
  await exchange.endChunks([['X-Sum', '42']])
  await asked.closed()
  expect(asked.body.toString()).toBe('one two')
  expect(asked.hasEnded).toBe(true)
  expect(asked.trailers).toMatchObject({ 'x-sum': '42' })
  expect(asked.head).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-latin': 'cafÃ©' })
  const names = asked.rawHead.filter((_, index) => index % 2 === 0)
  for (const banned of ['connection', 'keep-alive', 'transfer-encoding', 'x-hop', 'upgrade']) expect(names).not.toContain(banned)
})

test.for([
  ['HEAD', 'HEAD', 200, [['Content-Length', '5']]],
  ['204', 'GET', 204, []],
  ['304', 'GET', 304, [['ETag', '"x"']]],
  ['a length of 0', 'GET', 200, [['Content-Length', '0']]],
] as const)('a response without a body (%s) ends with its head', async ([, method, status, fields]) => {
  const { upstream, session } = await start()
  const asked = new Http2Exchange(session, { ':path': '/', ':method': method })
  await (await upstream.next()).head({ status, fields: fields.map(([name, value]) => [name, value]) })
  await asked.closed()
  expect([asked.status, asked.body.length, asked.hasEnded, asked.resetCode]).toEqual([status, 0, true, 0])
})

test.for([
  ['a method that nobody knows', { ':method': 'BREW' }, 501],
  ['a method in lower case', { ':method': 'get' }, 501],
  ['an expectation that nobody knows', { expect: 'miracles' }, 417],
  ['a target of 17,000 bytes', { ':path': `/${'a'.repeat(17_000)}` }, 414],
] as const)('%s is refused as in HTTP/1.1', async ([, headers, status]) => {
  const { upstream, session } = await start()
  const asked = await new Http2Exchange(session, { ':path': '/', ...headers }).closed()
  expect(asked.status).toBe(status)
  expect(JSON.parse(asked.body.toString())).toMatchObject({ error: { code: 'bad-request' } })
  expect([asked.hasEnded, asked.resetCode, upstream.exchanges.length]).toEqual([true, 0, 0])
})

test('a response field may have the name of a method that every object has', async () => {
  const { upstream, session } = await start()
  const asked = new Http2Exchange(session, { ':path': '/' })
  await (
    await upstream.next()
  ).answer('whole', {
    fields: [
      ['Constructor', 'a'],
      ['constructor', 'b'],
      ['ValueOf', 'c'],
    ],
  })
  await asked.closed()
  expect(asked.head).toMatchObject({ constructor: 'a, b', valueof: 'c' })
})

test('a response whose status HTTP/2 does not know is refused with 502, and the next one is served', async () => {
  const { upstream, session } = await start()
  const asked = new Http2Exchange(session, { ':path': '/' })
  await (await upstream.next()).write('HTTP/1.1 600 Strange\r\nContent-Length: 4\r\n\r\nbody')
  await asked.closed()
  expect([asked.status, asked.hasEnded]).toEqual([502, true])
  expect(JSON.parse(asked.body.toString())).toMatchObject({ error: { code: 'upstream-invalid' } })
  const next = new Http2Exchange(session, { ':path': '/' })
  await (await upstream.next()).answer('next')
  expect((await next.closed()).body.toString()).toBe('next')
})

test.for([
  ['of a length', 'Content-Length: 4\r\n\r\nbody'],
  ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
] as const)('205 has no content, whatever the upstream sends: content %s', async ([, rest]) => {
  const { upstream, session, gateway } = await start()
  const feed = await gateway.feed()
  const asked = new Http2Exchange(session, { ':path': '/' })
  await (await upstream.next()).write(`HTTP/1.1 205 Reset Content\r\n${rest}`)
  await asked.closed()
  expect([asked.status, asked.body.length, asked.hasEnded, asked.resetCode]).toEqual([205, 0, true, 0])
  expect(await feed.exchange((one) => one.state !== 'open')).toMatchObject({ state: 'complete', error: null })
})

test('interim responses are passed on, and Expect: 100-continue is answered', async () => {
  const { upstream, session } = await start()
  const asked = new Http2Exchange(session, { ':path': '/', ':method': 'POST', expect: '100-continue' }, { isOpen: true })
  await new Promise((resolve) => asked.stream.once('continue', resolve))
  asked.stream.end('body')
  const exchange = await upstream.next()
  expect((await exchange.body()).toString()).toBe('body')
  await exchange.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n')
  await exchange.answer('done')
  await asked.closed()
  expect(asked.informational).toMatchObject([{ ':status': 100 }, { ':status': 103, link: '</a.css>' }])
  expect(asked.body.toString()).toBe('done')
})

test('an upload arrives exact, with a length and without', async () => {
  const { upstream, session } = await start()
  const body = randomBytes(3_000_000)
  for (const fields of [{}, { 'content-length': String(body.length) }]) {
    const asked = new Http2Exchange(session, { ':path': '/', ':method': 'POST', ...fields }, { isOpen: true })
    asked.stream.end(body)
    const exchange = await upstream.next()
    expect((await exchange.body()).equals(body)).toBe(true)
    expect(exchange.header('content-length')).toBe(fields['content-length'] ?? null)
    await exchange.answer('taken')
    expect((await asked.closed()).body.toString()).toBe('taken')
  }
})

test.for(['a reset', 'an end inside a chunk'])(
  'an upstream that breaks off by %s resets the stream: it never ends, and the others go on',
  async (how) => {
    const { upstream, session } = await start()
    const other = new Http2Exchange(session, { ':path': '/other' })
    const othersExchange = await upstream.next()
    await othersExchange.eventStream()
    const asked = new Http2Exchange(session, { ':path': '/' })
    const exchange = await upstream.next()
    await exchange.eventStream()
    await exchange.chunk('data: whole\n\n')
    await exchange.write('f00\r\ndata: half')
    await asked.untilText('data: half')
    if (how === 'a reset') exchange.reset()
    else exchange.cut()
    await asked.closed()
    expect([asked.body.toString(), asked.hasEnded, asked.resetCode]).toEqual([
      'data: whole\n\ndata: half',
      false,
      constants.NGHTTP2_INTERNAL_ERROR,
    ])
    await othersExchange.chunk('data: still here\n\n')
    await other.untilText('still here')
    expect(session.destroyed).toBe(false)
  },
)

test('an upstream that cannot be reached is answered with 502 and the reason', async () => {
  const upstream = await startUpstream()
  await upstream.close()
  const tls = await startTlsGateway({ routes: [routeTo(upstream.url)] })
  const session = await openHttp2(tls.url, tls.ca)
  for (const isOpen of [false, true]) {
    const asked = new Http2Exchange(session, { ':path': '/', ':method': isOpen ? 'POST' : 'GET' }, { isOpen })
    await asked.closed()
    expect(asked.status).toBe(502)
    expect(JSON.parse(asked.body.toString())).toMatchObject({ error: { code: 'upstream-unreachable' } })
    expect(asked.hasEnded).toBe(true)
  }
})

test.for(['before the head', 'in the middle', 'while it does not read', 'in the middle of its upload'])(
  'a client that cancels %s closes the connection to the upstream within 50 ms',
  async (when) => {
    const { upstream, session, gateway } = await start()
    const took: number[] = []
    for (let round = 0; round < 10; round++) {
      const isUpload = when === 'in the middle of its upload'
      const asked = new Http2Exchange(session, { ':path': '/', ':method': isUpload ? 'POST' : 'GET' }, { isOpen: isUpload })
      if (isUpload) asked.stream.write('some')
      const exchange = await upstream.next()
      if (isUpload) {
        await exchange.bodyBytes(4)
      } else if (when !== 'before the head') {
        if (when === 'while it does not read') asked.stream.pause()
        await exchange.eventStream()
        await exchange.chunk('data: 1\n\n')
        await asked.headed()
        if (when === 'while it does not read')
          await Promise.race([exchange.chunk(Buffer.alloc(4_000_000)), new Promise((resolve) => setTimeout(resolve, 50))])
        else await asked.untilText('data: 1')
      }
      const at = epochMs()
      asked.stream.close(constants.NGHTTP2_CANCEL)
      took.push((await exchange.closed()).at - at)
    }
    expect(Math.min(...took)).toBeLessThanOrEqual(50)
    expect(took.toSorted((a, b) => a - b)[5]).toBeLessThanOrEqual(50)
    expect(session.destroyed).toBe(false)
    await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
  },
)

test('with buffering off a client that does not read makes the upstream wait, and then gets every byte', async () => {
  const { upstream, session } = await start({ buffering: 'off' })
  const asked = new Http2Exchange(session, { ':path': '/' })
  asked.stream.pause()
  const other = new Http2Exchange(session, { ':path': '/other' })
  const exchange = await upstream.next()
  const body = randomBytes(12_000_000)
  await exchange.head({ fields: { 'Content-Length': String(body.length) } })
  const othersExchange = await upstream.next()
  await othersExchange.eventStream()
  let isWritten = false
  const written = exchange.write(body).then(() => (isWritten = true))
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(isWritten).toBe(false)
  // The stall is that of one stream.
  await othersExchange.chunk('data: passes\n\n')
  await other.untilText('passes')
  asked.stream.resume()
  await written
  await asked.closed()
  expect(asked.body.equals(body)).toBe(true)
  expect(asked.hasEnded).toBe(true)
})
