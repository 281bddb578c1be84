// Issue 3: an upstream that speaks HTTP/2 is relayed as any other: many streams on one connection, trailers, resets, backpressure and GOAWAY.
import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { constants, createSecureServer, type Http2SecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { openTempFolder, type TempFolder } from '../support/temp.ts'
import { spanOf } from './support/measure.ts'

let folder: TempFolder
let server: Http2SecureServer
let gateway: TestGateway
let feed: FeedReader
const sessions: ServerHttp2Session[] = []
const streams = new Map<string, ServerHttp2Stream>()

beforeAll(async () => {
  folder = await openTempFolder()
  const [key, cert] = [folder.file('key.pem'), folder.file('cert.pem')]
  const asks = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=test']
  execFileSync('openssl', [...asks, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'pipe' })
  server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) })
  server.on('session', (session) => sessions.push(session))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    streams.set(String(headers[':path']), stream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const upstream = { url: `https://127.0.0.1:${port}`, http2: true, tls: { ca: cert } }
  const hasty = { id: 'hasty', match: { path: '/hasty/*' }, upstream: { ...upstream, headTimeoutMs: 300 } }
  gateway = await startGateway({ routes: [hasty, { id: 'all', match: { path: '/*' }, upstream }] })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  for (const session of sessions) session.destroy()
  server.close()
  await folder.close()
})

async function arrived(path: string): Promise<ServerHttp2Stream> {
  await expect.poll(() => streams.has(path), { interval: 2 }).toBe(true)
  return streams.get(path) as ServerHttp2Stream
}

async function open(path: string) {
  const responding = request(gateway.url + path)
  const stream = await arrived(path)
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' }, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }))
  return { stream, response: await responding }
}

test('a request with another Host shares the connection, and does not wait for a stream that is open', async () => {
  const { stream } = await open('/host/one')
  const named = fetchWhole(`${gateway.url}/host/other`, { host: new URL(gateway.url).host.replace('127.0.0.1', 'localhost') })
  const other = await arrived('/host/other')
  expect(other.session).toBe(stream.session)
  other.respond({ ':status': 200 })
  other.end('answered')
  expect((await named).text).toBe('answered')
  stream.end()
})

test('streams share one connection, each event comes before the next is sent, and trailers come last', async () => {
  const opened = await Promise.all(Array.from({ length: 20 }, (_, index) => open(`/shared/${String(index)}`)))
  for (let index = 0; index < 5; index++) {
    for (const { stream, response } of opened) {
      stream.write(`data: ${String(index)}\n\n`)
      await response.waitForText(`data: ${String(index)}\n\n`)
    }
  }
  for (const { stream, response } of opened) {
    stream.end()
    await response.readAll()
    expect([response.isDestroyedEarly, response.trailers]).toEqual([false, [['x-sum', '7']]])
  }
  expect(sessions).toHaveLength(1)
})

test('a stream that is reset is cut at the client, and its neighbour on the same connection goes on', async () => {
  const [cut, other] = [await open('/reset'), await open('/beside')]
  cut.stream.write('data: one\n\ndata: ha')
  await cut.response.waitForText('ha')
  cut.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  expect((await cut.response.readAll()).toString()).toBe('data: one\n\ndata: ha')
  expect(cut.response.isDestroyedEarly).toBe(true)
  expect((await feed.exchange((one) => one.target === '/reset' && one.state !== 'open')).error?.code).toBe('upstream-reset')
  other.stream.end('data: whole\n\n')
  expect((await other.response.readAll()).toString()).toBe('data: whole\n\n')
})

test('a client that leaves resets its stream alone', async () => {
  const [left, other] = [await open('/left'), await open('/stays')]
  left.response.client.leave()
  await expect.poll(() => left.stream.closed).toBe(true)
  other.stream.end('data: whole\n\n')
  expect((await other.response.readAll()).toString()).toBe('data: whole\n\n')
})

test('a stream without a head in time is answered with 504 and reset, and its neighbour on the same connection goes on', async () => {
  const other = await open('/patient')
  const before = sessions.length
  const response = await fetchWhole(`${gateway.url}/hasty/late`)
  expect([response.status, response.text]).toEqual([504, expect.stringContaining('upstream-timeout')])
  const late = await arrived('/hasty/late')
  await expect.poll(() => late.closed).toBe(true)
  expect(sessions).toHaveLength(before)
  other.stream.end('data: whole\n\n')
  expect((await other.response.readAll()).toString()).toBe('data: whole\n\n')
})

test('with buffering off a client that does not read makes its stream wait', async () => {
  const { stream, response } = await open('/slow')
  response.client.pause()
  const body = randomFillSync(Buffer.alloc(40_000_000))
  stream.end(body)
  await spanOf(700)
  expect(stream.writableFinished).toBe(false)
  response.client.resume()
  expect((await response.readAll(20_000)).equals(body)).toBe(true)
})

test('after GOAWAY a new exchange has a new connection at once, and the open stream comes to its end', async () => {
  const { stream, response } = await open('/last')
  const before = sessions.length
  // Sends GOAWAY with the number of the last stream, and waits for those that are open.
  stream.session?.close()
  await spanOf(100)
  const next = fetchWhole(`${gateway.url}/next`)
  const arrivedNext = await arrived('/next')
  arrivedNext.respond({ ':status': 200 })
  arrivedNext.end('next')
  expect((await next).text).toBe('next')
  expect(sessions.length).toBeGreaterThan(before)
  stream.end('data: whole\n\n')
  expect((await response.readAll()).toString()).toBe('data: whole\n\n')
  expect(response.isDestroyedEarly).toBe(false)
})
