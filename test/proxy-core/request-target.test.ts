import { expect, test } from 'vitest'
import { canonicalPath, canonicalRoutePath, parseRequestTarget, type PathTarget, upstreamPath } from '../../proxy-core/request-target.ts'

const origin = (path: string, query = '') => ({ form: 'origin', authority: null, path, query })
const absolute = (authority: string, path: string, query = '') => ({ form: 'absolute', authority, path, query })

test.each([
  ['/', origin('/')],
  ['/v1/chat?stream=true&x=/../y', origin('/v1/chat', '?stream=true&x=/../y')],
  ['/?', origin('/', '?')],
  ['/a??b', origin('/a', '??b')],
  ['/a%2Fb%20c', origin('/a%2Fb%20c')],
  ["/~a!$&'()*+,;=:@", origin("/~a!$&'()*+,;=:@")],
  ['/caf\xc3\xa9', origin('/caf\xc3\xa9')],
  ['//other.example/x', origin('//other.example/x')],
  ['/a//b/', origin('/a//b/')],
  ['/%', origin('/%')],
  ['/%zz', origin('/%zz')],
  ['/http://x/', origin('/http://x/')],
  ['http://example.com', absolute('example.com', '/')],
  ['HTTP://Example.com:80?q', absolute('Example.com:80', '/', '?q')],
  ['https://[::1]:9080/a/../b?c', absolute('[::1]:9080', '/b', '?c')],
  ['http://example.com/', absolute('example.com', '/')],
])('a target of origin or absolute form is taken apart: %s', (raw, expected) => {
  expect(parseRequestTarget('GET', raw)).toEqual(expected)
})

test.each([
  ['/a/./b', '/a/b'],
  ['/a/.', '/a/'],
  ['/a/..', '/'],
  ['/..', '/'],
  ['/../../../etc/passwd', '/etc/passwd'],
  ['/a/b/../c', '/a/c'],
  ['/a/b/../../../../c', '/c'],
  ['/%2e%2e/x', '/x'],
  ['/a/%2E%2e/x', '/x'],
  ['/a/.%2e/x', '/x'],
  ['/a/%2e./x', '/x'],
  ['/a/%2e/x', '/a/x'],
  ['/a//../x', '/a/x'],
  ['/.sse', '/.sse'],
  ['/%2esse', '/%2esse'],
  ['/..hidden/...', '/..hidden/...'],
  ['/a..b/c..', '/a..b/c..'],
  ['/%252e%252e/x', '/%252e%252e/x'],
])('dot segments are removed from the path %s', (raw, path) => {
  expect(parseRequestTarget('GET', raw)).toEqual(origin(path))
})

test.each([
  '',
  'a',
  'example.com/x',
  '/a b',
  '/a\tb',
  '/a\r\nHost: x',
  '/a\0',
  '/a\x7f',
  '/a\u0100',
  '/a#b',
  '/a?b#c',
  '/a\\b',
  '/\\..\\..\\x',
  '/..%2fx',
  '/a/..%5Cx',
  '/a%2f..%2fx',
  '/a%2f%2e%2E',
  '/a/..;/manager',
  '/..;a=b/x',
  'ftp://example.com/',
  'file:///etc/passwd',
  'http:/example.com',
  'http:///x',
  'http://?x',
  'http://user@example.com/',
  'http://user:secret@example.com/',
  'http://example.com:80a/',
  'http://example.com:123456/',
  'http://ex ample.com/',
  'http://[::1/',
  'http://a\\b/',
  'javascript:alert(1)',
  '*',
  'example.com:443',
])('a malformed target is refused: %j', (raw) => {
  expect(parseRequestTarget('GET', raw)).toBeNull()
})

test('the asterisk is for OPTIONS, the authority form for CONNECT', () => {
  expect(parseRequestTarget('OPTIONS', '*')).toEqual({ form: 'asterisk' })
  expect(parseRequestTarget('POST', '*')).toBeNull()
  expect(parseRequestTarget('CONNECT', 'example.com:443')).toEqual({ form: 'authority' })
  expect(parseRequestTarget('CONNECT', '[::1]:443')).toEqual({ form: 'authority' })
  for (const raw of ['/', 'http://example.com/', 'example.com', 'example.com:', 'u@example.com:443', '*']) {
    expect(parseRequestTarget('CONNECT', raw)).toBeNull()
  }
})

test('a huge target costs milliseconds, whatever it is made of', () => {
  const started = performance.now()
  for (const unit of ['/..', '/a', '/%2e%2e', '%', '/.', '/..a;', '%2f', '/.%2', '..;', 'é']) {
    const raw = `/${unit.repeat(200_000)}`
    const target = parseRequestTarget('GET', raw) as PathTarget | null
    if (target) upstreamPath('/base', { stripPrefix: true, match: { path: '/%2/*', hosts: [], methods: [] } }, target)
    canonicalPath(raw)
  }
  expect(performance.now() - started).toBeLessThan(3000)
})

const upstream = (basePath: string, pattern: string, stripPrefix: boolean, raw: string): string => {
  const target = parseRequestTarget('GET', raw) as PathTarget
  return upstreamPath(basePath, { stripPrefix, match: { path: pattern, hosts: [], methods: [] } }, target)
}

test.each([
  ['', '/.sse', false, '/.sse', '/.sse'],
  ['', '/*', false, '/a?b', '/a?b'],
  ['/base', '/*', false, '/a?b', '/base/a?b'],
  ['/base/', '/*', false, '/a', '/base/a'],
  ['/base', '/*', false, '/../../x', '/base/x'],
  ['/base', '/*', false, '/%2e%2e/%2e%2e/x', '/base/x'],
  ['/base', '/*', false, '//x', '/base//x'],
  ['', '/v1/*', true, '/v1/chat?q', '/chat?q'],
  ['/base', '/v1/*', true, '/v1/chat', '/base/chat'],
  ['/base', '/v1/*', true, '/v1/', '/base/'],
  ['', '/v1/*', true, '/v1/', '/'],
  ['/base', '/v1/*', true, '/v1//chat', '/base//chat'],
  ['/base', '/v1/*', true, '/v1/a/../../v1/b', '/base/b'],
  ['/base', '/v1*', true, '/v1/chat', '/base/chat'],
  ['/base', '/v1*', true, '/v12', '/base/2'],
  ['/base', '/*', true, '/x', '/base/x'],
  ['', '/.sse', true, '/.sse?x', '/?x'],
  ['/stream', '/.sse', true, '/.sse', '/stream'],
  ['', '/v1/*', true, '/%76%31/chat', '/chat'],
  ['', '/é/*', true, '/%C3%A9/x', '/x'],
  ['', '/é/*', true, '/\xc3\xa9/x', '/x'],
  ['', '/a%2fb/*', true, '/a%2Fb/x%2fy', '/x%2fy'],
])('below the base path "%s", route %s (stripPrefix %s) asks for %s as %s', (base, pattern, strip, raw, expected) => {
  expect(upstream(base, pattern, strip, raw)).toBe(expected)
})

test('equal paths have one canonical form', () => {
  expect(canonicalPath('/%7Euser/%e4%b8%ad')).toBe('/~user/%E4%B8%AD')
  expect(canonicalPath('/a%2fb%')).toBe('/a%2Fb%')
  expect(canonicalRoutePath('/中')).toBe(canonicalPath(Buffer.from('/中').toString('latin1')))
})
