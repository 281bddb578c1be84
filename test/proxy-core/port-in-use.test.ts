// QUALITY F7: an address in use is told at once while the others serve, and listened on within two seconds after it is free.
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

test('an address in use is told while the others serve, and recovers by itself', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('ok'))
  onTestFinished(() => upstream.close())
  const occupant = createServer()
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
  const { port } = occupant.address() as AddressInfo
  const taken = `127.0.0.1:${port}`
  const startedAt = epochMs()
  const gateway = await startGateway({ listen: [taken, '127.0.0.1:0'], routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  expect(epochMs() - startedAt).toBeLessThan(1000)
  const message = `Another program already listens on ${taken}. Stop it, or choose another port.`
  expect(feed.view.status.listeners[0]).toEqual({ address: taken, url: null, state: 'failed', error: { code: 'port-in-use', message } })
  expect((await fetchWhole(gateway.url)).text).toBe('ok')

  await new Promise((resolve) => occupant.close(resolve))
  const freedAt = epochMs()
  await feed.until((view) => view.status.listeners[0]?.state === 'listening')
  expect(epochMs() - freedAt).toBeLessThan(2000)
  expect((await fetchWhole(`http://${taken}`)).text).toBe('ok')
  expect(feed.view.status.listeners[0]?.error).toBeNull()
})

test('an address that another program takes is given up with the config that named it', async () => {
  const occupant = createServer()
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void occupant.close())
  const { port } = occupant.address() as AddressInfo
  const gateway = await startGateway({ listen: [`127.0.0.1:${port}`], routes: [] })
  await gateway.close()
  expect(gateway.gateway.status().listeners.map(({ state }) => state)).toEqual(['stopped'])
})
