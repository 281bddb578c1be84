// RFC 9112 §6, §9.3: many answers on one connection, each framed in its own way, and none spills into the next.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'

type Answer = (exchange: UpstreamExchange, body: Buffer) => Promise<void>

const inChunks =
  (sizeBytes: number): Answer =>
  async (exchange, body) => {
    await exchange.chunked()
    for (let at = 0; at < body.length; at += sizeBytes) await exchange.chunk(body.subarray(at, at + sizeBytes))
    await exchange.endChunks()
  }
const withLength: Answer = (exchange, body) => exchange.answer(body)
const upToTheEnd: Answer = async (exchange, body) => {
  await exchange.head({ fields: { Connection: 'close' } })
  await exchange.write(body)
  exchange.end()
}

/** Bodies that look like framing, and sizes on both sides of those that the gateway writes in another way. */
const bodies = [0, 1, 15, 16, 4095, 16_383, 16_384, 16_385, 70_000].flatMap((bytes) => [
  Buffer.alloc(bytes, '\r\n0\r\n\r\n'),
  Buffer.alloc(bytes, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
])
const answers: readonly Answer[] = [inChunks(7), withLength, inChunks(100_000), upToTheEnd, withLength, inChunks(16_384)]

test.for(['off', 'on'] as const)(
  'with buffering %s, one connection carries chunked and measured answers one after the other',
  async (response) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response, holdBytes: 5000 } })] })
    onTestFinished(() => gateway.close())
    const client = await openClient(gateway.url)
    for (const body of bodies) {
      for (const answer of answers) {
        if (answer === answers[0] && body.length > 5000) continue
        const responding = client.request()
        const exchange = await upstream.next()
        const isAnswered = answer(exchange, body)
        const got = await responding
        expect((await got.readAll()).equals(body)).toBe(true)
        expect(got.isDestroyedEarly).toBe(false)
        await isAnswered
      }
    }
    expect(client.isClosed).toBe(false)
  },
)

test('idle connections to the upstream are used again, and one that the upstream has closed is not', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  const ask = async () => {
    const responding = client.request()
    const exchange = await upstream.next()
    await exchange.answer('ok')
    await (await responding).readAll()
    return exchange
  }
  await ask()
  const second = await ask()
  expect(upstream.connections).toBe(1)
  second.end()
  await upstream.untilOpenConnections(0)
  await ask()
  expect(upstream.connections).toBe(2)
})

test('a client that asks for the end of the connection gets it after its answer', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('last'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  const response = await client.request({ fields: { Connection: 'close' } })
  expect(response.header('connection')).toBe('close')
  expect((await response.readAll()).toString()).toBe('last')
  expect((await client.closed()).isReset).toBe(false)
})

test('what an upstream sends beyond its answer reaches no client, nor does it answer the next request', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  for (const beyond of ['more', 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned']) {
    const responding = client.request()
    const exchange = await upstream.next()
    await exchange.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345${beyond}`)
    expect((await (await responding).readAll()).toString()).toBe('12345')
    await exchange.closed()
    const next = client.request()
    await (await upstream.next()).answer('next')
    expect((await (await next).readAll()).toString()).toBe('next')
  }
})
