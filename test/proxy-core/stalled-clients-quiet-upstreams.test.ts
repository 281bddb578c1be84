// QUALITY F6 without the wait: `npm run soak -- --patience` waits in real time. Every timer of the gateway and of undici is moved on by hand.
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

// One fake clock for all: undici keeps a timer of its own beyond a test, which another clock would leave dead.
beforeAll(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterAll(() => void vi.useRealTimers())

async function open(limits: { headTimeoutMs?: number; idleTimeoutMs?: number } = {}) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { upstream: { url: upstream.url, ...limits } })] })
  onTestFinished(() => gateway.close())
  return { upstream, gateway }
}

/** Moves all timers on, in steps that leave each one the time to set its next. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) await vi.advanceTimersByTimeAsync(1000)
}

test('no timer ends an exchange whose upstream has been thinking for 61 s before its head, on a route that says nothing about it', async () => {
  const { upstream, gateway } = await open()
  const responding = request(gateway.url, {}, { timeoutMs: 3_600_000 })
  const exchange = await upstream.next()
  await pass(61_000)
  expect(exchange.isClosed).toBe(false)
  await exchange.answer('thought')
  const response = await responding
  await response.readAll()
  expect([response.status, response.text]).toEqual([200, 'thought'])
})

test('no timer ends a stream that has been silent for 310 s', async () => {
  const { upstream, gateway } = await open()
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: first\n\n')
  const response = await responding
  await response.waitForText('first')
  await pass(310_000)
  expect(exchange.isClosed).toBe(false)
  await exchange.chunk('data: second\n\n')
  await response.waitForText('second')
})

test('the same time ends both where the route sets a limit', async () => {
  const { upstream, gateway } = await open({ headTimeoutMs: 30_000, idleTimeoutMs: 30_000 })
  const responding = request(gateway.url, {}, { timeoutMs: 3_600_000 })
  await upstream.next()
  const streaming = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.eventStream()
  const stream = await streaming
  await pass(61_000)
  expect((await responding).status).toBe(504)
  await stream.readAll()
  expect(stream.isDestroyedEarly).toBe(true)
})
