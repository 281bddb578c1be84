// QUALITY H7: each of 1,000 events reaches the client before the next is sent; gzip never delays one.
import { createGunzip, createGzip, constants } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'

const events = 1000
const event = (index: number) => `id: ${index}\ndata: ${'x'.repeat(index % 97)}\n\n`
const whole = Array.from({ length: events }, (_, index) => event(index)).join('')

async function open(buffering: RouteInput['buffering'], sendHead: (exchange: UpstreamExchange) => Promise<void>) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, buffering === undefined ? {} : { buffering })] })
  onTestFinished(() => gateway.close())
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await sendHead(exchange)
  return { exchange, response: await responding }
}

const eventStream = { 'Content-Type': 'text/event-stream; charset=utf-8' }

test.for([
  ['in chunks, with buffering off', 'off'],
  ['with a length, with buffering off', 'off'],
  ['up to the end of the connection, with buffering off', 'off'],
  ['in chunks, with buffering auto', 'auto'],
  ['in chunks, on a route that holds a byte at most', { response: 'on', holdBytes: 1 }],
] as const)('each of 1,000 events reaches the client before the next is sent: %s', async ([how, buffering]) => {
  const isChunked = how.startsWith('in chunks')
  const { exchange, response } = await open(buffering, (one) => {
    if (isChunked) return one.eventStream()
    return one.head({
      fields: {
        ...eventStream,
        ...(how.startsWith('with a length') ? { 'Content-Length': String(whole.length) } : { Connection: 'close' }),
      },
    })
  })
  let bytes = 0
  for (let index = 0; index < events; index++) {
    const text = event(index)
    bytes += text.length
    void (isChunked ? exchange.chunk(text) : exchange.write(text))
    await response.waitForBytes(bytes)
  }
  exchange.end()
  expect((await response.readAll()).toString()).toBe(whole)
  expect(response.isDestroyedEarly).toBe(false)
})

test('each event of a gzipped stream can be unpacked by the client before the next is sent', async () => {
  const { exchange, response } = await open('auto', (one) => one.eventStream({ 'Content-Encoding': 'gzip' }))
  const packer = createGzip()
  packer.on('data', (bytes: Buffer) => void exchange.chunk(bytes))
  const unpacker = createGunzip()
  let unpacked = ''
  unpacker.on('data', (bytes: Buffer) => (unpacked += bytes.toString()))
  let taken = 0
  for (let index = 0; index < 200; index++) {
    packer.write(event(index))
    packer.flush(constants.Z_SYNC_FLUSH)
    await expect
      .poll(
        () => {
          for (; taken < response.pieces.length; taken++) unpacker.write(response.pieces[taken]?.bytes)
          return unpacked.endsWith(event(index))
        },
        { interval: 0 },
      )
      .toBe(true)
  }
})
