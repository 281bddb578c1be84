import { expect, onTestFinished, test } from 'vitest'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

test('a stream that goes on from an id names the one before of the same route and target', async () => {
  const upstream = await startUpstream((exchange) =>
    exchange.answer('id: 41\ndata: x\n\n', {
      fields: { 'Content-Type': exchange.target.startsWith('/plain') ? 'text/plain' : 'text/event-stream' },
    }),
  )
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const feed = await gateway.feed()
  const ask = async (target: string, lastEventId?: string) => {
    const before = feed.exchanges.length
    const response = await request(`${gateway.url}${target}`, lastEventId === undefined ? {} : { fields: { 'Last-Event-ID': lastEventId } })
    await response.readAll()
    response.client.close()
    await feed.until(({ exchanges }) => exchanges.size > before && [...exchanges.values()].every(({ state }) => state !== 'open'))
    return feed.exchanges.at(-1)
  }
  const first = await ask('/a')
  expect([first?.lastEventId, first?.reconnectOf]).toEqual([undefined, undefined])
  const again = await ask('/a', '41')
  expect(again).toMatchObject({ lastEventId: '41', reconnectOf: { id: first?.id } })
  expect(again?.reconnectOf?.afterMs).toBeCloseTo((again?.startedAt ?? 0) - (first?.endedAt ?? 0), -1)
  expect(await ask('/a', '41')).toMatchObject({ reconnectOf: { id: again?.id } })

  const elsewhere = await ask('/b', '7')
  expect([elsewhere?.lastEventId, elsewhere?.reconnectOf]).toEqual(['7', undefined])
  expect((await ask('/a'))?.reconnectOf).toBeUndefined()
  await ask('/plain')
  expect((await ask('/plain', '1'))?.reconnectOf).toBeUndefined()
  expect((await ask('/a', 'x'.repeat(2000)))?.lastEventId).toHaveLength(256)
})
