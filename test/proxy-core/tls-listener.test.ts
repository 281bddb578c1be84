// Issue 3 §4: a TLS listener with a local certificate beside plain ones; HTTP/1.1 on it is the same gateway.
import { writeFile } from 'node:fs/promises'
import { connect as connectPlain } from 'node:net'
import { connect } from 'node:tls'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, openClient, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'

async function start(route: Parameters<typeof routeTo>[1] = {}) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  return { upstream, ...(await startTlsGateway({ routes: [routeTo(upstream.url, route)] })) }
}

test('an HTTP/1.1 client with TLS gets exact bytes, keeps its connection, and is forwarded as https', async () => {
  const { upstream, url, ca, port } = await start()
  const client = await openClient(url, { ca })
  const body = randomBytes(300_000)
  for (let round = 0; round < 2; round++) {
    client.send({ target: '/a' })
    const exchange = await upstream.next()
    expect([exchange.header('x-forwarded-proto'), exchange.header('x-forwarded-port')]).toEqual(['https', String(port)])
    expect(exchange.header('via')).toMatch(/^1\.1 /)
    await exchange.chunked()
    for (let at = 0; at < body.length; at += 30_000) await exchange.chunk(body.subarray(at, at + 30_000))
    await exchange.endChunks()
    const response = await client.nextResponse()
    expect((await response.readAll()).equals(body)).toBe(true)
  }
})

test('over TLS a flip reaches an open HTTP/1.1 stream, and a cut body is shown as cut', async () => {
  const { upstream, url, ca, gateway } = await start({ buffering: { response: 'on', holdBytes: null } })
  const response = request(url, {}, { ca })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: held\n\n')
  const stream = await response
  expect(stream.text).toBe('')
  await gateway.command('route.buffering', { id: 'all', response: 'off' })
  await stream.waitForText('data: held')
  exchange.reset()
  await stream.readAll()
  expect(stream.isDestroyedEarly).toBe(true)
})

test('over TLS a client that does not read makes the upstream wait, and one that leaves closes the upstream', async () => {
  const { upstream, url, ca } = await start({ buffering: 'off' })
  const client = await openClient(url, { ca })
  client.send({ target: '/' })
  const exchange = await upstream.next()
  await exchange.head({ fields: { 'Content-Length': '20000000' } })
  client.pause()
  let isWritten = false
  void exchange.write(Buffer.alloc(20_000_000)).then(() => (isWritten = !exchange.isClosed))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(isWritten).toBe(false)
  client.leave()
  await exchange.closed()
})

test('HTTP/2 is agreed where the client knows it, HTTP/1.1 where it does not, and nothing where it wants something else', async () => {
  const { port, ca } = await start()
  const agreed = (ALPNProtocols: string[]) =>
    new Promise<string | false | null>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername: 'localhost', ALPNProtocols }, () => resolve(socket.alpnProtocol))
      socket.once('error', reject)
      onTestFinished(() => void socket.destroy())
    })
  expect(await agreed(['http/1.1', 'h2'])).toBe('h2')
  expect(await agreed(['http/1.1'])).toBe('http/1.1')
  expect(await agreed(['http/1.0'])).toBe('http/1.0')
  expect(await agreed([])).toBe(false)
  await expect(agreed(['h3'])).rejects.toThrow(/no application protocol/)
})

test('a page of the listener itself is of the same origin by https, and by http is foreign', async () => {
  const { upstream, url, ca } = await start()
  const session = await openHttp2(url, ca)
  const foreign = new Http2Exchange(session, { ':path': '/', origin: url.replace('https:', 'http:') })
  expect((await foreign.closed()).status).toBe(403)
  const own = new Http2Exchange(session, { ':path': '/', origin: url, 'sec-fetch-site': 'same-origin' })
  await (await upstream.next()).answer('mine')
  expect((await own.closed()).status).toBe(200)
  const misdirected = new Http2Exchange(session, { ':path': '/', ':authority': 'evil.example' })
  expect((await misdirected.closed()).status).toBe(421)
  expect(upstream.exchanges).toHaveLength(1)
})

test('garbage and plain HTTP on a TLS address end their connection, and the listener goes on', async () => {
  const { upstream, url, port, ca } = await start()
  for (const bytes of ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', '\0\0\0\0', randomBytes(500)]) {
    const socket = connectPlain({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    socket.write(bytes)
    if (bytes === '\0\0\0\0') socket.end()
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
  }
  const answer = fetchWhole(url, {}, { ca })
  await (await upstream.next()).answer('on')
  expect((await answer).text).toBe('on')
})

test('a route that leads back to the TLS listener is refused with 508 after one hop', async () => {
  const { gateway, url, ca, port } = await start()
  await gateway.command('route.save', {
    route: routeTo(`https://127.0.0.1:${port}`, { upstream: { url: `https://127.0.0.1:${port}`, tls: { verify: false } } }) as never,
  })
  const session = await openHttp2(url, ca)
  const asked = await new Http2Exchange(session, { ':path': '/' }).closed()
  expect(asked.status).toBe(508)
  expect(asked.body.toString()).toContain('loop-detected')
})

test('of several addresses one that is in use is reported while the others serve, and serves as soon as it is free', async () => {
  const taken = await startUpstream()
  const upstream = await startUpstream((exchange) => exchange.answer('served'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({
    listen: ['127.0.0.1:0', `https://127.0.0.1:${taken.port}`, 'https://127.0.0.1:0', '[::1]:0'],
    routes: [routeTo(upstream.url)],
  })
  onTestFinished(() => gateway.close())
  const { certificate: ca } = await gateway.command('listener.trust')
  const states = () => gateway.gateway.status().listeners
  expect(states().map(({ state }) => state)).toEqual(['listening', 'failed', 'listening', 'listening'])
  expect(states()[1]).toMatchObject({ url: null, error: { code: 'port-in-use' } })
  for (const { url } of states().filter((listener) => listener.url !== null)) {
    expect((await fetchWhole(String(url).replace('127.0.0.1', 'localhost'), {}, { ca })).text).toBe('served')
  }
  await taken.close()
  await expect.poll(() => states()[1]?.state).toBe('listening')
  expect((await fetchWhole(`https://localhost:${taken.port}`, {}, { ca })).text).toBe('served')
})

test('an address that changes from plain to TLS serves TLS at once, and its open streams go on', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const port = await freePort()
  const config = (listen: string) => JSON.stringify({ version: 1, listen, routes: [routeTo(upstream.url)] })
  const gateway = await startGateway(config(`127.0.0.1:${port}`), { onDisk: true })
  onTestFinished(() => gateway.close())
  const open = request(`http://127.0.0.1:${port}/`)
  const exchange = await upstream.next()
  await exchange.eventStream()
  const stream = await open
  await writeFile(String(gateway.configFile), config(`https://127.0.0.1:${port}`))
  await expect.poll(() => gateway.gateway.status().listeners[0]).toMatchObject({ url: `https://127.0.0.1:${port}`, state: 'listening' })
  const { certificate: ca } = await gateway.command('listener.trust')
  const secure = fetchWhole(`https://localhost:${port}/`, {}, { ca })
  await (await upstream.next()).answer('by TLS')
  expect((await secure).text).toBe('by TLS')
  await exchange.chunk('data: still\n\n')
  await stream.waitForText('still')
})

test('a gateway that stops asks HTTP/2 clients for no more streams, and lets those that are open end', async () => {
  const { upstream, gateway, url, ca } = await start()
  const session = await openHttp2(url, ca)
  const asked = new Http2Exchange(session, { ':path': '/' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await asked.headed()
  const goAway = new Promise((resolve) => session.once('goaway', resolve))
  await gateway.command('gateway.stop')
  expect(await goAway).toBe(0)
  await exchange.chunk('data: last\n\n')
  await exchange.endChunks()
  await asked.closed()
  expect([asked.body.toString(), asked.hasEnded]).toEqual(['data: last\n\n', true])
  await new Promise((resolve) => (session.destroyed ? resolve(null) : session.once('close', resolve)))
})

test('a request from the window goes to a TLS listener where there is no other', async () => {
  const { upstream, gateway } = await start()
  await gateway.command('request.send', { method: 'GET', url: '/from-the-window' })
  const exchange = await upstream.next()
  expect(exchange.target).toBe('/from-the-window')
  await exchange.answer()
})

test('what to trust is told, with the commands for it, and nothing is installed', async () => {
  const { gateway } = await start()
  const trust = await gateway.command('listener.trust')
  expect(trust).toMatchObject({
    file: `${gateway.dataDir}/local-ca.crt`,
    fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
  })
  expect(trust.steps.length).toBeGreaterThan(5)
  for (const step of trust.steps.filter(({ commands }) => commands.length > 0)) expect(JSON.stringify(step)).toContain('local-ca')
})

test.for(['ftp://127.0.0.1:1', 'https://127.0.0.1', 'https://127.0.0.1:1/', 'https://user@127.0.0.1:70000', 'https://0.0.0.0:0'])(
  'the address %s is refused',
  async (address) => {
    await expect(startGateway({ listen: [address] })).rejects.toThrow()
  },
)

test('the same address twice is refused, plain or not', async () => {
  await expect(startGateway({ listen: ['127.0.0.1:9', 'https://127.0.0.1:9'] })).rejects.toThrow()
})

async function freePort(): Promise<number> {
  const upstream = await startUpstream()
  await upstream.close()
  return upstream.port
}
