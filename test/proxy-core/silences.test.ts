// DESIGN §3, issue 3: `idleTimeoutMs` counts the upstream's own silence alone, and a client that falls silent in its request is told 408.
import { randomFillSync } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ClientRequest } from '../../proxy-core/client-side.ts'
import { RequestBody } from '../../proxy-core/request-body.ts'
import { openClient, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { fillUntilStuck } from './support/fill.ts'
import { spanOf } from './support/measure.ts'

const idleTimeoutMs = 600

async function open(buffering: 'off' | 'on' = 'off') {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({
    routes: [
      routeTo(upstream.url, { upstream: { url: upstream.url, idleTimeoutMs }, buffering: { response: buffering, holdBytes: null } }),
    ],
  })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.eventStream()
  return { exchange, response: await responding, ended: () => feed.exchange((one) => one.state !== 'open') }
}

test.for(['off', 'on'] as const)(
  'an upstream that falls silent is left: what came is delivered, then the cut (buffering %s)',
  async (buffering) => {
    const { exchange, response, ended } = await open(buffering)
    await exchange.chunk('data: one\n\ndata: ha')
    expect((await response.readAll()).toString()).toBe('data: one\n\ndata: ha')
    expect(response.isDestroyedEarly).toBe(true)
    await exchange.closed()
    const { state, error } = await ended()
    expect([state, error?.code]).toEqual(['failed', 'upstream-timeout'])
    expect(error?.message).toContain('idleTimeoutMs')
  },
)

test('an upstream that says something now and then is not silent, however long it takes', async () => {
  const { exchange, response } = await open()
  for (let index = 0; index < 8; index++) {
    await exchange.chunk(`data: ${index}\n\n`)
    await spanOf(idleTimeoutMs / 2)
  }
  exchange.end()
  await response.readAll()
  expect(response.isDestroyedEarly).toBe(false)
})

test('an upstream that has to wait for the client is not silent; when it may go on and does not, it is', async () => {
  const { exchange, response, ended } = await open()
  response.client.pause()
  const sent = await fillUntilStuck(exchange, 64_000_000)
  await spanOf(3 * idleTimeoutMs)
  expect(exchange.isClosed).toBe(false)
  response.client.resume()
  expect((await response.readAll(20_000)).equals(sent)).toBe(true)
  expect(response.isDestroyedEarly).toBe(true)
  expect((await ended()).error?.code).toBe('upstream-timeout')
})

test.for(['Content-Length: 10', 'Transfer-Encoding: chunked'])(
  'a client that stops in the middle of its body is told 408 and its connection closed, and the upstream is left (%s)',
  async (framing) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
    onTestFinished(() => gateway.close())
    const client = await openClient(gateway.url)
    client.write(`POST / HTTP/1.1\r\nHost: ${client.host}\r\n${framing}\r\n\r\n${framing.startsWith('T') ? '4\r\nbody\r\n' : 'body'}`)
    const exchange = await upstream.next()
    await exchange.bodyBytes(4)
    await vi.advanceTimersByTimeAsync(59_000)
    expect([exchange.isClosed, client.isClosed]).toEqual([false, false])
    await vi.advanceTimersByTimeAsync(1500)
    vi.useRealTimers()
    const response = await client.nextResponse()
    expect([response.status, (await response.readAll()).toString()]).toEqual([408, expect.stringContaining('"code":"request-timeout"')])
    await client.closed()
    await exchange.closed()
    expect(exchange.isComplete).toBe(false)
  },
)

test('a body that waits for its reader is not silent, nor is one whose answer has begun', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let isAwaited = true
  const request = Object.assign(new PassThrough(), { complete: false, socket: new PassThrough() }) as unknown as ClientRequest & PassThrough
  const body = new RequestBody(request, { isAwaited: () => isAwaited, isKept: false })
  request.write(randomFillSync(Buffer.alloc(1_000_000)))
  body.once('readable', () => undefined)
  await vi.advanceTimersByTimeAsync(200_000)
  expect(body.errored).toBeNull()
  isAwaited = false
  body.resume()
  await vi.advanceTimersByTimeAsync(200_000)
  expect(body.errored).toBeNull()
  isAwaited = true
  request.write('more')
  await vi.advanceTimersByTimeAsync(50_000)
  expect(body.errored).toBeNull()
  body.on('error', () => undefined)
  await vi.advanceTimersByTimeAsync(11_000)
  expect(body.errored).toMatchObject({ code: 'request-timeout' })
})
