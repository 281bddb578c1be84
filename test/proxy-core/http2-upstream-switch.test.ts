// RFC 9113 §8.6: HTTP/2 has no Upgrade. On a route with http2 a switch of protocols goes over HTTP/1.1, and the rest over HTTP/2.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, openClient } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { makeCertificate } from './support/http2-upstream.ts'

async function start({ speaksHttp1, takesConnect }: { speaksHttp1: boolean; takesConnect: boolean }) {
  const { certFile, ...tls } = await makeCertificate()
  const server = createSecureServer({ ...tls, allowHTTP1: speaksHttp1, settings: { enableConnectProtocol: takesConnect } })
  const asked: string[] = []
  const sockets = new Set<Socket>()
  server.on('secureConnection', (socket: Socket) => sockets.add(socket))
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.httpVersion}`)
    response.end(`by ${request.httpVersion}`)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    asked.push(`upgrade ${request.httpVersion}`)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n')
    socket.on('error', () => undefined).pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const upstream = { url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`, http2: true, tls: { ca: certFile } }
  const gateway = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream }] })
  onTestFinished(async () => {
    await gateway.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  const fields = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
  }
  return { gateway, asked, client, fields }
}

test.for([false, true])(
  'a WebSocket is opened over HTTP/1.1, whether or not the upstream takes extended CONNECT (%s)',
  async (takesConnect) => {
    const { gateway, asked, client, fields } = await start({ speaksHttp1: true, takesConnect })
    expect((await fetchWhole(`${gateway.url}/before`)).text).toBe('by 2.0')
    const response = await client.request({ target: '/ws', fields })
    expect([response.status, response.header('sec-websocket-accept')]).toEqual([101, 'x'])
    client.write('there and back')
    await response.waitForText('there and back')
    expect((await fetchWhole(`${gateway.url}/after`)).text).toBe('by 2.0')
    expect(asked).toEqual(['GET 2.0', 'upgrade 1.1', 'GET 2.0'])
  },
)

test('an upstream that speaks HTTP/2 alone can switch nothing: the client gets an answer, and others are served', async () => {
  const { gateway, asked, client, fields } = await start({ speaksHttp1: false, takesConnect: true })
  expect((await client.request({ target: '/ws', fields })).status).toBe(502)
  expect((await fetchWhole(`${gateway.url}/after`)).text).toBe('by 2.0')
  expect(asked).toEqual(['GET 2.0'])
})

test('a route that is taken away lets an open WebSocket go on', async () => {
  const { gateway, client, fields } = await start({ speaksHttp1: true, takesConnect: false })
  const response = await client.request({ target: '/ws', fields })
  await gateway.command('route.remove', { id: 'all' })
  client.write('still there')
  await response.waitForText('still there')
})
