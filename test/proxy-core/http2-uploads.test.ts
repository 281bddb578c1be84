// Issue 3 §2 and §3: request bodies to an upstream that speaks HTTP/2.
import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, openClient } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { startHttp2Upstream } from './support/http2-upstream.ts'

async function start() {
  const { upstream, streams } = await startHttp2Upstream()
  const gateway = await startGateway({ routes: [{ id: 'all', match: { path: '/*' }, upstream }] })
  onTestFinished(() => gateway.close())
  const stream = async (path: string) => (await streams(path, 1)).at(-1)!
  return { gateway, stream }
}

test.for([[11], [3_000_000]] as const)('an upload of %i bytes arrives exact, is counted, and has its whole answer', async ([bytes]) => {
  const { gateway, stream } = await start()
  const feed = await gateway.feed()
  const body = randomBytes(bytes)
  const answering = fetchWhole(`${gateway.url}/up`, { method: 'POST', body })
  const arrived = await stream('/up')
  expect((await buffer(arrived)).equals(body)).toBe(true)
  // The head and the body of the answer come in one piece.
  arrived.respond({ ':status': 200 })
  arrived.end('taken')
  const answer = await answering
  expect([answer.status, answer.text]).toEqual([200, 'taken'])
  const { requestBytes, state } = await feed.exchange((one) => one.state !== 'open')
  expect([requestBytes, state]).toEqual([bytes, 'complete'])
})

test('an upstream that does not read an upload makes its client wait', async () => {
  const { gateway, stream } = await start()
  const feed = await gateway.feed()
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  const body = randomBytes(40_000_000)
  client.send({ method: 'POST', target: '/up', fields: { 'Content-Length': String(body.length) } })
  client.write(body)
  const arrived = await stream('/up')
  const { id } = await feed.exchange((one) => one.target === '/up')
  feed.look([id])
  await feed.exchange((one) => one.id === id && one.requestBytes > 0, 'an upload that has begun')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect((await feed.exchange((one) => one.id === id)).requestBytes).toBeLessThan(8_000_000)
  expect((await buffer(arrived)).equals(body)).toBe(true)
  arrived.respond({ ':status': 200 })
  arrived.end('taken')
  expect((await (await client.nextResponse()).readAll()).toString()).toBe('taken')
})

test('a client that leaves in the middle of its upload resets the stream', async () => {
  const { gateway, stream } = await start()
  const client = await openClient(gateway.url)
  client.send({ method: 'POST', target: '/up', fields: { 'Content-Length': '1000000' } })
  client.write('some')
  const arrived = await stream('/up')
  await new Promise((resolve) => arrived.once('data', resolve))
  client.leave()
  await new Promise((resolve) => (arrived.closed ? resolve(null) : arrived.once('close', resolve)))
  await expect.poll(() => gateway.gateway.openExchanges()).toBe(0)
})
