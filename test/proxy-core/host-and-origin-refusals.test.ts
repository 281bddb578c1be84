// QUALITY H4: only loopback names and configured hosts as Host, otherwise 421; foreign pages get 403; and nothing of it is sent upstream.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fetchWhole, openClient, type ClientRequest } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import type { FieldsInput } from '../support/http-reader.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

const listed = 'https://app.example.com'

let upstream: Upstream
let gateway: TestGateway
let port: string
beforeAll(async () => {
  upstream = await startUpstream((exchange) => exchange.answer('reached'))
  gateway = await startGateway({
    routes: [
      { id: 'named', match: { path: '/*', hosts: ['api.example.com', '*.wild.example.com'] }, upstream: upstream.url },
      { id: 'cors', match: { path: '/cors' }, upstream: upstream.url, cors: { origins: [listed], credentials: true } },
      { id: 'cors-down', match: { path: '/down' }, upstream: 'http://127.0.0.1:1', cors: { origins: [listed] } },
      { id: 'all', match: { path: '/*' }, upstream: upstream.url },
      { id: 'off', match: { path: '/*', hosts: ['disabled.example.com'] }, upstream: upstream.url, enabled: false },
    ],
  })
  port = new URL(gateway.url).port
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

let before = 0
afterEach(() => {
  before = upstream.exchanges.length
})

async function ask(init: ClientRequest, target = '/') {
  const { status, text, fields, header } = await fetchWhole(gateway.url, { target, ...init }).then((response) => ({
    status: response.status,
    text: response.text,
    fields: response.fields,
    header: (name: string) => response.header(name),
  }))
  return { status, text, fields, header, sentUpstream: upstream.exchanges.length - before }
}

const reached = { status: 200, text: 'reached', sentUpstream: 1 }
const refused = (status: number, code: string) => ({ status, sentUpstream: 0, text: expect.stringContaining(`"code":"${code}"`) as string })

test.for([
  '127.0.0.1:PORT',
  '127.0.0.1',
  '127.0.0.1:1',
  'localhost:65535',
  '127.8.9.10:PORT',
  'localhost:PORT',
  'LocalHost',
  'localhost.:PORT',
  'sse.localhost',
  'A.B.LOCALHOST.',
  '[::1]:PORT',
  'api.example.com',
  'API.Example.COM:PORT',
  'api.example.com.',
  'a.wild.example.com',
  'a.b.wild.example.com.:PORT',
])('Host %s is served', async (host) => {
  expect(await ask({ host: host.replace('PORT', port) })).toMatchObject(reached)
})

const foreignHosts = [
  'evil.example',
  'evil.example:PORT',
  'disabled.example.com',
  'wild.example.com',
  'notwild.example.com',
  'api.example.com.evil.example',
  'xapi.example.com',
  'localhost.evil.example',
  'notlocalhost',
  'localhost..',
  '.localhost',
  '0.0.0.0',
  '0.0.0.0:PORT',
  '0',
  '[::]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[0:0:0:0:0:0:0:1]',
  '2130706433',
  '2130706433:PORT',
  '0x7f000001',
  '0x7f.0.0.1',
  '017700000001',
  '0177.0.0.1',
  '127.1',
  '127.0.0.1.',
  '127.0.0.256',
  '128.0.0.1',
  '192.168.0.1',
  '%6cocalhost',
  'xn--localhost',
  '',
]

test.for(foreignHosts)('Host %s is refused with 421, and nothing is sent upstream', async (host) => {
  expect(await ask({ host: host.replace('PORT', port) })).toMatchObject(refused(421, 'host-refused'))
})

// RFC 9112 §3.2: an invalid Host field is a bad request.
test.for([
  'user@localhost',
  'localhost@evil.example',
  'localhost/evil',
  'localhost:PORT:80',
  'localhost:',
  'localhost:65536',
  'localhost:99999',
  '[::1]:65536',
  '[::1]:',
  'api.example.com:70000',
  'localhost:-1',
  'localhost:+80',
  'localhost:8O80',
  'localhost:000080',
  'localhost:port',
  'localhost, evil.example',
  'local host',
])('Host %s is malformed: it is refused, and nothing is sent upstream', async (host) => {
  expect(await ask({ host: host.replace('PORT', port) })).toMatchObject(refused(400, 'bad-request'))
})

test('a target in absolute form is judged by its own authority, whatever Host says', async () => {
  expect(await ask({ host: `127.0.0.1:${port}` }, 'http://evil.example/')).toMatchObject(refused(421, 'host-refused'))
  expect(await ask({ host: 'evil.example' }, `http://127.0.0.1:${port}/`)).toMatchObject(reached)
})

test('a request without Host or with two is refused with 400', async () => {
  expect(await ask({ host: null })).toMatchObject({ status: 400, sentUpstream: 0 })
  const twice: FieldsInput = [
    ['Host', 'localhost'],
    ['Host', 'localhost'],
  ]
  expect(await ask({ fields: twice })).toMatchObject({ status: 400, sentUpstream: 0 })
})

test.for([
  ['no Origin', {}],
  ['no Origin, from the address bar', { 'Sec-Fetch-Site': 'none' }],
  ['a page of the gateway’s own origin', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-origin' }],
] as const)('%s is served', async ([, fields]) => {
  expect(await ask({ fields: withPort(fields) })).toMatchObject(reached)
})

test.for([
  ['a foreign page', { Origin: 'https://evil.example' }],
  ['a page without an origin of its own', { Origin: 'null' }],
  ['an empty Origin', { Origin: '' }],
  ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
  ['another name of this machine', { Origin: 'http://localhost:PORT' }],
  ['another scheme', { Origin: 'https://127.0.0.1:PORT' }],
  ['the own origin in upper case', { Origin: 'HTTP://127.0.0.1:PORT' }],
  ['the own origin with a slash', { Origin: 'http://127.0.0.1:PORT/' }],
  ['the own origin and another', { Origin: 'http://127.0.0.1:PORT https://evil.example' }],
  ['an origin that another route lists', { Origin: listed }],
  ['a foreign page that names no Origin', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
  ['a page of the same site', { 'Sec-Fetch-Site': 'same-site' }],
  ['a Sec-Fetch-Site in upper case', { 'Sec-Fetch-Site': 'CROSS-SITE' }],
  ['a Sec-Fetch-Site that is unknown', { 'Sec-Fetch-Site': 'other' }],
  ['the own origin, said to be of another site', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'cross-site' }],
] as const)('%s is refused with 403, and nothing is sent upstream', async ([, fields]) => {
  const answer = await ask({ fields: withPort(fields) })
  expect(answer).toMatchObject(refused(403, 'origin-refused'))
  expect(answer.header('access-control-allow-origin')).toBeNull()
})

test('a page whose origin the route lists is served, and may read the answer', async () => {
  const answer = await ask({ fields: { Origin: listed, 'Sec-Fetch-Site': 'cross-site' } }, '/cors')
  expect(answer).toMatchObject(reached)
  expect(answer.header('access-control-allow-origin')).toBe(listed)
  expect(answer.header('access-control-allow-credentials')).toBe('true')
  expect(answer.header('vary')).toBe('Origin')
  for (const origin of ['https://evil.example', 'null', `${listed}.evil.example`, 'http://app.example.com']) {
    expect(await ask({ fields: { Origin: origin } }, '/cors')).toMatchObject({ status: 403, sentUpstream: 1 })
  }
})

test('a page whose origin the route lists may read why its upstream gave no answer, and no other page may', async () => {
  const answer = await ask({ fields: { Origin: listed } }, '/down')
  expect(answer).toMatchObject(refused(502, 'upstream-unreachable'))
  expect([answer.header('access-control-allow-origin'), answer.header('vary')]).toEqual([listed, 'Origin'])
  const other = await ask({ fields: { Origin: 'https://evil.example' } }, '/down')
  expect([other.status, other.header('access-control-allow-origin')]).toEqual([403, null])
})

test('a preflight is answered by the gateway: yes for a listed origin, no for others', async () => {
  const preflight = (origin: string): ClientRequest => ({
    method: 'OPTIONS',
    fields: {
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'X-Own',
      'Sec-Fetch-Site': 'cross-site',
    },
  })
  const allowed = await ask(preflight(listed), '/cors')
  expect(allowed).toMatchObject({ status: 204, sentUpstream: 0 })
  expect(allowed.header('access-control-allow-methods')).toBe('PUT')
  expect(allowed.header('access-control-allow-headers')).toBe('X-Own')
  expect(await ask(preflight('https://evil.example'), '/cors')).toMatchObject(refused(403, 'origin-refused'))
  expect(await ask(preflight(listed), '/')).toMatchObject(refused(403, 'origin-refused'))
})

test('what was refused leaves no connection to the upstream behind, and is on record', async () => {
  const own = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream: upstream.url }] })
  const connections = upstream.connections
  const feed = await own.feed()
  const client = await openClient(own.url)
  client.send({ host: 'evil.example' })
  expect((await client.nextResponse()).status).toBe(421)
  client.send({ fields: { Origin: 'https://evil.example' } })
  expect((await client.nextResponse()).status).toBe(403)
  await feed.until(() => feed.exchanges.length === 2 && feed.exchanges.every((exchange) => exchange.state === 'failed'))
  expect(feed.exchanges.map((exchange) => exchange.error?.code)).toEqual(['host-refused', 'origin-refused'])
  expect(upstream.connections).toBe(connections)
  client.close()
  await own.close()
})

function withPort(fields: Readonly<Record<string, string>>): FieldsInput {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.replace('PORT', port)]))
}
