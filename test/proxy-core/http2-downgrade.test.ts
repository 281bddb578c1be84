// RFC 9113 §6.8, RFC 7301: an upstream that sends its clients away may come back as one that speaks HTTP/1.1 alone.
import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { Condition } from '../support/condition.ts'
import { startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { makeCertificate } from './support/http2-upstream.ts'
import { openKeptStream } from './support/kept-stream.ts'

/** An upstream with HTTP/2 that a test can have come back, on the same port, as one with HTTP/1.1 alone. */
async function start() {
  const { certFile, ...tls } = await makeCertificate()
  const server = createSecureServer(tls)
  const sessions = new Set<ServerHttp2Session>()
  const streams = new Map<string, ServerHttp2Stream>()
  const arrived = new Condition()
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    streams.set(String(headers[':path']), stream)
    arrived.changed()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const upstream = { url: `https://127.0.0.1:${String(port)}`, http2: true, tls: { ca: certFile } }
  const gateway = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream }] })
  onTestFinished(() => gateway.close())
  return {
    gateway,
    stream: (path: string) =>
      arrived.until(
        () => streams.get(path),
        () => `a stream of ${path}`,
      ),
    comeBack: async () => {
      // Takes no more connections; those that are open stay.
      server.close()
      const plain = await startUpstream((exchange) => exchange.answer(`${exchange.method} by HTTP/1.1`), { port, tls })
      onTestFinished(() => plain.close())
      return plain
    },
  }
}

test.for([
  ['a GET', 'GET', undefined],
  ['a POST with a body', 'POST', 'what to do'],
  ['a POST without a body', 'POST', undefined],
] as const)(
  '%s that a GOAWAY leaves out is answered over HTTP/1.1 when the upstream speaks nothing else any more',
  async ([, method, body]) => {
    const { gateway, stream, comeBack } = await start()
    const { kept, finish } = await openKeptStream(gateway.url, stream)
    const refused = fetchWhole(`${gateway.url}/refused`, { method, ...(body === undefined ? {} : { body }) })
    const leftOut = await stream('/refused')
    if (body !== undefined) await once(leftOut.resume(), 'end')
    const plain = await comeBack()
    kept.session?.goaway(0, kept.id)
    const response = await refused
    expect([response.status, response.text]).toEqual([200, `${method} by HTTP/1.1`])
    expect(response.header('via')).toMatch(/^1\.1 /)
    // Once, as what it was.
    expect(plain.exchanges.map((one) => one.target)).toEqual(['/refused'])
    expect((await plain.exchanges[0]?.body())?.toString()).toBe(body ?? '')
    // And so is what comes later, while the stream that was kept goes on.
    expect((await fetchWhole(`${gateway.url}/later`)).text).toBe('GET by HTTP/1.1')
    await finish()
  },
)

test('an upstream that closes its HTTP/2 connections for good serves over HTTP/1.1 from then on', async () => {
  const { gateway, stream, comeBack } = await start()
  const first = fetchWhole(`${gateway.url}/first`)
  const served = await stream('/first')
  served.respond({ ':status': 200 })
  served.end('by HTTP/2')
  expect((await first).text).toBe('by HTTP/2')
  const plain = await comeBack()
  served.session?.close()
  await expect.poll(async () => (await fetchWhole(`${gateway.url}/next`)).text).toBe('GET by HTTP/1.1')
  expect(plain.exchanges.length).toBeGreaterThan(0)
})

test('what a GOAWAY leaves out is answered with 502 where the upstream takes no connections any more, after one try', async () => {
  const { gateway, stream, comeBack } = await start()
  const { kept, finish } = await openKeptStream(gateway.url, stream)
  const refused = fetchWhole(`${gateway.url}/refused`)
  await stream('/refused')
  await (await comeBack()).close()
  kept.session?.goaway(0, kept.id)
  const response = await refused
  expect([response.status, response.text]).toEqual([502, expect.stringContaining('refused the connection')])
  await finish()
})
