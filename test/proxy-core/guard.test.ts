import { expect, test } from 'vitest'
import { Route } from '../../proxy-core/contract/route.ts'
import { checkRequest, type GuardInput, hostName } from '../../proxy-core/guard.ts'
import { Router } from '../../proxy-core/router.ts'

const route = Route.parse({
  id: 'a',
  match: { path: '/*', hosts: ['api.test', '*.wild.test'] },
  upstream: 'http://127.0.0.1:1',
  cors: { origins: ['https://app.example.com', 'http://localhost:5173', 'https://Upper.example.com:443'] },
})
const local: GuardInput = {
  hostHeader: '127.0.0.1:9080',
  authority: null,
  isLoopbackListener: true,
  token: null,
  origin: undefined,
  secFetchSite: undefined,
  sluiceToken: undefined,
  router: new Router([route]),
  route,
  method: 'GET',
}
const refusal = (input: Partial<GuardInput>): string => {
  const answer = checkRequest({ ...local, ...input })
  return answer ? `${answer.status} ${answer.code}` : 'passes'
}

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1:9080', '127.0.0.1'],
  ['127.255.0.3', '127.255.0.3'],
  ['LocalHost:9080', 'localhost'],
  ['localhost.', 'localhost'],
  ['localhost.:9080', 'localhost'],
  ['localhost:', 'localhost'],
  ['Stream.LOCALHOST', 'stream.localhost'],
  ['[::1]:9080', '[::1]'],
  ['[2001:db8::1]', '[2001:db8::1]'],
  ['192.168.1.5:80', '192.168.1.5'],
  ['api_1.example.com', 'api_1.example.com'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['example.com:443', 'example.com'],
])('the Host %s names the host %s', (value, name) => {
  expect(hostName(value)).toBe(name)
})

test.each([
  '',
  ':9080',
  '0.0.0.0',
  '0.0.0.0:9080',
  '0',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '127.0.0.01',
  '127.0.0.256',
  '127.0.0.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  'example.127',
  '127.0.0.0x1',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[0:0::1]',
  '[::1',
  '::1',
  '[::1]x',
  '[fe80::1%25lo]',
  'localhost..',
  '.localhost',
  'a..b',
  '-a.example',
  'a-.example',
  'local host',
  'localhost:80:80',
  'localhost:port',
  'localhost:123456',
  'localhost/x',
  'user@localhost',
  'localhost,evil.example',
  'loc%61lhost',
  'lоcalhost',
  'localhost\t',
  '127.0.0.1#@evil.example',
  `${'a.'.repeat(200)}localhost`,
])('the Host %j names nothing that is answered for', (value) => {
  expect(hostName(value)).toBeNull()
})

test.each([
  ['127.0.0.1:9080', 'passes'],
  ['127.8.9.1', 'passes'],
  ['localhost:9080', 'passes'],
  ['LOCALHOST.:9080', 'passes'],
  ['anything.localhost', 'passes'],
  ['[::1]:9080', 'passes'],
  ['api.test:9080', 'passes'],
  ['API.test.', 'passes'],
  ['x.wild.test', 'passes'],
  [undefined, '400 bad-request'],
  ['', '421 host-refused'],
  ['wild.test', '421 host-refused'],
  ['evil.example', '421 host-refused'],
  ['localhost.evil.example', '421 host-refused'],
  ['notlocalhost', '421 host-refused'],
  ['127.0.0.1.evil.example', '421 host-refused'],
  ['127.0.0.1.nip.io', '421 host-refused'],
  ['192.168.1.5', '421 host-refused'],
  ['10.0.0.1', '421 host-refused'],
  ['[2001:db8::1]', '421 host-refused'],
  ['0.0.0.0', '421 host-refused'],
  ['[::ffff:127.0.0.1]', '421 host-refused'],
  ['[::ffff:7f00:1]', '421 host-refused'],
  ['2130706433', '421 host-refused'],
  ['0x7f.1', '421 host-refused'],
  ['127.1', '421 host-refused'],
  ['localhost:123456', '400 bad-request'],
  ['localhost,evil.example', '421 host-refused'],
  ['local host', '400 bad-request'],
  ['user@localhost', '400 bad-request'],
  ['localhost/x', '400 bad-request'],
  ['localhost:80:80', '400 bad-request'],
  ['::1', '400 bad-request'],
])('a loopback listener and the Host %j: %s', (hostHeader, expected) => {
  expect(refusal({ hostHeader })).toBe(expected)
})

test('the authority of an absolute target stands in for Host, in good and in bad', () => {
  expect(refusal({ hostHeader: 'evil.example', authority: 'localhost:9080' })).toBe('passes')
  expect(refusal({ hostHeader: '127.0.0.1', authority: 'evil.example' })).toBe('421 host-refused')
  expect(refusal({ hostHeader: '127.0.0.1:9080', authority: 'localhost:9080', origin: 'http://localhost:9080' })).toBe('passes')
  expect(refusal({ hostHeader: '127.0.0.1:9080', authority: 'localhost:9080', origin: 'http://127.0.0.1:9080' })).toBe('403 origin-refused')
})

test.each<[string | undefined, string | undefined, string]>([
  [undefined, undefined, 'passes'],
  [undefined, 'none', 'passes'],
  [undefined, 'same-origin', 'passes'],
  [undefined, 'same-site', '403 origin-refused'],
  [undefined, 'cross-site', '403 origin-refused'],
  [undefined, 'Cross-Site', '403 origin-refused'],
  [undefined, '', '403 origin-refused'],
  [undefined, 'something-new', '403 origin-refused'],
  ['http://127.0.0.1:9080', undefined, 'passes'],
  ['http://127.0.0.1:9080', 'same-origin', 'passes'],
  ['http://127.0.0.1:9080', 'cross-site', '403 origin-refused'],
  ['https://127.0.0.1:9080', undefined, '403 origin-refused'],
  ['http://127.0.0.1', undefined, '403 origin-refused'],
  ['http://127.0.0.1:9081', undefined, '403 origin-refused'],
  ['http://localhost:9080', undefined, '403 origin-refused'],
  ['http://127.0.0.1:9080.evil.example', undefined, '403 origin-refused'],
  ['http://evil.example', undefined, '403 origin-refused'],
  ['http://evil.example', 'same-origin', '403 origin-refused'],
  ['null', undefined, '403 origin-refused'],
  ['null', 'none', '403 origin-refused'],
  ['', undefined, '403 origin-refused'],
  ['file://', undefined, '403 origin-refused'],
  ['chrome-extension://abc', undefined, '403 origin-refused'],
  ['https://app.example.com', 'cross-site', 'passes'],
  ['https://app.example.com', undefined, 'passes'],
  ['http://localhost:5173', 'same-site', 'passes'],
  ['https://upper.example.com', 'cross-site', 'passes'],
  ['http://app.example.com', 'cross-site', '403 origin-refused'],
  ['https://app.example.com:8443', 'cross-site', '403 origin-refused'],
  ['https://app.example.com.evil.example', 'cross-site', '403 origin-refused'],
  ['https://app.example.com, https://app.example.com', 'cross-site', '403 origin-refused'],
])('a request of Origin %j and Sec-Fetch-Site %j: %s', (origin, secFetchSite, expected) => {
  expect(refusal({ origin, secFetchSite })).toBe(expected)
})

test('without a route no foreign origin is let in', () => {
  expect(refusal({ route: null, origin: 'https://app.example.com' })).toBe('403 origin-refused')
  expect(refusal({ route: null })).toBe('passes')
})

test('the default port is left out of an origin', () => {
  expect(refusal({ hostHeader: 'localhost:80', origin: 'http://localhost' })).toBe('passes')
  expect(refusal({ hostHeader: 'localhost:443', origin: 'https://localhost', scheme: 'https' })).toBe('passes')
  expect(refusal({ hostHeader: 'localhost', origin: 'http://localhost', scheme: 'https' })).toBe('403 origin-refused')
})

test('beyond loopback each request needs the token', () => {
  const token = 'abcdefghijklmnopqrstuv'
  const remote = { hostHeader: '192.168.1.5:9080', isLoopbackListener: false, token }
  expect(refusal(remote)).toBe('401 token-required')
  expect(refusal({ ...remote, sluiceToken: '' })).toBe('401 token-required')
  expect(refusal({ ...remote, sluiceToken: `${token}x` })).toBe('401 token-required')
  expect(refusal({ ...remote, sluiceToken: token.toUpperCase() })).toBe('401 token-required')
  expect(refusal({ ...remote, sluiceToken: token })).toBe('passes')
  expect(refusal({ ...remote, token: null, sluiceToken: '' })).toBe('401 token-required')
  expect(checkRequest({ ...local, ...remote })?.fields?.[0]).toBe('WWW-Authenticate')
})

test('beyond loopback the token does not open the gateway to rebound names or foreign pages', () => {
  const token = 'abcdefghijklmnopqrstuv'
  const remote = { isLoopbackListener: false, token, sluiceToken: token }
  expect(refusal({ ...remote, hostHeader: 'evil.example' })).toBe('421 host-refused')
  expect(refusal({ ...remote, hostHeader: '[2001:db8::1]:9080' })).toBe('passes')
  expect(refusal({ ...remote, hostHeader: '0.0.0.0' })).toBe('421 host-refused')
  expect(refusal({ ...remote, hostHeader: '192.168.1.5', origin: 'http://evil.example' })).toBe('403 origin-refused')
})

test('a preflight passes without the token for a listed origin alone', () => {
  const preflight = {
    hostHeader: '192.168.1.5',
    isLoopbackListener: false,
    token: 'abcdefghijklmnopqrstuv',
    method: 'OPTIONS',
    isPreflight: true,
  }
  expect(refusal({ ...preflight, origin: 'https://app.example.com' })).toBe('passes')
  expect(refusal({ ...preflight, origin: 'http://evil.example' })).toBe('403 origin-refused')
  expect(refusal({ ...preflight, origin: 'http://192.168.1.5' })).toBe('401 token-required')
  expect(refusal(preflight)).toBe('401 token-required')
})

test('a refusal names what was refused, and no more of it than fits a line', () => {
  expect(checkRequest({ ...local, hostHeader: 'evil.example' })?.message).toContain('"evil.example"')
  expect(checkRequest({ ...local, hostHeader: 'x'.repeat(10_000) })?.message.length).toBeLessThan(300)
  expect(checkRequest({ ...local, origin: `http://${'x'.repeat(10_000)}` })?.message.length).toBeLessThan(300)
})
