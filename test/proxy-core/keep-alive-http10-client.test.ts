// RFC 9112 §6.3, §9.3: a client of HTTP/1.0 knows no chunks: its body ends with the connection, or has a length.
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

async function start(response: 'off' | 'on' = 'off') {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: { response, holdBytes: null } })] })
  onTestFinished(() => gateway.close())
  const client = await openClient(gateway.url)
  const ask = (fields = '') => {
    client.write(`GET / HTTP/1.0\r\nHost: ${client.host}\r\n${fields}\r\n`)
    return client.nextResponse()
  }
  return { upstream, gateway, client, ask }
}

test.for(['off', 'on'] as const)(
  'with buffering %s, a chunked stream reaches it without chunks, and its end is the connection’s',
  async (mode) => {
    const { upstream, ask } = await start(mode)
    const responding = ask('Connection: keep-alive\r\n')
    const exchange = await upstream.next()
    await exchange.eventStream()
    const response = await responding
    expect(response.header('transfer-encoding')).toBeNull()
    expect(response.header('connection')).toBe('close')
    for (let index = 1; index <= 5; index++) {
      await exchange.chunk('data: x\n\n')
      if (mode === 'off') await response.waitForBytes(index * 9)
    }
    exchange.end()
    expect((await response.readAll()).toString()).toBe('data: x\n\n'.repeat(5))
    expect(response.isDestroyedEarly).toBe(false)
  },
)

test('a cut stream reaches it as a reset, since the mere end of the connection would be the end of the body', async () => {
  const { upstream, client, ask } = await start()
  const responding = ask()
  const exchange = await upstream.next()
  await exchange.eventStream()
  await exchange.chunk('data: x\n\n')
  const response = await responding
  await response.waitForBytes(9)
  exchange.reset()
  await response.readAll()
  expect(response.isDestroyedEarly).toBe(true)
  expect((await client.closed()).isReset).toBe(true)
})

test('a body with a length keeps the connection when the client asks for it', async () => {
  const { upstream, ask } = await start()
  for (let round = 0; round < 2; round++) {
    const responding = ask('Connection: keep-alive\r\n')
    const exchange = await upstream.next()
    await exchange.answer('12345')
    expect((await (await responding).readAll()).toString()).toBe('12345')
    // RFC 9110 §7.6.3: Via tells which version the client spoke.
    expect(exchange.header('via')).toMatch(/^1\.0 sluice-/)
  }
})
