// QUALITY F2: many clients leaving at once leave nothing behind after 2 s.
import { expect, onTestFinished, test } from 'vitest'
import { openClient, type Client } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { openSpoolFiles } from './support/spool-files.ts'

const clients = 1000
const barMs = 2000

test('1,000 clients that leave at once, in every phase, leave nothing behind after 2 s', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const buffering = { response: 'on', holdBytes: null, memoryBytes: 16_384 } as const
  const gateway = await startGateway({
    routes: [
      { id: 'off', match: { path: '/off' }, upstream: upstream.url },
      { id: 'on', match: { path: '/on' }, upstream: upstream.url, buffering },
    ],
  })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const body = Buffer.alloc(200_000, 'x')

  const open: Client[] = []
  for (let index = 0; index < clients; index++) {
    const client = await openClient(gateway.url)
    open.push(client)
    const target = index % 2 === 0 ? '/off' : '/on'
    if (index % 4 === 3) {
      client.send({ method: 'POST', target, fields: { 'Content-Length': '50000000' } })
      client.write(body)
      await upstream.next()
      continue
    }
    client.send({ target })
    const exchange = await upstream.next()
    if (index % 4 === 0) continue
    await exchange.eventStream()
    // Held in memory and beyond it, or handed on to a client of which every third does not read.
    if (index % 3 === 0) client.pause()
    void exchange.chunk(body)
  }
  await feed.until(({ totals }) => totals.open === clients, 'all exchanges to be open')
  expect(upstream.openConnections).toBe(clients)

  const leftAt = epochMs()
  open.forEach((client, index) => (index % 2 === 0 ? client.leave() : client.reset()))
  await upstream.untilOpenConnections(0)
  await expect.poll(() => gateway.gateway.openExchanges(), { interval: 5 }).toBe(0)
  await expect.poll(openSpoolFiles, { interval: 5 }).toEqual([])
  expect(epochMs() - leftAt).toBeLessThanOrEqual(barMs)

  const { routeTotals } = await feed.until(({ totals }) => totals.open === 0 && totals.heldBytes === 0, 'the totals to say so')
  await feed.until(() => [...feed.view.routeTotals.values()].every((totals) => totals.open === 0 && totals.heldBytes === 0))
  expect([...routeTotals.values()].map((totals) => totals.exchanges)).toEqual([clients / 2, clients / 2])
  expect(new Set(feed.exchanges.map((exchange) => exchange.state))).toEqual(new Set(['aborted']))
})
