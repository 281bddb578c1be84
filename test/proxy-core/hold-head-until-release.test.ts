// DESIGN §3, §4: `holdHead` also holds the response head until the first release, as nginx does; without it the head goes at once.
import { expect, onTestFinished, test } from 'vitest'
import { openClient, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { spanOf } from './support/measure.ts'

async function start(holdHead: boolean, response: 'on' | 'off' = 'on') {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response, holdBytes: 100, holdHead } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  return { upstream, gateway, feed }
}

/** Asks for a stream whose head the upstream sends, and tells whether the client has it. */
async function askForHead({ upstream, gateway, feed }: Awaited<ReturnType<typeof start>>) {
  const seen = { head: false }
  const responding = request(gateway.url).then((response) => {
    seen.head = true
    return response
  })
  const exchange = await upstream.next()
  await exchange.eventStream()
  const { id } = await feed.exchange((one) => one.status === 200, 'the head at the gateway')
  return { seen, responding, exchange, id }
}

/** Long enough for a head that is not held to have come. */
const settleMs = 50

test('the head of a response that is held goes at once, unless the route holds it too', async () => {
  const parts = await start(false)
  const { responding } = await askForHead(parts)
  expect((await responding).status).toBe(200)
})

test('a held head leaves with the first release by size, ahead of the bytes', async () => {
  const { seen, responding, exchange } = await askForHead(await start(true))
  await exchange.chunk('x'.repeat(99))
  await spanOf(settleMs)
  expect(seen.head).toBe(false)
  await exchange.chunk('x')
  expect((await (await responding).waitForBytes(100)).toString()).toBe('x'.repeat(100))
})

test.for(['exchange', 'route'] as const)(
  'a held head leaves when its %s is released by hand, with or without bytes behind it',
  async (what) => {
    for (const body of ['x', '']) {
      const parts = await start(true)
      const { seen, responding, exchange, id } = await askForHead(parts)
      if (body) {
        await exchange.chunk(body)
        await parts.feed.exchange((one) => one.heldBytes === 1)
      }
      expect(seen.head).toBe(false)
      if (what === 'exchange') await parts.gateway.command('exchange.release', { id })
      else await parts.gateway.command('route.release', { id: 'all' })
      expect((await (await responding).waitForBytes(body.length)).toString()).toBe(body)
    }
  },
)

test('a held head leaves at once when the route or the exchange is flipped to off, even with nothing behind it', async () => {
  const parts = await start(true)
  const one = await askForHead(parts)
  const other = await askForHead(parts)
  await spanOf(settleMs)
  expect([one.seen.head, other.seen.head]).toEqual([false, false])
  await parts.gateway.command('exchange.override', { id: 1, response: 'off' })
  expect((await one.responding).status).toBe(200)
  expect(other.seen.head).toBe(false)
  await parts.gateway.command('route.buffering', { id: 'all', response: 'off' })
  expect((await other.responding).status).toBe(200)
})

test('a held head leaves with the end of an empty body', async () => {
  const { responding, exchange } = await askForHead(await start(true))
  exchange.end()
  const response = await responding
  expect((await response.readAll()).length).toBe(0)
  expect(response.isDestroyedEarly).toBe(false)
})

test('heads without a body are never held', async () => {
  const { upstream, gateway } = await start(true)
  const client = await openClient(gateway.url)
  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ] as const) {
    const responding = client.request({ method })
    await (await upstream.next()).head({ status, fields: status === 204 ? {} : { 'Content-Length': '5' } })
    expect((await responding).status).toBe(status)
  }
})
