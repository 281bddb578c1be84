import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

test('the bytes of one event are read by range, also of one far longer than its detail shows', async () => {
  const long = Buffer.from(`data: ${'0123456789'.repeat(300_000)}\n\n`)
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    await exchange.chunk('data: first\n\n')
    await exchange.chunk(long)
    await exchange.chunk(Buffer.concat([Buffer.from('data: '), Buffer.from([0xff]), Buffer.from('\n\n')]))
  })
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const response = await request(`${gateway.url}/`)
  await response.waitForBytes(13 + long.length + 9)
  const id = 1 as ExchangeId
  const parts: Uint8Array[] = []
  for (let from = 0; from < long.length;) {
    const { bytes, total } = await gateway.command('exchange.rowBytes', { id, index: 1, from, to: long.length })
    expect(total).toBe(long.length)
    expect(bytes.length).toBeGreaterThan(0)
    parts.push(bytes)
    from += bytes.length
  }
  expect(Buffer.concat(parts).equals(long)).toBe(true)
  expect(Buffer.from((await gateway.command('exchange.rowBytes', { id, index: 0, from: 6, to: 11 })).bytes).toString()).toBe('first')
  expect(await gateway.command('exchange.row', { id, index: 1 })).toMatchObject({
    omittedBytes: long.length - 1_048_576,
    invalidUtf8At: null,
  })
  expect(await gateway.command('exchange.row', { id, index: 2 })).toMatchObject({ hasInvalidUtf8: true, invalidUtf8At: 6 })
  await expect(gateway.command('exchange.rowBytes', { id, index: 9, from: 0, to: 1 })).rejects.toThrow('no longer kept')
  response.client.leave()
})
