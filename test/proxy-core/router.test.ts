import { expect, test } from 'vitest'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { Router } from '../../proxy-core/router.ts'

type Match = RouteInput['match']
const route = (id: string, match: Match | string, more: Partial<RouteInput> = {}): Route =>
  Route.parse({ id, match: typeof match === 'string' ? { path: match } : match, upstream: 'http://127.0.0.1:1', ...more })
const found = (routes: readonly Route[], path: string, method = 'GET', host = 'localhost') =>
  new Router(routes).find({ host, path, method })?.id ?? null

test.each([
  ['/a', '/a', 'r'],
  ['/a', '/a/', null],
  ['/a', '/A', null],
  ['/a', '/ab', null],
  ['/a*', '/ab', 'r'],
  ['/a*', '/a', 'r'],
  ['/a/*', '/a', null],
  ['/a/*', '/a/', 'r'],
  ['/a/*', '/a/b/c', 'r'],
  ['/*', '/', 'r'],
  ['/*', '//x', 'r'],
  ['/.sse', '/%2Esse', 'r'],
  ['/a%2fb', '/a%2Fb', 'r'],
  ['/a/b', '/a%2Fb', null],
  ['/é', '/%c3%a9', 'r'],
])('the route %s and the path %s', (pattern, path, expected) => {
  expect(found([route('r', pattern)], path)).toBe(expected)
})

test('an exact path goes before a prefix, a longer prefix before a shorter one, wherever they stand in the list', () => {
  const routes = [route('all', '/*'), route('v1', '/v1/*'), route('chat-tree', '/v1/chat*'), route('chat', '/v1/chat')]
  for (const list of [routes, routes.toReversed()]) {
    expect(found(list, '/v1/chat')).toBe('chat')
    expect(found(list, '/v1/chat/x')).toBe('chat-tree')
    expect(found(list, '/v1/models')).toBe('v1')
    expect(found(list, '/x')).toBe('all')
  }
})

test('priority goes before everything else', () => {
  const routes = [route('exact', '/v1/chat'), route('all', '/*', { priority: 1 }), route('low', '/x', { priority: -1 })]
  expect(found(routes, '/v1/chat')).toBe('all')
  expect(found(routes, '/x')).toBe('all')
})

test('a host goes before none, an exact host before a wildcard, a longer wildcard before a shorter one', () => {
  const routes = [
    route('any', '/*'),
    route('wide', { path: '/*', hosts: ['*.example.com'] }),
    route('narrow', { path: '/*', hosts: ['*.api.example.com'] }),
    route('exact', { path: '/*', hosts: ['other.test', 'a.api.example.com'] }),
  ]
  expect(found(routes, '/', 'GET', 'a.api.example.com')).toBe('exact')
  expect(found(routes, '/', 'GET', 'b.api.example.com')).toBe('narrow')
  expect(found(routes, '/', 'GET', 'x.y.example.com')).toBe('wide')
  expect(found(routes, '/', 'GET', 'example.com')).toBe('any')
  expect(found(routes, '/', 'GET', 'badexample.com')).toBe('any')
  expect(found(routes, '/', 'GET', 'other.test')).toBe('exact')
})

test('a longer prefix goes before a host', () => {
  const routes = [route('host', { path: '/*', hosts: ['localhost'] }), route('path', '/v1/*')]
  expect(found(routes, '/v1/x')).toBe('path')
})

test('a method goes before any method, and HEAD is answered where GET is', () => {
  const routes = [
    route('any', '/a'),
    route('get', { path: '/a', methods: ['GET'] }),
    route('post', { path: '/b', methods: ['POST'] }),
    route('purge', { path: '/b', methods: ['PURGE'] }),
  ]
  expect(found(routes, '/a', 'GET')).toBe('get')
  expect(found(routes, '/a', 'HEAD')).toBe('get')
  expect(found(routes, '/a', 'DELETE')).toBe('any')
  expect(found(routes, '/b', 'POST')).toBe('post')
  expect(found(routes, '/b', 'PURGE')).toBe('purge')
  expect(found(routes, '/b', 'HEAD')).toBeNull()
  expect(found(routes, '/b', 'post')).toBeNull()
})

test('what is left equal is settled by the order of the list', () => {
  expect(found([route('first', '/a'), route('second', '/a')], '/a')).toBe('first')
  expect(found([route('first', { path: '/a', methods: ['GET'] }), route('second', { path: '/a', methods: ['HEAD'] })], '/a', 'HEAD')).toBe(
    'first',
  )
})

test('a route that does not match leaves the request to a later one', () => {
  const routes = [
    route('chat', { path: '/v1/chat', methods: ['POST'] }),
    route('v1', { path: '/v1/*', hosts: ['other.test'] }),
    route('all', '/*'),
  ]
  expect(found(routes, '/v1/chat')).toBe('all')
})

test('a disabled route neither answers nor names a host', () => {
  const router = new Router([route('off', { path: '/*', hosts: ['a.test', '*.b.test'] }, { enabled: false })])
  expect(router.find({ host: 'a.test', path: '/', method: 'GET' })).toBeNull()
  expect(router.hasHost('a.test') || router.hasHost('x.b.test')).toBe(false)
})

test('the hosts of all enabled routes are known', () => {
  const router = new Router([
    route('a', { path: '/a', hosts: ['a.test', '[::2]'] }),
    route('b', { path: '/b', hosts: ['*.b.test'] }),
    route('c', '/c'),
  ])
  expect(['a.test', '[::2]', 'x.b.test', 'x.y.b.test'].every((host) => router.hasHost(host))).toBe(true)
  expect(['b.test', 'a.test.', 'x.a.test', 'localhost', ''].some((host) => router.hasHost(host))).toBe(false)
})

test('1,000 routes cost microseconds a request', () => {
  const routes = Array.from({ length: 1000 }, (_, index) =>
    route(`r${index}`, { path: `/${'x'.repeat(index % 40)}${index}${index % 2 ? '/*' : ''}`, hosts: index % 3 ? [] : [`h${index}.test`] }),
  )
  const router = new Router(routes)
  const started = performance.now()
  for (let turn = 0; turn < 10_000; turn++) router.find({ host: 'localhost', path: '/xxxxxxxxxxx/no/such/path', method: 'GET' })
  expect((performance.now() - started) / 10_000).toBeLessThan(0.1)
})
