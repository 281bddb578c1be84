import { expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { responseFields } from '../../proxy-core/headers.ts'

const route = (headers: RouteInput['headers'] = {}): Route =>
  Route.parse({ id: 'a', match: { path: '/*' }, upstream: 'http://127.0.0.1:1', headers })
const via = ['Via', '1.1 sluice-1']
const sent = (raw: string[], more: Partial<Parameters<typeof responseFields>[0]> = {}) =>
  responseFields({ raw, route: route(), status: 200, viaName: 'sluice-1', httpVersion: '1.1', cors: [], ...more })

test('names, order and repetitions stay as they came, and Via is added', () => {
  const raw = [
    'content-TYPE',
    'text/event-stream; charset=utf-8',
    'Set-Cookie',
    'a=1',
    'X-Accel-Buffering',
    'no',
    'Set-Cookie',
    'b=2',
    'Via',
    '1.1 up',
  ]
  expect(sent(raw)).toEqual([...raw, ...via])
})

test('hop-by-hop fields end here, and so does what Connection names', () => {
  const raw = [
    'Connection',
    'keep-alive, x-hop',
    'X-Hop',
    '1',
    'Keep-Alive',
    'timeout=5',
    'Proxy-Connection',
    'x',
    'Transfer-Encoding',
    'chunked',
  ]
  expect(
    sent([...raw, 'Upgrade', 'h2c', 'Proxy-Authenticate', 'Basic', 'TE', 'x', 'Proxy-Authentication-Info', 'x', 'ETag', '"1"']),
  ).toEqual(['ETag', '"1"', ...via])
})

test('Connection cannot name the length away', () => {
  expect(sent(['Connection', 'content-length', 'Content-Length', '5'])).toEqual(['Content-Length', '5', ...via])
})

test('a length is sent once, never beside chunked, and not with a status that has no body', () => {
  expect(sent(['Content-Length', '5', 'Content-Length', '5'])).toEqual(['Content-Length', '5', ...via])
  expect(sent(['Content-Length', '5, 5'])).toEqual(['Content-Length', '5', ...via])
  expect(sent(['Content-Length', '5', 'Transfer-Encoding', 'chunked'])).toEqual(via)
  expect(sent(['Content-Length', '0'], { status: 204 })).toEqual(via)
  expect(sent(['Content-Length', '0'], { status: 103 })).toEqual(via)
  expect(sent(['Content-Length', '5'], { status: 304 })).toEqual(['Content-Length', '5', ...via])
})

test('a switch of protocols and the demand for one keep Upgrade', () => {
  const raw = ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Accept', 'x']
  for (const status of [101, 426]) {
    expect(sent(raw, { status })).toEqual(['Sec-WebSocket-Accept', 'x', ...via, 'Connection', 'Upgrade', 'Upgrade', 'websocket'])
  }
  expect(sent(raw)).toEqual(['Sec-WebSocket-Accept', 'x', ...via])
})

const cors = ['Access-Control-Allow-Origin', 'https://app.example.com', 'Vary', 'Origin']

test("the gateway's CORS permission replaces the upstream's", () => {
  const raw = ['access-control-allow-origin', '*', 'Access-Control-Allow-Credentials', 'true', 'Access-Control-Expose-Headers', 'X-A']
  expect(sent(raw, { cors })).toEqual(['Access-Control-Expose-Headers', 'X-A', ...cors, ...via])
  expect(sent(raw)).toEqual([...raw, ...via])
})

test('a route with a list takes the permission back from an origin that is not on it', () => {
  expect(sent(['Access-Control-Allow-Origin', '*'], { cors: ['Vary', 'Origin'] })).toEqual(['Vary', 'Origin', ...via])
})

test.each([
  [['Vary', 'Accept-Encoding'], 2],
  [[], 1],
  [['Vary', 'accept, ORIGIN'], 1],
  [['Vary', 'Accept', 'vary', 'origin'], 2],
  [['Vary', '*'], 1],
])('Vary names Origin once, beside %j', (raw, lines) => {
  const list = sent(raw, { cors })
  expect(list.filter((part, index) => index % 2 === 0 && part.toLowerCase() === 'vary')).toHaveLength(lines)
})

test('rules remove, then set, then add, and leave the framing alone', () => {
  const rules = {
    set: { Server: 'mine', 'Content-Length': '1' },
    add: { 'Set-Cookie': 'b=2', Connection: 'close' },
    remove: ['x-powered-by', 'content-length', 'via'],
  }
  const raw = ['server', 'theirs', 'X-Powered-By', 'PHP', 'Set-Cookie', 'a=1', 'Content-Length', '5']
  expect(sent(raw, { route: route({ response: rules }) })).toEqual([
    'Set-Cookie',
    'a=1',
    'Content-Length',
    '5',
    ...via,
    'Server',
    'mine',
    'Set-Cookie',
    'b=2',
  ])
})
