// RFC 9112 §9.3.2: requests may be sent ahead of their answers; one client that sends them without end must not fill the memory with them.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const count = 2500
const padding = 'x'.repeat(8000)

test('a client with very many requests ahead has to wait, others are served meanwhile, and each is answered in its turn', async () => {
  const upstream = await startUpstream((exchange) => (exchange.target === '/0' ? undefined : exchange.answer(exchange.target)))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { capture: { enabled: false } })] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  for (let index = 0; index < count; index++) client.send({ target: `/${String(index)}`, fields: { 'X-Padding': padding } })
  const first = await upstream.next()
  // Until nothing moves any more: the gateway reads no further, and the systems on the way are full.
  let before = -1
  await expect
    .poll(
      () => {
        const isStill = client.socket.writableLength === before
        before = client.socket.writableLength
        return isStill
      },
      { interval: 200, timeout: 10_000 },
    )
    .toBe(true)
  expect(client.socket.writableLength).toBeGreaterThan(1_000_000)
  const other = await openClient(gateway.url)
  onTestFinished(() => other.close())
  expect((await (await other.request({ target: '/other' })).readAll()).toString()).toBe('/other')
  await first.answer('/0')
  for (let index = 0; index < count; index++) {
    const response = await client.nextResponse()
    expect((await response.readAll()).toString()).toBe(`/${String(index)}`)
  }
})
