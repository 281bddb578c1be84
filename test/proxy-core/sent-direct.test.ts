// Issue 4 §7: any URL, through the gateway's own pipeline, and by nobody but the window.
import { expect, onTestFinished, test } from 'vitest'
import { directRouteId } from '../../proxy-core/contract/requests.ts'
import { fetchWhole } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

async function start(): Promise<{ upstream: Upstream; other: Upstream; gateway: TestGateway }> {
  const upstream = await startUpstream()
  const other = await startUpstream()
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { id: 'own', match: { path: '/own/*' } })] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
    await other.close()
  })
  return { upstream, other, gateway }
}

test('a request for a URL that is not the gateway’s goes straight there and is an exchange with two clocks', async () => {
  const { other, gateway } = await start()
  const feed = await gateway.feed()
  const sent = gateway.command('request.send', {
    method: 'POST',
    url: `${other.url}/a/b?x=1&y=%20#top`,
    headers: [
      ['X-One', '1'],
      ['Authorization', 'Bearer a-secret-of-some-length'],
      ['X-One', 'caf\u00c3\u00a9'],
      ['Origin', 'https://elsewhere.example'],
    ],
    body: 'the body é',
  })
  const exchange = await other.next()
  expect([exchange.method, exchange.target]).toEqual(['POST', '/a/b?x=1&y=%20'])
  expect((await exchange.body()).toString()).toBe('the body é')
  // Of the fields that a gateway adds there is Via alone: it is what ends a loop.
  const added = new Set(['via', 'connection', 'content-length'])
  expect(exchange.fields.filter(([name]) => !added.has(name.toLowerCase()))).toEqual([
    ['host', `127.0.0.1:${other.port}`],
    ['X-One', '1'],
    ['Authorization', 'Bearer a-secret-of-some-length'],
    ['X-One', 'caf\u00c3\u00a9'],
    ['Origin', 'https://elsewhere.example'],
  ])
  expect([exchange.header('via') !== null, exchange.header('content-length')]).toEqual([true, '11'])
  expect(exchange.header('x-forwarded-for')).toBeNull()
  expect(exchange.header('x-real-ip')).toBeNull()
  await exchange.eventStream()
  await exchange.chunk('data: 1\n\n')
  const reply = await sent
  expect(reply.headers).toContainEqual(['Authorization', 'Bearer [redacted]ngth'])
  const seen = await feed.exchange(({ id, leftRows }) => id === reply.exchangeId && leftRows === 1)
  expect(seen).toMatchObject({ routeId: directRouteId, upstream: other.url, target: '/a/b?x=1&y=%20' })
  const { rows } = await gateway.command('exchange.rows', { id: seen.id, from: 0, to: 1 })
  expect(rows[0]?.leftAt).toBeGreaterThanOrEqual(rows[0]?.arrivedAt ?? Infinity)
  await gateway.command('request.stop', { requestId: reply.requestId })
  await exchange.closed()
  await feed.until(({ requests }) => requests.get(reply.requestId)?.ending === 'stopped')
})

test('a URL of the gateway’s own listener goes through its routes, with the Host that it names', async () => {
  const { upstream, gateway } = await start()
  const { port } = new URL(gateway.url)
  for (const url of ['/own/x', `${gateway.url}/own/x`, `http://localhost:${port}/own/x`, `http://any.localhost:${port}/own/x`]) {
    expect(await gateway.command('request.plan', { method: 'GET', url })).toEqual({ type: 'route', routeId: 'own' })
    const sent = gateway.command('request.send', { method: 'GET', url })
    const exchange = await upstream.next()
    expect([exchange.target, exchange.header('host')]).toEqual(['/own/x', url.startsWith('/') ? `127.0.0.1:${port}` : new URL(url).host])
    expect(exchange.header('x-forwarded-for')).toBe('127.0.0.1')
    await exchange.answer('ok')
    await sent
  }
  expect(await gateway.command('request.plan', { method: 'GET', url: '/else' })).toEqual({ type: 'no-route' })
  expect(await gateway.command('request.plan', { method: 'GET', url: upstream.url })).toEqual({ type: 'direct', origin: upstream.url })
})

test('what goes through a route is guarded like any client’s: a foreign Origin is refused', async () => {
  const { upstream, gateway } = await start()
  const feed = await gateway.feed()
  const { exchangeId } = await gateway.command('request.send', {
    method: 'GET',
    url: '/own/x',
    headers: [['Origin', 'https://elsewhere.example']],
  })
  expect(await feed.exchange(({ id, state }) => id === exchangeId && state === 'failed')).toMatchObject({ status: 403 })
  expect(upstream.exchanges).toHaveLength(0)
})

test('no other client is taken to a URL, not while a direct request is under way either', async () => {
  const { other, gateway } = await start()
  const sent = gateway.command('request.send', { method: 'GET', url: `${other.url}/direct` })
  await other.next()
  for (const target of ['/direct', `${other.url}/direct`, `http://localhost/direct`]) {
    const answer = await fetchWhole(gateway.url, { target, fields: [['Sluice-Request', '1']] })
    expect([404, 421]).toContain(answer.status)
  }
  expect(other.exchanges).toHaveLength(1)
  await other.exchanges[0]?.answer('ok')
  await sent
})

test('the override of a request holds from the first byte, and the route’s policy stays as it is', async () => {
  const { upstream, gateway } = await start()
  const feed = await gateway.feed()
  const sent = gateway.command('request.send', { method: 'GET', url: '/own/x', buffering: 'on' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: held\n\n')
  const { exchangeId } = await sent
  const seen = await feed.exchange(({ id, heldBytes }) => id === exchangeId && heldBytes > 0)
  expect(seen.decisions).toMatchObject([{ mode: 'on', reason: 'override' }])
  expect(seen).toMatchObject({ isOverridden: true, leftRows: 0, rows: 1 })
  expect(feed.view.routes[0]?.buffering.response).toBe('off')
})

test('an upstream that cannot be trusted or reached is told of as on any route', async () => {
  const { gateway, other } = await start()
  const feed = await gateway.feed()
  await other.close().catch(() => undefined)
  const { exchangeId } = await gateway.command('request.send', { method: 'GET', url: `${other.url}/x` })
  expect(await feed.exchange(({ id, state }) => id === exchangeId && state === 'failed')).toMatchObject({
    status: 502,
    error: { code: 'upstream-unreachable' },
  })
})

test.for([
  ['GET', '/x', [['Content-Length', '5']], 'written by the gateway'],
  ['GET', '/x', [['transfer-encoding', 'chunked']], 'written by the gateway'],
  ['GET', '/x', [['Connection', 'close']], 'written by the gateway'],
  ['GET', '/x', [['Upgrade', 'h2c']], 'written by the gateway'],
  ['GET', '/x', [['X-One', 'a\r\nX-Two: b']], 'one line of text'],
  ['GET', '/x', [['X-One', 'a\0b']], 'one line of text'],
  ['GET', '/x', [['X One', 'a']], 'not a header name'],
  ['GET', '/x', [['X:One', 'a']], 'not a header name'],
  ['GET', '/x', [['Authorization', 'Bearer [redacted]wxyz']], 'redacted'],
  ['GET', '/x?key=[redacted]', [], 'redacted'],
  ['GET', '/x HTTP/1.1\r\nHost: a\r\n\r\nGET /y', [], 'neither spaces'],
  ['GET', 'http://127.0.0.1:1/x y', [], 'neither spaces'],
  ['GET', 'ftp://127.0.0.1/', [], 'http://'],
  ['GET', 'http://user:password@127.0.0.1/', [], 'user name'],
  ['GET', 'http://[::1/', [], 'not a URL'],
  ['GET /y', '/x', [], 'one word'],
  ['CONNECT', '/x', [], 'CONNECT'],
  ['trace', '/x', [], 'TRACE'],
  [
    'GET',
    '/x',
    [
      ['Host', 'a'],
      ['host', 'b'],
    ],
    'one Host',
  ],
] as const)('%s %j with %j is refused', async ([method, url, headers, why]) => {
  const { gateway, upstream, other } = await start()
  await expect(
    gateway.command('request.send', { method, url, headers: headers.map(([name, value]) => [name, value]) }),
  ).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(why) as string })
  expect([upstream.connections, other.connections]).toEqual([0, 0])
})

test('another loopback address than the listener’s is another place', async () => {
  const { gateway } = await start()
  const { port } = new URL(gateway.url)
  expect(await gateway.command('request.plan', { method: 'GET', url: `http://127.0.0.2:${port}/own/x` })).toMatchObject({ type: 'direct' })
  expect(await gateway.command('request.plan', { method: 'GET', url: `https://127.0.0.1:${port}/own/x` })).toMatchObject({ type: 'direct' })
})
