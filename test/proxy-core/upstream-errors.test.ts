import { Client, errors } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import { upstreamError } from '../../proxy-core/upstream-errors.ts'
import { startUpstream } from '../support/upstream.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'

const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })
const fate = (error: unknown, hasHead = true) => {
  const { status, report } = upstreamError(error, undefined, hasHead)
  return `${status} ${report.code}`
}

test.each([
  ['ECONNREFUSED', '502 upstream-unreachable'],
  ['ENOTFOUND', '502 upstream-unreachable'],
  ['EAI_AGAIN', '502 upstream-unreachable'],
  ['EAI_FAIL', '502 upstream-unreachable'],
  ['EHOSTUNREACH', '502 upstream-unreachable'],
  ['ENETUNREACH', '502 upstream-unreachable'],
  ['EADDRNOTAVAIL', '502 upstream-unreachable'],
  ['EMFILE', '502 upstream-unreachable'],
  ['CERT_HAS_EXPIRED', '502 upstream-untrusted'],
  ['CERT_NOT_YET_VALID', '502 upstream-untrusted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', '502 upstream-untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', '502 upstream-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '502 upstream-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', '502 upstream-untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', '502 upstream-untrusted'],
  ['EPROTO', '502 upstream-untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', '502 upstream-untrusted'],
  ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', '502 upstream-untrusted'],
  ['ECONNRESET', '502 upstream-reset'],
  ['EPIPE', '502 upstream-reset'],
  ['UND_ERR_SOCKET', '502 upstream-reset'],
  ['ERR_HTTP2_STREAM_ERROR', '502 upstream-reset'],
  ['ERR_HTTP2_INVALID_SESSION', '502 upstream-reset'],
  ['HPE_INVALID_CONSTANT', '502 upstream-invalid'],
  ['HPE_INVALID_CHUNK_SIZE', '502 upstream-invalid'],
  ['UND_ERR_HEADERS_OVERFLOW', '502 upstream-invalid'],
  ['UND_ERR_CONNECT_TIMEOUT', '504 upstream-timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', '504 upstream-timeout'],
  ['UND_ERR_BODY_TIMEOUT', '504 upstream-timeout'],
  ['ETIMEDOUT', '504 upstream-timeout'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', '400 bad-request'],
  ['UND_ERR_ABORTED', '499 client-aborted'],
  ['UND_ERR_DESTROYED', '503 gateway-stopping'],
  ['UND_ERR_CLOSED', '503 gateway-stopping'],
  ['UND_ERR_INVALID_ARG', '500 internal'],
  ['constructor', '500 internal'],
  ['', '500 internal'],
])('%s means %s', (code, expected) => {
  expect(fate(coded(code))).toBe(expected)
})

test('the nearest cause that means something counts', () => {
  expect(fate(new TypeError('failed', { cause: coded('ECONNREFUSED') }))).toBe('502 upstream-unreachable')
  expect(fate(new AggregateError([coded('X'), coded('ECONNREFUSED')]))).toBe('502 upstream-unreachable')
  expect(fate(Object.assign(new errors.ConnectTimeoutError('late'), { cause: coded('ECONNREFUSED') }))).toBe('504 upstream-timeout')
})

test.each([undefined, null, 'text', 7, {}, new Error('plain'), Object.create(null)])(
  'what is no known error is a bug and tells nothing: %j',
  (error) => {
    expect(upstreamError(error)).toEqual({ status: 500, report: { code: 'internal', message: 'Something went wrong inside the gateway.' } })
  },
)

test('causes that go in a circle end', () => {
  const one = new Error('one')
  one.cause = new Error('two', { cause: one })
  expect(fate(one)).toBe('500 internal')
})

test('a refusal keeps its code and message', () => {
  const refusal = new GatewayError('upstream-unreachable', 'The built-in demo is not running.')
  expect(upstreamError(refusal, 'x:1')).toEqual({
    status: 502,
    report: { code: 'upstream-unreachable', message: 'The built-in demo is not running.' },
  })
})

test.each([
  [
    coded('ECONNREFUSED', { address: '127.0.0.1', port: 4010 }),
    'The upstream 127.0.0.1:4010 refused the connection. Is it running, and on this port?',
  ],
  [
    coded('ECONNREFUSED', { address: '::1', port: 4010 }),
    'The upstream [::1]:4010 refused the connection. Is it running, and on this port?',
  ],
  [
    coded('ENOTFOUND', { hostname: 'no.such.test' }),
    'The upstream no.such.test has a host name that cannot be resolved. Check its spelling, and the network.',
  ],
  [
    coded('UND_ERR_SOCKET', { socket: { remoteAddress: '127.0.0.1', remotePort: 1 } }),
    'The upstream 127.0.0.1:1 closed the connection before its response was complete.',
  ],
  [
    new AggregateError([coded('ECONNREFUSED', { address: '::1', port: 1 })]),
    'The upstream [::1]:1 refused the connection. Is it running, and on this port?',
  ],
  [coded('ECONNRESET'), 'The upstream closed the connection before its response was complete.'],
])('the message names the upstream when the error knows it (%#)', (error, message) => {
  expect(upstreamError(error).report.message).toBe(message)
})

test('the name that the caller knows goes before what the error says, and is taken as it is', () => {
  const error = coded('ECONNREFUSED', { address: '127.0.0.1', port: 4010 })
  expect(upstreamError(error, 'api.test:443').report.message).toMatch(/^The upstream api\.test:443 refused/)
  expect(upstreamError(coded('CERT_X'), "$&$'").report.message).toMatch(/^The upstream \$&\$' shows/)
})

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})
const failure = async (handler: (exchange: UpstreamExchange) => unknown, options: Client.Options = {}): Promise<string> => {
  const server = await startUpstream(async (exchange) => {
    await handler(exchange)
  })
  opened.push(() => server.close())
  return failureAt(server.url, options)
}
const failureAt = async (url: string, options: Client.Options = {}): Promise<string> => {
  const client = new Client(url, options)
  opened.push(() => client.destroy())
  let hasHead = false
  try {
    const response = await client.request({ path: '/', method: 'GET' })
    hasHead = true
    await response.body.text()
    return 'no failure'
  } catch (error) {
    return fate(error, hasHead)
  }
}

test.each<[string, string, (exchange: UpstreamExchange) => unknown, Client.Options?]>([
  ['a reset before the head', '502 upstream-reset', (exchange) => exchange.reset()],
  ['an end before the head', '502 upstream-reset', (exchange) => exchange.cut()],
  ['a reset in the body', '502 upstream-reset', (exchange) => exchange.eventStream().then(() => exchange.reset())],
  ['an end in a chunked body', '502 upstream-reset', (exchange) => exchange.eventStream().then(() => exchange.cut())],
  ['what is not HTTP', '502 upstream-invalid', (exchange) => exchange.write('SSH-2.0-OpenSSH_9.6\r\n')],
  ['a bad chunk size', '502 upstream-invalid', (exchange) => exchange.chunked().then(() => exchange.write('zz\r\nx\r\n'))],
  ['a bad field name', '502 upstream-invalid', (exchange) => exchange.write('HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n')],
  [
    'two lengths',
    '502 upstream-invalid',
    (exchange) => exchange.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  ],
  ['a length beside chunks', '502 upstream-invalid', (exchange) => exchange.chunked({ fields: { 'Content-Length': '1' } })],
  ['a head without end', '502 upstream-invalid', (exchange) => exchange.head({ fields: { 'X-Long': 'x'.repeat(100_000) } })],
  ['a status that is none', '502 upstream-invalid', (exchange) => exchange.head({ status: 99, fields: { 'Content-Length': '0' } })],
  ['a switch of protocols that nobody asked for', '502 upstream-invalid', (exchange) => exchange.head({ status: 101 })],
  ['a folded field', '502 upstream-invalid', (exchange) => exchange.write('HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n')],
  ['a head that does not come', '504 upstream-timeout', () => undefined, { headersTimeout: 100 }],
  ['a body that stops', '504 upstream-timeout', (exchange) => exchange.eventStream(), { bodyTimeout: 100 }],
])('%s is %s', async (_, expected, handler, options) => {
  expect(await failure(handler, options)).toBe(expected)
})

test.each(['close', 'keep-alive'])('a body that is cut is a reset, whatever its framing (Connection: %s)', async (Connection) => {
  const short = (exchange: UpstreamExchange) =>
    exchange
      .head({ fields: { 'Content-Length': '10', Connection } })
      .then(() => exchange.write('short'))
      .then(() => exchange.cut())
  expect(await failure(short)).toBe('502 upstream-reset')
  const open = (exchange: UpstreamExchange) => exchange.chunked({ fields: { Connection } }).then(() => exchange.cut())
  expect(await failure(open)).toBe('502 upstream-reset')
})

test('a name that does not resolve, and a port that nobody listens on, are unreachable', async () => {
  expect(await failureAt('http://no-such-host.invalid')).toBe('502 upstream-unreachable')
  const server = await startUpstream()
  await server.close()
  expect(await failureAt(server.url)).toBe('502 upstream-unreachable')
})

test('what is wrong with a response is said', async () => {
  const server = await startUpstream((exchange) => void exchange.chunked().then(() => exchange.write('zz\r\n')))
  opened.push(() => server.close())
  const client = new Client(server.url)
  opened.push(() => client.destroy())
  const error: unknown = await client
    .request({ path: '/', method: 'GET' })
    .then((response) => response.body.text())
    .catch((reason: unknown) => reason)
  expect(upstreamError(error, 'up:1').report.message).toBe(
    'The upstream up:1 sent something that is not valid HTTP (Invalid character in chunk size). If it expects TLS, write its URL with https://.',
  )
})
