import { expect, it } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { curlLine } from '../../renderer/shell/curl-line.ts'
import { gatewayUrl } from '../../renderer/shell/gateway-url.ts'
import { listenAdvice } from '../../renderer/shell/listen-advice.ts'

it.each<[Omit<RouteInput, 'id' | 'upstream'>, string]>([
  [{ match: { path: '/.sse' } }, 'curl -N http://127.0.0.1:9080/.sse -H "Accept: text/event-stream"'],
  [{ match: { path: '/v1/*', methods: ['POST'] } }, 'curl -N -X POST http://127.0.0.1:9080/v1/ -H "Accept: text/event-stream"'],
  [
    { match: { path: '/events', hosts: ['orders.localhost'] } },
    'curl -N http://127.0.0.1:9080/events -H "Host: orders.localhost" -H "Accept: text/event-stream"',
  ],
])('the curl line for %j reaches that route', (parts, line) => {
  expect(curlLine('http://127.0.0.1:9080', Route.parse({ id: 'a', upstream: 'demo:', ...parts }))).toBe(line)
})

it('a port in use comes with what to do about it, and where', () => {
  const advice = listenAdvice({ error: { code: 'port-in-use', message: '' } }, '/etc/sluice.yaml')
  expect(advice).toMatch(/^Close the program that uses the port/)
  expect(advice).toContain('/etc/sluice.yaml')
})

it('a first request goes to the plain address where there is one', () => {
  const listener = (address: string, url: string | null) => ({ address, url, state: 'listening' as const, error: null })
  const tls = listener('https://127.0.0.1:9443', 'https://127.0.0.1:9443')
  expect(gatewayUrl({ listeners: [tls, listener('127.0.0.1:9080', 'http://127.0.0.1:9080')] })).toBe('http://127.0.0.1:9080')
  expect(gatewayUrl({ listeners: [listener('127.0.0.1:9080', null), tls] })).toBe('https://127.0.0.1:9443')
  expect(gatewayUrl({ listeners: [] })).toBeNull()
})
