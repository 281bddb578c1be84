// What a connection over HTTP/2 costs once nobody uses it.
import { once } from 'node:events'
import { connect, createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { queryObjects } from 'node:v8'
import { expect, onTestFinished, test } from 'vitest'
import type { Http2Outlet } from '../../proxy-core/http2-outlet.ts'
import { Http2Sessions } from '../../proxy-core/http2-sessions.ts'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'

const idleMs = 200

test('of connections that have closed nothing is kept in memory', async () => {
  const upstream = await startUpstream(async (exchange) => exchange.answer('done'))
  onTestFinished(() => upstream.close())
  const tls = await startTlsGateway({ routes: [routeTo(upstream.url)] })
  const ServerSession = await sessionClass()
  const before = queryObjects(ServerSession, { format: 'count' })
  for (let time = 0; time < 20; time++) {
    const session = await openHttp2(tls.url, tls.ca)
    await new Http2Exchange(session, { ':path': `/${String(time)}` }).closed()
    const closed = once(session, 'close')
    if (time % 2 === 0) session.close()
    else session.destroy()
    await closed
  }
  await expect.poll(() => queryObjects(ServerSession, { format: 'count' }) - before, { timeout: 10_000 }).toBeLessThanOrEqual(1)
})

test('a connection without streams is closed after a while, and one with a stream only when that has ended', async () => {
  const outlets: Http2Outlet[] = []
  const sessions = new Http2Sessions({ maxHeadBytes: 10_000, idleMs, receive: (_request, outlet) => outlets.push(outlet) })
  const server = createServer((socket) => sessions.take(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const [quiet, used] = [connect(url), connect(url)]
  onTestFinished(() => [quiet, used].forEach((session) => session.destroy()))
  const isClosed = { quiet: once(quiet, 'close'), used: once(used, 'close') }
  const exchange = new Http2Exchange(used, { ':path': '/' })
  await isClosed.quiet
  // A second span without a word, with the stream open.
  await new Promise((resolve) => setTimeout(resolve, idleMs * 2))
  expect(used.closed).toBe(false)
  outlets[0]?.answer(204, [], null)
  await exchange.closed()
  await isClosed.used
})

/** What node:http2 makes sessions of, which it does not export. */
async function sessionClass(): Promise<typeof Object> {
  const server = createHttp2Server()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  const [session] = (await once(server, 'session')) as [ServerHttp2Session]
  client.destroy()
  server.close()
  return session.constructor as typeof Object
}
