import { expect, test } from 'vitest'
import { ExchangeId, type Exchange } from '../../proxy-core/contract/exchange.ts'
import { directRouteId } from '../../proxy-core/contract/requests.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import type { HeaderField } from '../../proxy-core/contract/rows.ts'
import { capturedRequest, otherBuffering } from '../../renderer/compose/captured-request.ts'
import { requestOf } from '../../renderer/compose/request-draft.ts'
import { ScriptedExchange } from './support/scripted-exchange.ts'
import { chatPlan } from './support/scripted-plan.ts'

// A captured request made ready to be sent again.

const own = '127.0.0.1:9080'
const encoder = new TextEncoder()
const route = Route.parse({ id: 'chat', match: { path: '/*' }, upstream: 'http://127.0.0.1:4010' })
const exchange: Exchange = new ScriptedExchange(ExchangeId.parse(1), chatPlan, route, 1000).view

function captured(
  requestReceived: readonly HeaderField[],
  { patch = {}, body = '', isWhole = true }: { patch?: Partial<Exchange>; body?: string | Uint8Array<ArrayBuffer>; isWhole?: boolean } = {},
) {
  const heads = { requestReceived, requestSent: [], responseReceived: [], responseSent: [] }
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  return capturedRequest({ ...exchange, ...patch }, heads, { bytes, isWhole }, own)
}

test('the request is what the client sent, without what the gateway writes itself', () => {
  const { draft, gaps, isWhole } = captured(
    [
      ['Host', own],
      ['Content-Length', '2'],
      ['Connection', 'keep-alive'],
      ['Sluice-Token', '[redacted]'],
      ['Accept', 'text/event-stream'],
      ['X-Twice', '1'],
      ['X-Twice', '2'],
    ],
    { patch: { method: 'POST', target: '/v1/a?b=c' }, body: '{}' },
  )
  expect(draft).toEqual({
    method: 'POST',
    url: '/v1/a?b=c',
    headers: [
      { name: 'Accept', value: 'text/event-stream' },
      { name: 'X-Twice', value: '1' },
      { name: 'X-Twice', value: '2' },
    ],
    body: '{}',
    buffering: 'route',
    reconnects: false,
  })
  expect(gaps).toEqual([])
  expect(isWhole).toBe(true)
})

test('a host that picked the route stays', () => {
  expect(captured([['Host', 'orders.localhost']]).draft.headers).toEqual([{ name: 'Host', value: 'orders.localhost' }])
})

test('redacted values are empty and asked for, in headers, cookies and the URL', () => {
  const { draft, gaps, isWhole } = captured(
    [
      ['Authorization', 'Bearer [redacted]wxyz'],
      ['Cookie', 'a=[redacted]; b=[redacted]'],
    ],
    { patch: { target: '/v1?api_key=[redacted]abcd&q=1' } },
  )
  expect(JSON.stringify(requestOf(draft))).not.toContain('redacted')
  expect(draft.url).toBe('/v1?api_key=&q=1')
  expect(draft.headers.map(({ value }) => value)).toEqual(['', ''])
  expect(gaps).toEqual(['Authorization, Cookie and api_key in the URL are secrets and were not kept.'])
  expect(isWhole).toBe(false)
})

test('a request that went straight to a URL goes there again, without the listener’s host', () => {
  const { draft } = captured([['Host', own]], {
    patch: { routeId: directRouteId, upstream: 'http://127.0.0.1:4010/', target: '/events' },
  })
  expect(draft).toMatchObject({ url: 'http://127.0.0.1:4010/events', headers: [] })
})

test('a value beyond ASCII goes out as the bytes it came as', () => {
  const bytes = String.fromCharCode(...encoder.encode('naïve'))
  const { draft } = captured([['X-Name', bytes]])
  expect(draft.headers[0]?.value).toBe('naïve')
  expect(requestOf(draft).headers).toEqual([['X-Name', bytes]])
})

test('a body that is not text is sent as it was and not shown', () => {
  const bytes = Uint8Array.of(0xff, 0x00)
  const { draft, body, gaps, isWhole } = captured([], { body: bytes })
  expect(draft.body).toBe('')
  expect(body).toEqual(bytes)
  expect(gaps).toEqual(['Its body is not text, so that it can’t be shown here.'])
  expect(isWhole).toBe(true)
})

test('a body that is not kept in whole is never sent in part', () => {
  const { draft, body, isWhole } = captured([], { body: '{"a":', isWhole: false })
  expect([draft.body, body, isWhole]).toEqual(['', null, false])
})

test('the other buffering is the one that was not in force at last', () => {
  const decision = { at: 1, reason: 'route', holdBytes: null, holdMs: null } as const
  expect(otherBuffering({ decisions: [] })).toBe('on')
  expect(otherBuffering({ decisions: [{ ...decision, mode: 'off' }] })).toBe('on')
  expect(otherBuffering({ decisions: [{ ...decision, mode: 'on' }] })).toBe('off')
})
