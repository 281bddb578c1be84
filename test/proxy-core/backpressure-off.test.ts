// QUALITY B5: with buffering off, the backpressure of a slow client reaches the upstream.
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { fillUntilStuck } from './support/fill.ts'

test('with buffering off a client that stops reading makes the upstream wait, and gets every byte when it reads on', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response: 'off', memoryBytes: 16_384 } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.chunked()
  const response = await responding
  response.client.pause()

  const sent = await fillUntilStuck(exchange, 64_000_000)
  expect(sent.length, 'the upstream has to wait').toBeLessThan(64_000_000)
  feed.look([1 as ExchangeId])
  const stalled = await feed.exchange((one) => one.arrivedBytes > one.leftBytes, 'bytes that wait for the client')
  expect(stalled.heldBytes).toBe(0)
  // What the gateway itself keeps is a read or two, not a queue.
  expect(stalled.arrivedBytes - stalled.leftBytes).toBeLessThan(1_000_000)

  response.client.resume()
  exchange.end()
  expect((await response.readAll()).equals(sent)).toBe(true)
  const { verdict } = await feed.exchange((one) => one.state === 'complete')
  expect(verdict.type).toBe('client-slow')
})

test('a client that stops reading slows no other stream', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const slow = request(gateway.url)
  const stuck = await upstream.next()
  await stuck.chunked()
  ;(await slow).client.pause()
  await fillUntilStuck(stuck, 64_000_000)

  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.eventStream()
  const response = await responding
  for (let index = 1; index <= 200; index++) {
    void exchange.chunk('data: x\n\n')
    await response.waitForBytes(index * 9)
  }
})
