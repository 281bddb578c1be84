// QUALITY B1, B2 over HTTP/2: the switch on open streams, exact bytes, both clocks.
import { randomBytes } from 'node:crypto'
import { constants } from 'node:http2'
import { expect, onTestFinished, test } from 'vitest'
import { epochMs } from '../support/epoch.ts'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'

async function start(response: 'off' | 'on') {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const tls = await startTlsGateway({ routes: [routeTo(upstream.url, { buffering: { response, holdBytes: null, memoryBytes: 65_536 } })] })
  const session = await openHttp2(tls.url, tls.ca)
  const flip = (to: 'off' | 'on') => tls.gateway.command('route.buffering', { id: 'all', response: to })
  const release = () => tls.gateway.command('route.release', { id: 'all' })
  return { upstream, session, flip, release, ...tls }
}

test('flips and releases reach an open HTTP/2 stream within 50 ms, and every byte comes once and in order', async () => {
  const { upstream, session, flip, release } = await start('off')
  const asked = new Http2Exchange(session, { ':path': '/' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await asked.headed()
  const pieces: Buffer[] = []
  const send = async (bytes: number): Promise<void> => {
    const piece = randomBytes(bytes)
    pieces.push(piece)
    await exchange.chunk(piece)
  }
  const sent = (): number => pieces.reduce((sum, piece) => sum + piece.length, 0)
  const latencies: number[] = []
  for (let round = 0; round < 12; round++) {
    await send(1000 + round)
    await asked.untilBytes(sent())
    await flip('on')
    const before = sent()
    await send(20_000 + round * 7919)
    await send(3)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(asked.body.length).toBe(before)
    const at = epochMs()
    if (round % 2 === 0) await release()
    else await flip('off')
    await asked.untilBytes(sent())
    latencies.push(epochMs() - at)
    await flip('off')
  }
  await exchange.endChunks()
  await asked.closed()
  expect(asked.body.equals(Buffer.concat(pieces))).toBe(true)
  expect([asked.hasEnded, asked.resetCode]).toEqual([true, 0])
  expect(latencies.toSorted((a, b) => a - b)[6]).toBeLessThanOrEqual(50)
})

test('what was held when the upstream broke off is delivered, and then the stream is reset', async () => {
  const { upstream, session } = await start('on')
  const asked = new Http2Exchange(session, { ':path': '/' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await asked.headed()
  const body = randomBytes(40_000)
  await exchange.chunk(body)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(asked.body.length).toBe(0)
  exchange.reset()
  await asked.closed()
  expect(asked.body.equals(body)).toBe(true)
  expect([asked.hasEnded, asked.resetCode]).toEqual([false, constants.NGHTTP2_INTERNAL_ERROR])
})

test('with buffering on the upstream is freed while the client does not read', async () => {
  const { upstream, session } = await start('on')
  const asked = new Http2Exchange(session, { ':path': '/' })
  asked.stream.pause()
  const exchange = await upstream.next()
  const body = randomBytes(6_000_000)
  await exchange.answer(body)
  asked.stream.resume()
  await asked.closed()
  expect(asked.body.equals(body)).toBe(true)
})

test('the record says HTTP/2, and has when each event came and left', async () => {
  const { upstream, session, gateway } = await start('on')
  const feed = await gateway.feed()
  const asked = new Http2Exchange(session, { ':path': '/' })
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: held\n\n')
  await new Promise((resolve) => setTimeout(resolve, 100))
  await exchange.endChunks()
  await asked.closed()
  const record = await feed.exchange((one) => one.state !== 'open', 'the end of the exchange')
  expect(record).toMatchObject({
    state: 'complete',
    httpVersion: '2',
    host: expect.stringMatching(/^localhost:/) as string,
    rows: 1,
    leftRows: 1,
  })
  const { rows } = await gateway.command('exchange.rows', { id: record.id, from: 0, to: 1 })
  const [row] = rows
  expect((row?.leftAt ?? 0) - (row?.arrivedAt ?? 0)).toBeGreaterThan(90)
})
