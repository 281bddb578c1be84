// QUALITY F2, RFC 9110 §7.8: a client that waits for a switch of protocols may leave, or speak before it may.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const fields = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
}
const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  onTestFinished(() => client.close())
  client.send({ fields })
  return { gateway, client, exchange: await upstream.next() }
}

test.for(['in order', 'in order, with bytes behind its request', 'by a reset'] as const)(
  'a client that leaves %s before the upstream has answered closes the connection to the upstream',
  async (how) => {
    const { gateway, client, exchange } = await start()
    const feed = await gateway.feed()
    if (how.includes('bytes')) client.write(Buffer.from([0x81, 0x83, 1, 2, 3, 4, 5, 6, 7]))
    if (how === 'by a reset') client.reset()
    else client.leave()
    await exchange.closed(2000)
    expect((await feed.exchange((one) => one.state !== 'open')).state).toBe('aborted')
    expect(gateway.gateway.openExchanges()).toBe(0)
  },
)

test.for([1, 60_000, 1_000_000])('%s bytes that a client sends too early reach the upstream behind the switch, exactly', async (length) => {
  const { client, exchange } = await start()
  const early = randomBytes(length)
  client.write(early)
  // A round trip on another connection: what was written before it has been read by then, as far as it is read at all.
  const other = connect(Number(new URL(`http://${client.host}`).port), '127.0.0.1')
  onTestFinished(() => void other.destroy())
  other.write('GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n')
  await new Promise((resolve) => other.once('data', resolve))
  expect(exchange.receivedBytes).toBe(0)
  await exchange.write(switched)
  const late = randomBytes(10_000)
  expect((await client.nextResponse()).status).toBe(101)
  client.write(late)
  expect((await exchange.bodyBytes(length + late.length)).equals(Buffer.concat([early, late]))).toBe(true)
})

test('what a client sends too early goes nowhere when the upstream does not switch', async () => {
  const { client, exchange } = await start()
  client.write('GET /evil HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await exchange.answer('no', { status: 403 })
  const response = await client.nextResponse()
  expect([response.status, (await response.readAll()).toString()]).toEqual([403, 'no'])
  await client.closed(2000)
})
