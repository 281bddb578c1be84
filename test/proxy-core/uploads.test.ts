// RFC 9112 §6: request bodies reach the upstream as they come, byte for byte, at the upstream's pace.
import { createHash, randomFillSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { chunkBytes } from '../support/http-reader.ts'
import { startUpstream } from '../support/upstream.ts'
import { spanOf } from './support/measure.ts'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  return { upstream, gateway, client: await openClient(gateway.url) }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a body with a length arrives with that length', async () => {
  const { upstream, client } = await start()
  for (const bytes of [1, 10, 70_000]) {
    const body = randomFillSync(Buffer.alloc(bytes))
    const responding = client.request({ method: 'POST', body })
    const exchange = await upstream.next()
    expect(exchange.header('content-length')).toBe(String(bytes))
    expect(exchange.header('transfer-encoding')).toBeNull()
    expect((await exchange.body()).equals(body)).toBe(true)
    await exchange.answer('taken')
    expect((await (await responding).readAll()).toString()).toBe('taken')
  }
})

test('a body in chunks arrives in chunks, each before the next is sent', async () => {
  const { upstream, client } = await start()
  client.send({ method: 'PUT', fields: { 'Transfer-Encoding': 'chunked' } })
  client.write(chunkBytes('part 0;'))
  const exchange = await upstream.next()
  expect(exchange.header('transfer-encoding')).toBe('chunked')
  expect(exchange.header('content-length')).toBeNull()
  let text = 'part 0;'
  for (let index = 1; index <= 50; index++) {
    client.write(chunkBytes(`part ${index};`))
    text += `part ${index};`
    await exchange.bodyBytes(text.length)
  }
  client.write('0\r\n\r\n')
  expect((await exchange.body()).toString()).toBe(text)
  await exchange.answer('taken')
  expect((await client.nextResponse()).status).toBe(200)
})

test('a POST with an empty body keeps its length of 0, and a GET gets none', async () => {
  const { upstream, client } = await start()
  for (const method of ['POST', 'PUT', 'PATCH']) {
    const responding = client.request({ method, body: '' })
    const exchange = await upstream.next()
    expect(exchange.header('content-length'), method).toBe('0')
    expect(exchange.header('transfer-encoding'), method).toBeNull()
    await exchange.answer('')
    expect((await responding).status).toBe(200)
  }
  const responding = client.request()
  const exchange = await upstream.next()
  expect(exchange.header('content-length')).toBeNull()
  await exchange.answer('')
  await responding
  expect(upstream.connections).toBe(1)
})

test('the end of a chunked body that is empty is passed on', async () => {
  const { upstream, client } = await start()
  client.send({ method: 'POST', fields: { 'Transfer-Encoding': 'chunked' } })
  client.write('0\r\n\r\n')
  const exchange = await upstream.next()
  expect(await exchange.body()).toHaveLength(0)
  await exchange.answer('taken')
  expect((await client.nextResponse()).status).toBe(200)
})

test('an upload of 20 MB waits for the upstream, and arrives exact', async () => {
  const { upstream, gateway, client } = await start()
  const feed = await gateway.feed()
  const body = randomFillSync(Buffer.alloc(20_000_000))
  client.send({ method: 'POST', fields: { 'Content-Length': String(body.length) } })
  client.write(body.subarray(0, 1000))
  const exchange = await upstream.next()
  exchange.pause()
  client.write(body.subarray(1000))
  await untilSteady(() => client.socket.writableLength)
  // What the upstream does not read stays with the client, but for what the kernel and a read or two take.
  expect(client.socket.writableLength).toBeGreaterThan(0)
  feed.look([1 as ExchangeId])
  expect((await feed.exchange((one) => one.requestBytes > 0)).requestBytes).toBeLessThan(15_000_000)
  exchange.resume()
  expect(digest(await exchange.body())).toBe(digest(body))
  await exchange.answer('taken')
  expect((await client.nextResponse()).status).toBe(200)
  expect((await feed.exchange((one) => one.state === 'complete')).requestBytes).toBe(body.length)
})

test('an upload and its answer flow at the same time', async () => {
  const { upstream, client } = await start()
  client.send({ method: 'POST', fields: { 'Transfer-Encoding': 'chunked' } })
  client.write(chunkBytes('0;'))
  const exchange = await upstream.next()
  await exchange.chunked()
  const response = await client.nextResponse()
  let sent = '0;'
  for (let index = 1; index <= 20; index++) {
    await exchange.chunk(await exchange.bodyBytes(sent.length))
    await response.waitForText(sent)
    client.write(chunkBytes(`${index};`))
    sent += `${index};`
  }
  client.write('0\r\n\r\n')
  await exchange.body()
  exchange.end()
  await response.readAll()
  expect(response.isDestroyedEarly).toBe(false)
})

const tooLarge = { status: 413, reason: 'Content Too Large' }
test.for([
  ['an answer of the upstream’s', '/', 413],
  ['an answer of an upstream that then closes the connection', '/closing', 413],
  ['an error of the gateway’s own', '/unreachable', 502],
  ['a refusal', '/unknown', 404],
] as const)(
  'a client that sends all of a large body before it reads gets %s, and may go on with its connection',
  async ([, target, status]) => {
    const upstream = await startUpstream(async (exchange) => {
      await exchange.bodyBytes(1000)
      exchange.pause()
      await exchange.answer('too large', { ...tooLarge, ...(target === '/closing' ? { fields: { Connection: 'close' } } : {}) })
    })
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({
      routes: [
        routeTo(upstream.url, { match: { path: '/' } }),
        routeTo(upstream.url, { id: 'closing', match: { path: '/closing' } }),
        routeTo('http://127.0.0.1:1', { id: 'unreachable', match: { path: '/unreachable' } }),
      ],
    })
    onTestFinished(() => gateway.close())
    const client = await openClient(gateway.url)
    client.pause()
    const body = Buffer.alloc(20_000_000, 'x')
    client.send({ method: 'POST', target, fields: { 'Content-Length': String(body.length) } })
    await new Promise((resolve) => client.socket.write(body, resolve))
    client.resume()
    const response = await client.nextResponse()
    expect(response.status).toBe(status)
    expect((await response.readAll()).length).toBeGreaterThan(0)
    expect(response.isDestroyedEarly).toBe(false)
    expect(gateway.gateway.openExchanges()).toBe(0)
    expect((await client.request({ target: '/unknown' })).status).toBe(404)
  },
)

/** Waits until a number has not changed for a while. */
async function untilSteady(read: () => number): Promise<void> {
  for (let before = Number.NaN; before !== read();) {
    before = read()
    await spanOf(100)
  }
}
