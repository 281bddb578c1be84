// QUALITY F1 and F2 over HTTP/2: node:http2 takes a write that the kernel refuses for one that went well, and stops reading at the next.
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { startTlsGateway } from './support/http2-client.ts'
import { makeCertificate } from './support/http2-upstream.ts'
import { startResetting } from './support/resetting-peers.ts'

test.for(['off', 'on'] as const)(
  'a client that resets its connection in the middle of a body leaves nothing open (%s)',
  async (response) => {
    const upstream = await startUpstream(async (exchange) => {
      await exchange.eventStream()
      for (let chunk = 0; chunk < 40; chunk++) void exchange.chunk(Buffer.alloc(100_000, 'x'))
    })
    onTestFinished(() => upstream.close())
    const buffering = { response, holdBytes: 3_000_000, memoryBytes: 16_000_000 }
    const tls = await startTlsGateway({ routes: [routeTo(upstream.url, { buffering })] })
    const thread = startResetting({ role: 'clients', over: 'HTTP/2', port: tls.port, ca: tls.ca, times: 20, bytes: 200_000 })
    await once(thread, 'message')
    await expect.poll(() => tls.gateway.gateway.openExchanges(), { timeout: 5000 }).toBe(0)
    await upstream.untilOpenConnections(0)
  },
)

test('an upstream that resets its connection in the middle of an upload is answered with 502, each time', async () => {
  const { key, cert, certFile } = await makeCertificate()
  const thread = startResetting({ role: 'upstream', key, cert, bytes: 200_000 })
  const [port] = (await once(thread, 'message')) as [number]
  const upstream = { url: `https://127.0.0.1:${String(port)}`, http2: true, tls: { ca: certFile } }
  const gateway = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream }] })
  onTestFinished(() => gateway.close())
  for (let time = 0; time < 20; time++) {
    const client = await openClient(gateway.url)
    client.send({ method: 'POST', target: `/${String(time)}`, fields: { 'Content-Length': '50000000' } })
    for (let chunk = 0; chunk < 40; chunk++) client.write(Buffer.alloc(30_000, 'x'))
    const response = await client.nextResponse()
    expect(response.status).toBe(502)
    client.close()
  }
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
})
