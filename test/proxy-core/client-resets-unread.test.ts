// QUALITY F2: a client that resets its connection is noticed also while nobody reads what it sends.
import { expect, onTestFinished, test } from 'vitest'
import { openClient, type Client } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

/** More than the system takes for somebody who does not read. */
const large = Buffer.alloc(20_000_000, 'x')
const upload = (client: Client, fields: Record<string, string> = {}): void => {
  client.send({ method: 'POST', target: '/upload', fields: { 'Content-Length': String(large.length), ...fields } })
  client.write(large)
}
const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
}

test.for<readonly [string, (client: Client) => void]>([
  ['an upload', (client) => upload(client)],
  [
    'an upload behind a request that waits for its answer',
    (client) => {
      client.send({ target: '/waits' })
      upload(client)
    },
  ],
  [
    'much behind a request to switch protocols',
    (client) => {
      client.send({ target: '/waits', fields: upgrade })
      client.write(large)
    },
  ],
  [
    'much in a tunnel',
    (client) => {
      client.send({ target: '/switches', fields: upgrade })
      void client.nextResponse().then(() => client.write(large))
    },
  ],
])('a client that resets its connection with %s unread leaves nothing open', async ([, send]) => {
  const upstream = await startUpstream(async (exchange) => {
    exchange.pause()
    const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    if (exchange.target === '/switches') await exchange.write(head)
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  send(client)
  const exchange = await upstream.next()
  // Nothing moves any more: the client's own system has the rest.
  let before = -1
  await expect
    .poll(
      () => {
        const isStill = client.socket.writableLength > 0 && client.socket.bytesWritten - client.socket.writableLength === before
        before = client.socket.bytesWritten - client.socket.writableLength
        return isStill
      },
      { interval: 100 },
    )
    .toBe(true)
  client.reset()
  await expect.poll(() => gateway.gateway.openExchanges(), { timeout: 5000 }).toBe(0)
  exchange.resume()
  await exchange.closed(2000)
  if (exchange.target === '/upload') expect(exchange.isComplete).toBe(false)
})
