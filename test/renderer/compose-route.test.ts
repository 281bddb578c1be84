import { expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { headerNames, headerValues } from '../../renderer/compose/header-suggestions.ts'
import { firstDraft } from '../../renderer/compose/request-presets.ts'
import { throughRoute } from '../../renderer/compose/through-route.ts'

const draft = { ...firstDraft, url: '/v1/chat?x=1', headers: [{ name: 'host', value: 'old.localhost' }] }
const route = (match: RouteInput['match']) => Route.parse({ id: 'one', match, upstream: 'demo:' })

test.for<[match: RouteInput['match'], expected: object]>([
  [{ path: '/v1/*' }, { method: 'GET', url: '/v1/chat?x=1', headers: [] }],
  [{ path: '/api/*' }, { method: 'GET', url: '/api/', headers: [] }],
  [
    { path: '/.sse', methods: ['POST', 'PUT'] },
    { method: 'POST', url: '/.sse', headers: [] },
  ],
  [
    { path: '/*', hosts: ['*.orders.test'] },
    { url: '/v1/chat?x=1', headers: [{ name: 'Host', value: 'any.orders.test' }] },
  ],
])('a draft is led through a route that takes %j', ([match, expected]) => {
  expect(throughRoute(draft, route(match))).toMatchObject(expected)
})

test('fields are suggested by name, and their values in any spelling of it', () => {
  expect(headerNames).toContain('Last-Event-ID')
  expect(headerValues(' accept ')).toContain('text/event-stream')
  expect(headerValues('X-Unknown')).toEqual([])
})
