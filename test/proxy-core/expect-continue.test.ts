// RFC 9110 §10.1.1: a client that asks before it sends its body is told to go on once the upstream is ready for it.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { match: { path: '/known' } })] })
  onTestFinished(() => gateway.close())
  return { upstream, client: await openClient(gateway.url) }
}

const asking = { method: 'POST', target: '/known', fields: { Expect: '100-continue', 'Content-Length': '4' } }

test('a client that waits for 100 is told to continue, and its body arrives', async () => {
  const { upstream, client } = await start()
  let heads = ''
  client.socket.on('data', (bytes: Buffer) => (heads += bytes.toString()))
  client.send(asking)
  await expect.poll(() => heads).toContain('\r\n\r\n')
  expect(heads).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  client.write('body')
  const exchange = await upstream.next()
  expect((await exchange.body()).toString()).toBe('body')
  // The gateway has answered it, so that it is not asked again further on.
  expect(exchange.header('expect')).toBeNull()
  await exchange.answer('taken')
  const response = await client.nextResponse()
  expect(response.status).toBe(200)
  expect(response.informational).toHaveLength(1)
  expect((await response.readAll()).toString()).toBe('taken')
})

test('a client that is refused is not asked for its body', async () => {
  const { upstream, client } = await start()
  const response = await client.request({ ...asking, target: '/unknown' })
  expect(response.status).toBe(404)
  expect(response.informational).toHaveLength(0)
  await response.readAll()
  await client.closed()
  expect(upstream.exchanges).toHaveLength(0)
})

test('another expectation is refused with 417', async () => {
  const { upstream, client } = await start()
  const response = await client.request({ ...asking, fields: { Expect: 'the-unexpected', 'Content-Length': '4' } })
  expect(response.status).toBe(417)
  expect(upstream.exchanges).toHaveLength(0)
})

test('1xx of the upstream end no exchange: the final answer is the one that comes after', async () => {
  const { upstream, client } = await start()
  const responding = client.request({ target: '/known' })
  const exchange = await upstream.next()
  await exchange.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
  await exchange.answer('final')
  const response = await responding
  expect(response.status).toBe(200)
  expect((await response.readAll()).toString()).toBe('final')
})
