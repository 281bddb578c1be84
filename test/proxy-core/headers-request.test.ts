import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { Client } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { hostToSend, requestFields } from '../../proxy-core/headers.ts'

const route = (headers: RouteInput['headers'] = {}): Route =>
  Route.parse({ id: 'a', match: { path: '/*' }, upstream: 'http://127.0.0.1:1', headers })
const input = {
  route: route(),
  method: 'GET',
  hostHeader: '127.0.0.1:9080',
  client: { address: '127.0.0.1' },
  listener: { host: '127.0.0.1:9080', port: 9080, scheme: 'http' },
  viaName: 'sluice-1',
  httpVersion: '1.1',
} as const
const seenHere = [
  ['Via', '1.1 sluice-1'],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Forwarded-Host', '127.0.0.1:9080'],
  ['X-Forwarded-Port', '9080'],
  ['X-Forwarded-Proto', 'http'],
  ['X-Real-IP', '127.0.0.1'],
].flat()
const host = ['Host', '127.0.0.1:9080']
/** The fields sent, without those that every request gets. */
const sent = (raw: string[], more: Partial<Parameters<typeof requestFields>[0]> = {}) => {
  const list = requestFields({ ...input, ...more, raw })
  expect(list.slice(0, 2)).toEqual(host)
  expect(list.slice(-seenHere.length)).toEqual(seenHere)
  return list.slice(2, -seenHere.length)
}

test('curl to port 9080 is described to the upstream', () => {
  const raw = ['Host', '127.0.0.1:9080', 'User-Agent', 'curl/7', 'Accept', 'text/event-stream']
  expect(requestFields({ ...input, raw })).toEqual([...host, 'User-Agent', 'curl/7', 'Accept', 'text/event-stream', ...seenHere])
})

test('names, order and repetitions stay as they came', () => {
  const raw = ['x-B', '1', 'X-a', '2', 'x-b', '3', 'Cookie', 'a=1', 'Cookie', 'b=2', 'X-Empty', '']
  expect(sent(raw)).toEqual(raw)
})

test.each([
  ['Connection', 'close'],
  ['Keep-Alive', 'timeout=5'],
  ['Proxy-Connection', 'keep-alive'],
  ['TE', 'gzip'],
  ['Transfer-Encoding', 'chunked'],
  ['Upgrade', 'websocket'],
  ['HTTP2-Settings', 'AAMAAABk'],
  ['Proxy-Authorization', 'Basic x'],
  ['Sluice-Token', 'abc'],
  ['Expect', '100-continue'],
  ['Trailer', 'X-Sum'],
  ['Forwarded', 'for=1.2.3.4'],
  ['X-Forwarded-Host', 'evil.example'],
  ['x-forwarded-port', '1'],
  ['X-FORWARDED-PROTO', 'https'],
  ['x-real-ip', '1.2.3.4'],
])('%s is for this hop alone', (name, value) => {
  expect(sent([name, value, 'Accept', '*/*'])).toEqual(['Accept', '*/*'])
})

test('what Connection names goes too, in whatever case and on however many lines', () => {
  const raw = [
    'Connection',
    'keep-alive, X-HOP ,x-other',
    'x-hop',
    '1',
    'X-Hop',
    '2',
    'X-Other',
    '3',
    'connection',
    'X-Third',
    'x-third',
    '4',
    'X-Stays',
    '5',
  ]
  expect(sent(raw)).toEqual(['X-Stays', '5'])
  expect(sent(['Connection', 'authorization, cookie', 'Authorization', 'Bearer x', 'Cookie', 'a=1'])).toEqual([])
})

test('Connection can name neither the framing away nor what the gateway itself says', () => {
  const raw = ['Connection', 'Host, Content-Length, Via, X-Forwarded-Host, X-Real-IP, X-Forwarded-For', 'Host', 'x', 'Content-Length', '5']
  expect(sent([...raw, 'X-Forwarded-For', '9.9.9.9'])).toEqual(['Content-Length', '5'])
})

test('trailers are asked for when the client takes them', () => {
  expect(sent(['TE', 'gzip;q=0.5, Trailers', 'Connection', 'TE'])).toEqual(['TE', 'trailers'])
})

test('a length is sent once, and not beside chunked', () => {
  expect(sent(['Content-Length', '5'])).toEqual(['Content-Length', '5'])
  expect(sent(['Content-Length', '5', 'content-length', '5'])).toEqual(['Content-Length', '5'])
  expect(sent(['Content-Length', '5, 5'])).toEqual(['Content-Length', '5'])
  expect(sent(['Content-Length', '5', 'Transfer-Encoding', 'chunked'])).toEqual([])
})

test('OPTIONS and TRACE count this hop', () => {
  expect(sent(['Max-Forwards', '5'], { method: 'OPTIONS' })).toEqual(['Max-Forwards', '4'])
  expect(sent(['Max-Forwards', '5'])).toEqual(['Max-Forwards', '5'])
})

test('the client is appended to those that came before it', () => {
  const chain = (raw: string[], address = '127.0.0.1') => {
    const list = requestFields({ ...input, raw, client: { address } })
    expect(list.filter((part) => part.toLowerCase() === 'x-forwarded-for')).toHaveLength(1)
    return [list[list.indexOf('X-Forwarded-For') + 1], list[list.indexOf('X-Real-IP') + 1]]
  }
  expect(chain(['X-Forwarded-For', '9.9.9.9'])).toEqual(['9.9.9.9, 127.0.0.1', '127.0.0.1'])
  expect(chain(['x-forwarded-for', '9.9.9.9, 8.8.8.8', 'X-Forwarded-For', '7.7.7.7'])[0]).toBe('9.9.9.9, 8.8.8.8, 7.7.7.7, 127.0.0.1')
  expect(chain(['X-Forwarded-For', ''])[0]).toBe('127.0.0.1')
  expect(chain([], '::ffff:127.0.0.1')).toEqual(['127.0.0.1', '127.0.0.1'])
  expect(chain([], '::1')).toEqual(['::1', '::1'])
})

test('the Via of earlier hops stays in front', () => {
  expect(sent(['Via', '1.0 fred, 1.1 other'])).toEqual(['Via', '1.0 fred, 1.1 other'])
})

test('Host is what the route says', () => {
  const upstream = (hostHeader: string) =>
    Route.parse({ id: 'a', match: { path: '/' }, upstream: { url: 'http://up.test:8080', hostHeader } })
  expect(hostToSend(upstream('client'), 'localhost:9080', 'up.test:8080')).toBe('localhost:9080')
  expect(hostToSend(upstream('upstream'), 'localhost:9080', 'up.test:8080')).toBe('up.test:8080')
  expect(hostToSend(upstream('api.example.com'), 'localhost:9080', 'up.test:8080')).toBe('api.example.com')
})

test('rules remove, then set, then add', () => {
  const rules = route({
    request: {
      set: { 'X-Key': 'k', authorization: 'Bearer r' },
      add: { 'X-Key': 'second', 'X-New': 'n' },
      remove: ['user-agent', 'x-real-ip'],
    },
  })
  const raw = ['User-Agent', 'curl', 'Authorization', 'Bearer c', 'x-key', 'mine']
  const list = requestFields({ ...input, raw, route: rules })
  expect(list.slice(-8)).toEqual(['X-Key', 'k', 'authorization', 'Bearer r', 'X-Key', 'second', 'X-New', 'n'])
  expect(list.join('\n')).not.toMatch(/curl|Bearer c|mine|X-Real-IP/)
})

test('rules reach neither the framing nor Via; Host can be set but not taken away or doubled', () => {
  const bad = {
    'Content-Length': '1',
    'transfer-encoding': 'x',
    Connection: 'close',
    Via: 'x',
    Upgrade: 'x',
    'Keep-Alive': 'x',
    Expect: 'x',
    TE: 'x',
  }
  const rules = route({ request: { set: bad, add: { ...bad, Host: 'two' }, remove: ['Content-Length', 'Via', 'host'] } })
  expect(sent(['Content-Length', '5'], { route: rules })).toEqual(['Content-Length', '5'])
  const renamed = requestFields({ ...input, raw: [], route: route({ request: { set: { host: 'other.test' } } }) })
  expect(renamed.filter((part) => part.toLowerCase() === 'host')).toEqual(['host'])
  expect(renamed).toContain('other.test')
})

const upstream = createServer((request, response) => response.end(JSON.stringify(request.rawHeaders)))
let client: Client
beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  client = new Client(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`)
})
afterAll(async () => {
  await client.destroy()
  upstream.close()
})

test('undici takes every list, and the upstream gets it field by field', async () => {
  const known = [
    'Connection',
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Keep-Alive',
    'Upgrade',
    'Expect',
    'TE',
    'Via',
    'X-A',
    'x-a',
    'Cookie',
  ]
  const name = fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/))
  const value = fc.oneof(
    fc.constantFrom('close', 'x-a, cookie', 'websocket', 'trailers', 'chunked', '0'),
    fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,20}$/),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 12 }), async (pairs) => {
      const raw = pairs.flatMap(([key, text]) => [key, key.toLowerCase() === 'content-length' ? '0' : text])
      const list = requestFields({ ...input, raw })
      const response = await client.request({ path: '/', method: 'GET', headers: list })
      const received = (await response.body.json()) as string[]
      const plain = (fields: string[]) => {
        const kept: string[] = []
        for (let index = 0; index < fields.length; index += 2) {
          const lower = (fields[index] ?? '').toLowerCase()
          // undici writes these three in its own way.
          if (!['host', 'connection', 'content-length'].includes(lower)) kept.push(fields[index] ?? '', fields[index + 1] ?? '')
        }
        return kept
      }
      expect(plain(received)).toEqual(plain(list))
    }),
    { numRuns: 300 },
  )
})
