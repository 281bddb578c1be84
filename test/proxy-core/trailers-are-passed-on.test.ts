// RFC 9110 §6.5: trailers of a chunked answer reach the client, but for those that have no place there.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

test.for(['off', 'on'] as const)('with buffering %s, trailers come behind the last byte, and the next answer behind them', async (mode) => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: mode, holdBytes: null } })] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  const responding = client.request({ fields: { TE: 'trailers' } })
  const exchange = await upstream.next()
  expect(exchange.header('te')).toBe('trailers')
  expect(exchange.header('connection')).toBe('keep-alive, TE')
  await exchange.chunked({ fields: { Trailer: 'X-Sum, X-Sum', Connection: 'keep-alive, X-Hop' } })
  await exchange.chunk('body')
  await exchange.endChunks([
    ['X-Sum', '1'],
    ['Set-Cookie', 'kept=as-it-is'],
    ['Transfer-Encoding', 'chunked'],
    ['x-hop', 'for this hop'],
    ['x-sum', '2'],
    ['Keep-Alive', 'timeout=3'],
  ])
  const response = await responding
  expect((await response.readAll()).toString()).toBe('body')
  expect(response.header('trailer')).toBe('X-Sum, X-Sum')
  expect(response.trailers).toEqual([
    ['X-Sum', '1'],
    ['Set-Cookie', 'kept=as-it-is'],
    ['x-sum', '2'],
  ])

  const next = client.request()
  await (await upstream.next()).answer('next')
  expect((await (await next).readAll()).toString()).toBe('next')
})

test('trailers of an answer that is handed on with a length are left out', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  client.write(`GET / HTTP/1.0\r\nHost: ${client.host}\r\n\r\n`)
  const exchange = await upstream.next()
  await exchange.chunked({ fields: { Trailer: 'X-Sum' } })
  await exchange.chunk('body')
  await exchange.endChunks({ 'X-Sum': '1' })
  const response = await client.nextResponse()
  expect(response.header('trailer')).toBeNull()
  expect((await response.readAll()).toString()).toBe('body')
})
