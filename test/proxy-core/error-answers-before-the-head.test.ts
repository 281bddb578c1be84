// DESIGN §5: before the head is sent an error is an answer with a status and `{ "error": { "code", "message" } }`, and it is on record.
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { openClient, type ClientRequest } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'

async function ask(upstreamUrl: string, init: ClientRequest = {}, upstream: object = {}) {
  const gateway = await startGateway({
    routes: [routeTo(upstreamUrl, { match: { path: '/known/*' }, upstream: { url: upstreamUrl, ...upstream } })],
  })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const client = await openClient(gateway.url)
  const at = epochMs()
  const response = await client.request({ target: '/known/', ...init })
  const text = (await response.readAll()).toString()
  const tookMs = epochMs() - at
  const record = await feed.exchange((one) => one.state === 'failed')
  return { response, text, tookMs, record, client, feed }
}

/** An answer of the gateway's own, complete in itself, and the same on record. */
function expectError({ response, text, record }: Awaited<ReturnType<typeof ask>>, status: number, code: string): void {
  expect(response.status).toBe(status)
  expect(response.header('content-type')).toBe('application/json; charset=utf-8')
  expect(response.header('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(response.header('cache-control')).toBe('no-store')
  const { error } = JSON.parse(text) as { error: { code: string; message: string } }
  expect(Object.keys(error)).toEqual(['code', 'message'])
  expect(error.code).toBe(code)
  expect(error.message).toMatch(/^[A-Z].*[.?]$/)
  expect(record).toMatchObject({ status, state: 'failed', error: { code, message: error.message } })
}

async function startScripted(handler: (exchange: UpstreamExchange) => void | Promise<void>) {
  const upstream = await startUpstream(handler)
  onTestFinished(() => upstream.close())
  return upstream.url
}

test('no route: 404', async () => {
  const answer = await ask('http://127.0.0.1:1', { target: '/unknown?key=secret' })
  expectError(answer, 404, 'no-route')
  expect(answer.text).not.toContain('secret')
  expect(answer.record).toMatchObject({ routeId: null, upstream: null })
})

test('an upstream that refuses the connection: 502, at once, and the connection of the client goes on', async () => {
  const answer = await ask(`http://127.0.0.1:${await freePort()}`)
  expectError(answer, 502, 'upstream-unreachable')
  expect(answer.tookMs).toBeLessThan(1000)
  expect((await answer.client.request({ target: '/known/again' })).status).toBe(502)
})

test('an upstream whose name has no address: 502 in a second', async () => {
  const answer = await ask('http://no-such-host.invalid')
  expectError(answer, 502, 'upstream-unreachable')
  expect(answer.tookMs).toBeLessThan(1000)
})

test('an upstream that sends no head in time: 504, and its connection is closed', async () => {
  let exchange: UpstreamExchange | null = null
  const url = await startScripted((one) => void (exchange = one))
  const answer = await ask(url, {}, { headTimeoutMs: 200 })
  expectError(answer, 504, 'upstream-timeout')
  expect(answer.tookMs).toBeGreaterThan(150)
  expect(answer.tookMs).toBeLessThan(2000)
  await (exchange as UpstreamExchange | null)?.closed()
})

test.for([
  ['closes the connection before its head', (exchange: UpstreamExchange) => exchange.cut()],
  ['resets the connection before its head', (exchange: UpstreamExchange) => exchange.reset()],
  [
    'closes the connection in the middle of its head',
    async (exchange: UpstreamExchange) => {
      await exchange.write('HTTP/1.1 200 OK\r\nContent-Ty')
      exchange.cut()
    },
  ],
] as const)('an upstream that %s: 502', async ([, handler]) => {
  expectError(await ask(await startScripted(handler)), 502, 'upstream-reset')
})

test.for([
  ['another language than HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['an unknown Transfer-Encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: foo\r\n\r\nbody'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
] as const)('an upstream that speaks %s: 502, and none of it is passed on', async ([, bytes]) => {
  expectError(await ask(await startScripted((exchange) => exchange.write(bytes))), 502, 'upstream-invalid')
})

test('an upstream that accepts nothing in time: 504', async () => {
  // A connection beyond the backlog of a server that accepts none hangs; one that never completes TLS is the same to the gateway.
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const answer = await ask(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, {}, { connectTimeoutMs: 300 })
  expectError(answer, 504, 'upstream-timeout')
  expect(answer.tookMs).toBeLessThan(3000)
})

test('an error answers HEAD with the head alone', async () => {
  const { response, text, client } = await ask(`http://127.0.0.1:${await freePort()}`, { method: 'HEAD' })
  expect(response.status).toBe(502)
  expect(text).toBe('')
  expect(Number(response.header('content-length'))).toBeGreaterThan(0)
  expect((await client.request({ target: '/unknown' })).status).toBe(404)
})

test('an error that answers before the body has come takes none of it for a request', async () => {
  const { response, client, text, feed } = await ask('http://127.0.0.1:1', {
    target: '/unknown',
    method: 'POST',
    fields: { 'Content-Length': '100' },
  })
  expect(response.status).toBe(404)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'no-route' } })
  client.write('GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'.padEnd(100, 'x'))
  client.send({ target: '/next' })
  // The test's own client counts two requests where the gateway is to see one.
  const next = await client.nextResponse()
  expect(next.status).toBe(404)
  expect(await next.readAll()).toEqual(Buffer.from(text.replace('POST /unknown', 'GET /next')))
  await feed.until(() => feed.exchanges.length === 2)
  expect(feed.exchanges.map((one) => one.target)).toEqual(['/unknown', '/next'])
})

test('an upstream that comes back is used at once', async () => {
  const port = await freePort()
  const { client } = await ask(`http://127.0.0.1:${port}`)
  const upstream = await startUpstream((exchange) => exchange.answer('back'), { port })
  onTestFinished(() => upstream.close())
  const response = await client.request({ target: '/known/' })
  expect((await response.readAll()).toString()).toBe('back')
})
