// QUALITY F2: a client that resets its connection while much is on its way to it leaves nothing open, whatever carries it.
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { routeTo } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startTlsGateway } from './support/http2-client.ts'
import { startResetting } from './support/resetting-peers.ts'

const streams = async (exchange: UpstreamExchange) => {
  await exchange.eventStream()
  for (let chunk = 0; chunk < 40; chunk++) void exchange.chunk(Buffer.alloc(100_000, 'x'))
}
const switches = async (exchange: UpstreamExchange) => {
  await exchange.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  for (let chunk = 0; chunk < 40; chunk++) void exchange.write(Buffer.alloc(100_000, 'x'))
}
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'

test.for([
  ['TCP', 'off', streams, ''],
  ['TCP', 'on', streams, ''],
  ['TLS', 'off', streams, ''],
  ['TLS', 'on', streams, ''],
  ['TCP', 'tunnel', switches, upgrade],
  ['TLS', 'tunnel', switches, upgrade],
] as const)('a client over %s that resets in the middle leaves nothing open (%s)', async ([over, kind, answer, fields]) => {
  const upstream = await startUpstream(answer)
  onTestFinished(() => upstream.close())
  const buffering = { response: kind === 'on' ? 'on' : 'off', holdBytes: 3_000_000, memoryBytes: 16_000_000 } as const
  const listen = [over === 'TLS' ? 'https://127.0.0.1:0' : '127.0.0.1:0']
  const { gateway, port, ca } = await startTlsGateway({ listen, routes: [routeTo(upstream.url, { buffering })] })
  const thread = startResetting({ role: 'clients', over, port, ca, times: 15, bytes: 200_000, fields })
  await once(thread, 'message')
  await expect.poll(() => gateway.gateway.openExchanges(), { timeout: 5000 }).toBe(0)
  await upstream.untilOpenConnections(0)
  expect(upstream.exchanges).toHaveLength(15)
})
