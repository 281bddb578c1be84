// RFC 9112 §9.3.2: pipelined requests are answered in the order in which they came, whichever upstream is the faster.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({
    routes: [
      routeTo(upstream.url),
      routeTo(upstream.url, { id: 'held', match: { path: '/held' }, buffering: { response: 'on', holdBytes: null } }),
    ],
  })
  onTestFinished(() => gateway.close())
  return { upstream, gateway, client: await openClient(gateway.url) }
}

test('pipelined requests are answered in order, streams, bodies and refusals among them', async () => {
  const { upstream, client } = await start()
  client.send({ target: '/first' })
  client.send({ target: '/second', method: 'POST', body: 'a body' })
  client.send({ target: '/third', host: 'evil.example' })
  client.send({ target: '/held' })
  client.send({ target: '/fifth', method: 'HEAD' })
  client.send({ target: '/sixth' })

  const first = await upstream.next()
  expect(first.target).toBe('/first')
  await first.eventStream()
  const stream = await client.nextResponse()
  for (let index = 1; index <= 20; index++) {
    await first.chunk('data: x\n\n')
    await stream.waitForBytes(index * 9)
  }
  first.end()
  await stream.readAll()
  expect(stream.isDestroyedEarly).toBe(false)

  const second = await upstream.next()
  expect((await second.body()).toString()).toBe('a body')
  await second.answer('second')
  expect((await (await client.nextResponse()).readAll()).toString()).toBe('second')
  expect((await client.nextResponse()).status).toBe(421)

  const held = await upstream.next()
  expect(held.target).toBe('/held')
  await held.chunked()
  for (let index = 0; index < 50; index++) await held.chunk('y'.repeat(1000))
  held.end()
  expect((await (await client.nextResponse()).readAll()).toString()).toBe('y'.repeat(50_000))

  await (await upstream.next()).head({ fields: { 'Content-Length': '5' } })
  expect((await client.nextResponse()).header('content-length')).toBe('5')
  await (await upstream.next()).answer('sixth')
  expect((await (await client.nextResponse()).readAll()).toString()).toBe('sixth')
  expect(upstream.exchanges).toHaveLength(5)
})

test('a client that leaves with requests in the queue has none of them sent', async () => {
  const { upstream, gateway, client } = await start()
  for (let index = 0; index < 5; index++) client.send({ target: `/${index}` })
  const first = await upstream.next()
  await first.eventStream()
  await client.nextResponse()
  client.leave()
  await first.closed()
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
  expect(upstream.exchanges).toHaveLength(1)
})

test('a cut answer ends the connection, and no later answer follows it', async () => {
  const { upstream, client } = await start()
  client.send({ target: '/first' })
  client.send({ target: '/second' })
  const first = await upstream.next()
  await first.eventStream()
  await first.chunk('data: x\n\n')
  const stream = await client.nextResponse()
  await stream.waitForBytes(9)
  first.reset()
  await stream.readAll()
  expect(stream.isDestroyedEarly).toBe(true)
  await expect(client.nextResponse()).rejects.toThrow('closed before the head')
  expect(upstream.exchanges).toHaveLength(1)
})
