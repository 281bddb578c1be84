// DESIGN §6: encoded streams are decoded in the tap as they flow; the bytes on their way to the client know nothing of it.
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { StreamEncoder } from './support/encoded-stream.ts'

async function openGatewayTo(handler?: (exchange: UpstreamExchange) => void | Promise<void>) {
  const upstream = await startUpstream(handler)
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  return { upstream, gateway, feed, ended: () => feed.exchange((exchange) => exchange.state !== 'open') }
}

test.each(['gzip', 'br', 'zstd'] as const)(
  'the events of an open stream in %s are seen one by one, and its bytes pass untouched',
  async (coding) => {
    const { upstream, gateway, feed, ended } = await openGatewayTo()
    const responding = request(gateway.url, { fields: { 'Accept-Encoding': coding } })
    const exchange = await upstream.next()
    await exchange.eventStream({ 'Content-Encoding': coding })
    const response = await responding
    const encoder = new StreamEncoder(coding)
    const wire: Buffer[] = []
    for (let index = 0; index < 10; index++) {
      const bytes = await encoder.encode(`id: ${index}\ndata: tick\n\n`)
      wire.push(bytes)
      await exchange.chunk(bytes)
      await response.waitForBytes(Buffer.concat(wire).length)
      const { id, events } = await feed.exchange((each) => each.events === index + 1)
      const { rows } = await gateway.command('exchange.rows', { id, from: index, to: index + 1 })
      expect(rows).toMatchObject([{ index, type: 'event', eventId: String(index), preview: 'tick' }])
      expect(events).toBe(index + 1)
    }
    wire.push(await encoder.end())
    await exchange.chunk(wire.at(-1) as Buffer)
    exchange.end()
    expect(await response.readAll()).toEqual(Buffer.concat(wire))
    const { events, leftRows, decodeError, rowKind, verdict, id } = await ended()
    expect({ events, leftRows, decodeError, rowKind }).toEqual({ events: 10, leftRows: 10, decodeError: null, rowKind: 'event' })
    expect(verdict.type).toBe('passes')
    const body = await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 100_000 })
    expect(Buffer.from(body.bytes)).toEqual(Buffer.concat(wire))
  },
)

test('the end is announced with every row, though the decoder is still at work when the client has them all', async () => {
  const count = 100_000
  const body = gzipSync(Array.from({ length: count }, (_, index) => `id: ${index}\ndata: ${Math.sin(index)}\n\n`).join(''))
  const { gateway, ended } = await openGatewayTo((exchange) =>
    exchange.answer(body, { fields: { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' } }),
  )
  const response = await fetchWhole(gateway.url)
  expect(response.bytes).toEqual(body)
  const { events, leftRows, endedAt, startedAt } = await ended()
  expect([events, leftRows]).toEqual([count, count])
  expect((endedAt ?? 0) - startedAt).toBeGreaterThan(0)
})

test('a body that is not what it says goes on to the client, and the exchange says why its rows are chunks', async () => {
  const { gateway, ended } = await openGatewayTo(async (exchange) => {
    await exchange.eventStream({ 'Content-Encoding': 'gzip' })
    await exchange.chunk('data: plain\n\n')
    exchange.end()
  })
  const response = await fetchWhole(gateway.url)
  expect(response.text).toBe('data: plain\n\n')
  const { id, events, decodeError, verdict } = await ended()
  expect({ events, decodeError }).toEqual({ events: 0, decodeError: { code: 'invalid', coding: 'gzip', atByte: 0 } })
  expect(verdict.type).toBe('passes')
  const { rows } = await gateway.command('exchange.rows', { id, from: 0, to: 10 })
  expect(rows).toMatchObject([{ type: 'chunk', preview: 'data: plain' }])
})

test('a bomb passes byte by byte and is not unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000))
  const { gateway, ended } = await openGatewayTo((exchange) =>
    exchange.answer(bomb, { fields: { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' } }),
  )
  expect((await fetchWhole(gateway.url)).bytes).toEqual(bomb)
  expect((await ended()).decodeError?.code).toBe('too-large')
})

test.each([
  ['a coding that nobody knows', { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'lzma' }, 'unknown-coding'],
  ['a picture', { 'Content-Type': 'image/png', 'Content-Encoding': 'gzip' }, null],
  ['a plain body that names its coding', { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'identity' }, null],
])('%s is left as it is', async (_, fields, code) => {
  const { gateway, ended } = await openGatewayTo((exchange) => exchange.answer('data: x\n\n', { fields }))
  expect((await fetchWhole(gateway.url)).text).toBe('data: x\n\n')
  const { decodeError, rows } = await ended()
  expect([decodeError?.code ?? null, rows]).toEqual([code, 1])
})

test('what has no body, or a part of one, has nothing to decode', async () => {
  const fields = { 'Content-Type': 'text/event-stream', 'Content-Encoding': 'gzip' }
  const { gateway, feed } = await openGatewayTo((exchange) =>
    exchange.method === 'HEAD'
      ? exchange.head({ fields: { ...fields, 'Content-Length': '100' } })
      : exchange.answer('part', { status: 206, reason: 'Partial Content', fields: { ...fields, 'Content-Range': 'bytes 4-7/100' } }),
  )
  await fetchWhole(gateway.url, { method: 'HEAD' })
  const head = await feed.exchange((each) => each.id === 1 && each.state === 'complete')
  await fetchWhole(gateway.url)
  const part = await feed.exchange((each) => each.id === 2 && each.state === 'complete')
  expect([head.decodeError, part.decodeError, part.rowKind]).toEqual([null, null, 'chunk'])
})

test('an upstream that is cut inside an encoded body leaves the rows that came, and no second error', async () => {
  const encoder = new StreamEncoder('gzip')
  const wire = await encoder.encode('data: a\n\n')
  const { gateway, ended } = await openGatewayTo(async (exchange) => {
    await exchange.eventStream({ 'Content-Encoding': 'gzip' })
    await exchange.chunk(wire)
    await new Promise((resolve) => setTimeout(resolve, 50))
    exchange.reset()
  })
  const response = await request(gateway.url)
  await response.readAll().catch(() => undefined)
  const { state, events, decodeError } = await ended()
  expect([state, events, decodeError]).toEqual(['failed', 1, null])
})
