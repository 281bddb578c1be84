// Issue 3 §4, QUALITY F1, H1, H4 over HTTP/2, frame by frame (RFC 9113): what node's own client cannot send or does not show.
import { constants } from 'node:http2'
import { expect, onTestFinished, test } from 'vitest'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { startTlsGateway } from './support/http2-client.ts'
import { endStream, goAwayCode, Http2Wire, requestTo, resetCode } from './support/http2-wire.ts'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const tls = await startTlsGateway({ routes: [routeTo(upstream.url)] })
  const wire = await Http2Wire.open(tls.port, tls.ca)
  return { upstream, wire, ...tls }
}

/** RFC 8441 §9.1. */
const enableConnectProtocol = 8
const text = (payload: Buffer): string => payload.toString('latin1')

test('a body that is cut ends with RST_STREAM (INTERNAL_ERROR), and END_STREAM is never sent', async () => {
  const { upstream, wire } = await start()
  wire.get(1, '/')
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: one\n\n')
  await wire.until((frame) => frame.type === 'DATA', 'DATA')
  exchange.reset()
  const reset = await wire.until((frame) => frame.type === 'RST_STREAM', 'RST_STREAM')
  expect(resetCode(reset)).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  expect(wire.of(1).map(({ type }) => type)).toEqual(['HEADERS', 'DATA', 'RST_STREAM'])
  expect(wire.of(1).filter(({ flags, type }) => type !== 'RST_STREAM' && (flags & endStream) !== 0)).toEqual([])
})

test('a cut is shown as one also while the client’s window is closed', async () => {
  const { upstream, wire, gateway } = await start()
  wire.get(1, '/')
  const exchange = await upstream.next()
  await exchange.head({ fields: { 'Content-Length': '1000000' } })
  // This client never opens its window of 65,535 bytes again.
  await exchange.write(Buffer.alloc(200_000))
  await expect.poll(() => wire.of(1).reduce((sum, { type, payload }) => sum + (type === 'DATA' ? payload.length : 0), 0)).toBe(65_535)
  const id = (await (await gateway.feed()).exchange((one) => one.state === 'open', 'the exchange')).id
  await gateway.command('exchange.end', { id })
  const reset = await wire.until((frame) => frame.type === 'RST_STREAM', 'RST_STREAM')
  expect(resetCode(reset)).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  expect(wire.of(1).some(({ flags, type }) => type === 'DATA' && (flags & endStream) !== 0)).toBe(false)
  await exchange.closed()
})

test('an upload that its client resets never ends cleanly at the upstream', async () => {
  const { upstream, wire } = await start()
  wire.headers(1, [[':method', 'POST'], ...requestTo('/').slice(1)], 0)
  wire.send('DATA', 0, 1, Buffer.from('half of it'))
  const exchange = await upstream.next()
  await exchange.bodyBytes(10)
  wire.reset(1, constants.NGHTTP2_CANCEL)
  await exchange.closed()
  expect(exchange.isComplete).toBe(false)
})

test('an upload that ends with its connection never ends cleanly at the upstream', async () => {
  const { upstream, wire } = await start()
  wire.headers(1, [[':method', 'POST'], ...requestTo('/').slice(1)], 0)
  wire.send('DATA', 0, 1, Buffer.from('half of it'))
  const exchange = await upstream.next()
  await exchange.bodyBytes(10)
  wire.socket.destroy()
  await exchange.closed()
  expect(exchange.isComplete).toBe(false)
})

test('an answer that comes before the upload has ended is whole, and RST_STREAM (NO_ERROR) asks for no more', async () => {
  const { upstream, wire } = await start()
  wire.headers(1, [[':method', 'POST'], ...requestTo('/').slice(1)], 0)
  wire.send('DATA', 0, 1, Buffer.from('some of it'))
  const exchange = await upstream.next()
  await exchange.bodyBytes(10)
  await exchange.answer('too large', { status: 413 })
  const reset = await wire.until((frame) => frame.type === 'RST_STREAM', 'RST_STREAM')
  expect(resetCode(reset)).toBe(constants.NGHTTP2_NO_ERROR)
  const data = wire.of(1).filter(({ type }) => type === 'DATA')
  expect(text(Buffer.concat(data.map(({ payload }) => payload)))).toBe('too large')
  expect(data.at(-1)?.flags).toBe(endStream)
})

const malformed: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['Connection (§8.2.2)', [...requestTo('/'), ['connection', 'close']]],
  ['Transfer-Encoding (§8.2.2)', [...requestTo('/'), ['transfer-encoding', 'chunked']]],
  ['a name in upper case (§8.2.1)', [...requestTo('/'), ['X-Upper', '1']]],
  ['no :path (§8.3.1)', requestTo('/').slice(0, 3)],
  ['two :path (§8.3)', [...requestTo('/'), [':path', '/other']]],
  ['a pseudo-field after the fields (§8.3)', [...requestTo('/').slice(0, 3), ['x-a', '1'], [':path', '/']]],
  ['an unknown pseudo-field (§8.3)', [...requestTo('/'), [':unknown', '1']]],
  ['an empty :path (§8.3.1)', [...requestTo('/').slice(0, 3), [':path', '']]],
  ['a :path of the absolute form (§8.3.1)', [...requestTo('/').slice(0, 3), [':path', 'http://elsewhere.example/']]],
  ['Host beside a different :authority (§8.3.1)', [...requestTo('/'), ['host', '127.0.0.1']]],
  ['no :authority and no Host', [requestTo('/')[0] as [string, string], [':scheme', 'https'], [':path', '/']]],
]

test.for(malformed)('a request with %s does not reach the upstream, and other streams go on', async ([, fields]) => {
  const { upstream, wire } = await start()
  wire.headers(1, fields)
  await wire.until((frame) => frame.streamId === 1 && (frame.type === 'RST_STREAM' || frame.type === 'HEADERS'), 'a refusal')
  wire.get(3, '/after')
  const exchange = await upstream.next()
  expect(exchange.target).toBe('/after')
  await exchange.answer('fine')
  await wire.until((frame) => frame.streamId === 3 && (frame.flags & endStream) !== 0, 'the answer')
  expect(upstream.exchanges).toHaveLength(1)
})

test('a head beyond 32 KiB is refused, one below passes, and other streams go on', async () => {
  const { upstream, wire } = await start()
  const fields = (bytes: number): [string, string][] => Array.from({ length: bytes / 1000 }, (_, at) => [`x-${at}`, 'x'.repeat(1000)])
  wire.get(1, '/large', fields(25_000))
  const exchange = await upstream.next()
  expect(exchange.header('x-24')).toHaveLength(1000)
  wire.get(3, '/too-large', fields(40_000))
  await wire.until((frame) => frame.streamId === 3 && frame.type === 'RST_STREAM', 'a refusal')
  await exchange.answer('fine')
  await wire.until((frame) => frame.streamId === 1 && (frame.flags & endStream) !== 0, 'the answer')
  expect(upstream.exchanges).toHaveLength(1)
})

test('a line feed in a value is never passed on (§8.2.1)', async () => {
  const { upstream, wire } = await start()
  wire.get(1, '/', [
    ['x-split', 'a\r\nx-injected: b'],
    ['x-good', '1'],
  ])
  const exchange = await upstream.next()
  expect(exchange.rawHead).not.toContain('injected')
  expect(exchange.header('x-good')).toBe('1')
})

test('streams that are reset as fast as they are opened end the connection, not the gateway', async () => {
  const { upstream, wire, gateway, port, ca } = await start()
  for (let id = 1; id < 20_000 && !wire.isClosed; id += 2) {
    wire.get(id, '/flood')
    wire.reset(id, constants.NGHTTP2_CANCEL)
    if (id % 400 === 1) await new Promise(setImmediate)
  }
  const goAway = await wire.until((frame) => frame.type === 'GOAWAY', 'GOAWAY')
  expect(goAwayCode(goAway)).not.toBe(constants.NGHTTP2_NO_ERROR)
  await wire.closed()
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
  await upstream.untilOpenConnections(0)
  const seen = upstream.exchanges.length
  const next = await Http2Wire.open(port, ca)
  next.get(1, '/after')
  await expect.poll(() => upstream.exchanges.slice(seen).some((one) => one.target === '/after')).toBe(true)
})

test('CONNECT is refused with 405', async () => {
  const { upstream, wire } = await start()
  wire.headers(1, [
    [':method', 'CONNECT'],
    [':authority', 'localhost:80'],
  ])
  const head = await wire.until((frame) => frame.streamId === 1 && frame.type === 'HEADERS', 'an answer')
  expect(text(head.payload)).toContain('405')
  await wire.until((frame) => frame.streamId === 1 && (frame.flags & endStream) !== 0, 'the end of the answer')
  expect(upstream.exchanges).toHaveLength(0)
})

// RFC 8441 §3: who has not been offered it by a setting must not use it.
test('extended CONNECT is not offered, and a client that tries it anyway loses that stream alone', async () => {
  const { upstream, wire } = await start()
  const settings = await wire.until(({ type, flags }) => type === 'SETTINGS' && flags === 0, 'SETTINGS')
  const offered = Array.from({ length: settings.payload.length / 6 }, (_, index) => settings.payload.readUInt16BE(index * 6))
  expect(offered).toContain(constants.NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
  expect(offered).not.toContain(enableConnectProtocol)
  wire.get(1, '/open')
  const open = await upstream.next()
  await open.eventStream()
  wire.headers(3, [[':method', 'CONNECT'], [':protocol', 'websocket'], ...requestTo('/chat').slice(1)], 0)
  const reset = await wire.until(({ type, streamId }) => type === 'RST_STREAM' && streamId === 3, 'RST_STREAM')
  expect(resetCode(reset)).toBe(constants.NGHTTP2_PROTOCOL_ERROR)
  wire.headers(
    5,
    [
      [':method', 'CONNECT'],
      [':authority', 'localhost:443'],
    ],
    0,
  )
  await wire.until(({ type, streamId, flags }) => type === 'DATA' && streamId === 5 && (flags & endStream) !== 0, 'an answer to CONNECT')
  expect(text(Buffer.concat(wire.of(5).map(({ payload }) => payload)))).toContain('"code":"method-refused"')
  await open.chunk('data: on\n\n')
  await wire.until(({ type, streamId, payload }) => type === 'DATA' && streamId === 1 && text(payload).includes('on'), 'the open stream')
  expect(upstream.exchanges).toHaveLength(1)
})
