// QUALITY H3: hop-by-hop fields go no further, both ways; Via is added and the forwarding fields are set (RFC 9110 §7.6).
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { openClient, request, type ClientRequest } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { Field, FieldsInput } from '../support/http-reader.ts'
import { startUpstream } from '../support/upstream.ts'

async function pass(asked: ClientRequest, answered: FieldsInput = {}, route: Partial<RouteInput> = {}) {
  const upstream = await startUpstream((exchange) => exchange.answer('ok', { fields: answered }))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, route)] })
  onTestFinished(() => gateway.close())
  const response = await request(gateway.url, asked)
  await response.readAll()
  const exchange = await upstream.next()
  return { gateway, upstream, exchange, response, port: new URL(gateway.url).port }
}

const names = (fields: readonly Field[]) => fields.map(([name]) => name.toLowerCase())

const hopByHop: readonly Field[] = [
  ['Connection', 'keep-alive, X-Named, x-second'],
  ['Connection', 'X-Third'],
  ['Keep-Alive', 'timeout=3'],
  ['Proxy-Connection', 'keep-alive'],
  ['TE', 'gzip'],
  ['X-Named', 'for this hop'],
  ['X-Second', 'for this hop'],
  ['X-THIRD', 'for this hop'],
]

test('fields for this hop alone are not sent to the upstream, those that Connection names among them', async () => {
  const { exchange } = await pass({
    fields: [
      ...hopByHop,
      ['Proxy-Authorization', 'Basic eDp5'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQ'],
      ['X-End', 'to end'],
    ],
  })
  const sent = names(exchange.fields)
  for (const name of [
    'keep-alive',
    'proxy-connection',
    'te',
    'x-named',
    'x-second',
    'x-third',
    'proxy-authorization',
    'upgrade',
    'http2-settings',
  ]) {
    expect(sent).not.toContain(name)
  }
  expect(exchange.header('x-end')).toBe('to end')
  expect(exchange.header('connection') ?? 'keep-alive').toBe('keep-alive')
})

test('fields for this hop alone are not sent to the client, those that Connection names among them', async () => {
  const { response } = await pass({}, [...hopByHop, ['Proxy-Authenticate', 'Basic'], ['Upgrade', 'h2c'], ['X-End', 'to end']])
  const sent = names(response.fields)
  for (const name of ['proxy-connection', 'te', 'x-named', 'x-second', 'x-third', 'proxy-authenticate', 'upgrade']) {
    expect(sent).not.toContain(name)
  }
  // The gateway may say the same of its own connection.
  expect(response.header('connection')).toBe('keep-alive')
  expect(response.header('keep-alive')).not.toContain('timeout=3')
  expect(response.header('x-end')).toBe('to end')
})

test('a client cannot have the gateway drop what it sets itself, by naming it in Connection', async () => {
  const { exchange } = await pass({
    fields: { Connection: 'Host, Via, X-Forwarded-For, X-Real-IP, Content-Length' },
    method: 'POST',
    body: 'x',
  })
  expect(exchange.header('host')).toMatch(/^127\.0\.0\.1:\d+$/)
  for (const name of ['via', 'x-forwarded-for', 'x-real-ip', 'content-length']) expect(exchange.header(name)).not.toBeNull()
})

test('Via is added both ways, behind what is there', async () => {
  const { exchange, response } = await pass({ fields: { Via: '1.0 first, 1.1 second' } }, { Via: '1.1 origin' })
  expect(exchange.header('via')).toMatch(/^1\.0 first, 1\.1 second, 1\.1 sluice-[0-9a-f]{12}$/)
  expect(response.header('via')).toMatch(/^1\.1 origin, 1\.1 sluice-[0-9a-f]{12}$/)
})

test('Via names the version that each side spoke, not the one of the other side', async () => {
  const upstream = await startUpstream(async (exchange) => {
    const isOld = exchange.target === '/old-upstream'
    await exchange.write(`HTTP/1.${isOld ? '0' : '1'} 200 OK\r\nVia: 1.0 origin\r\nContent-Length: 2\r\n\r\nok`)
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const vias = async (target: string, version: string) => {
    const client = await openClient(gateway.url)
    client.write(`GET ${target} HTTP/${version}\r\nHost: localhost\r\n\r\n`)
    const response = await client.nextResponse()
    await response.readAll()
    client.close()
    return [(await upstream.next()).header('via'), response.header('via')]
  }
  const [by10, by11] = [/^1\.0 sluice-[0-9a-f]{12}$/, /^1\.1 sluice-[0-9a-f]{12}$/].map((form) => expect.stringMatching(form) as string)
  const answered = (version: string) => expect.stringMatching(new RegExp(`^1\\.0 origin, ${version} sluice-[0-9a-f]{12}$`)) as string
  expect(await vias('/old-upstream', '1.1')).toEqual([by11, answered('1\\.0')])
  expect(await vias('/new-upstream', '1.0')).toEqual([by10, answered('1\\.1')])
})

test('the upstream is told who asked, and under which address', async () => {
  const { exchange, port } = await pass({})
  expect(exchange.header('x-forwarded-for')).toBe('127.0.0.1')
  expect(exchange.header('x-real-ip')).toBe('127.0.0.1')
  expect(exchange.header('x-forwarded-host')).toBe(`127.0.0.1:${port}`)
  expect(exchange.header('x-forwarded-port')).toBe(port)
  expect(exchange.header('x-forwarded-proto')).toBe('http')
})

test('X-Forwarded-For grows, and the other forwarding fields of a client are not believed', async () => {
  const { exchange, port } = await pass({
    fields: {
      'X-Forwarded-For': '203.0.113.9',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '1',
      'X-Real-IP': '203.0.113.9',
      Forwarded: 'for=203.0.113.9',
    },
  })
  expect(exchange.header('x-forwarded-for')).toBe('203.0.113.9, 127.0.0.1')
  expect(exchange.header('x-real-ip')).toBe('127.0.0.1')
  expect(exchange.header('x-forwarded-host')).toBe(`127.0.0.1:${port}`)
  expect(exchange.header('x-forwarded-proto')).toBe('http')
  expect(exchange.header('forwarded')).toBeNull()
})

test('Host is the client’s, the upstream’s or a literal, as the route says', async () => {
  const { exchange, port } = await pass({})
  expect(exchange.header('host')).toBe(`127.0.0.1:${port}`)
  const upstream = await startUpstream((one) => one.answer())
  onTestFinished(() => upstream.close())
  const to = (id: string, hostHeader: string): RouteInput => ({
    id,
    match: { path: `/${id}` },
    upstream: { url: upstream.url, hostHeader },
  })
  const gateway = await startGateway({ routes: [to('upstream', 'upstream'), to('literal', 'api.example.com')] })
  onTestFinished(() => gateway.close())
  await request(`${gateway.url}/upstream`)
  await request(`${gateway.url}/literal`)
  expect(upstream.exchanges.map((one) => one.header('host'))).toEqual([`127.0.0.1:${upstream.port}`, 'api.example.com'])
})

test('everything else passes as it came: order, case, repetitions, empty values and bytes beyond ASCII', async () => {
  const odd: readonly Field[] = [
    ['X-Twice', 'one'],
    ['x-Odd-CASE', ''],
    ['X-Twice', 'two'],
    ['X-Latin', 'caf\u00e9'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ]
  const asked = odd.filter(([name]) => name !== 'Set-Cookie')
  const { exchange, response } = await pass({ fields: asked }, odd)
  const isOdd = ([name]: Field) => odd.some(([other]) => other === name)
  expect(exchange.fields.filter(isOdd).map(([name, value]) => [name, decoded(value)])).toEqual(asked.map(([name, value]) => [name, value]))
  // The scripted upstream writes an answer's head as latin1.
  expect(response.fields.filter(isOdd)).toEqual(odd)
})

test('a request that comes back to the gateway that sent it is refused, and the loop ends', async () => {
  const gateway = await startGateway({ listen: ['127.0.0.1:0'], routes: [] })
  onTestFinished(() => gateway.close())
  await gateway.command('route.save', { route: { id: 'loop', match: { path: '/*' }, upstream: { url: gateway.url } } })
  const response = await request(gateway.url)
  expect(response.status).toBe(508)
  expect((await response.readAll()).toString()).toContain('loop-detected')
})

// The scripted client writes strings as UTF-8, and the upstream reads heads as latin1.
function decoded(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}
