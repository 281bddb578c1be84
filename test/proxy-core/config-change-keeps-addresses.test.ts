// QUALITY B3: listen addresses may change, and no open connection and no byte is lost.
import { writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { openClient, request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { openTickingStreams } from './support/ticking-stream.ts'

async function start() {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const [kept, dropped, added] = [await freePort(), await freePort(), await freePort()].map((port) => `127.0.0.1:${port}`) as [
    string,
    string,
    string,
  ]
  const gateway = await startGateway({ listen: [kept, dropped], routes: [routeTo(upstream.url)] }, { onDisk: true })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const listenOn = async (...listen: string[]) => {
    await writeFile(gateway.configFile ?? '', JSON.stringify({ version: 1, listen, routes: [routeTo(upstream.url)] }))
    await feed.until(
      ({ status }) => status.listeners.map(({ address }) => address).join() === listen.join() && status.listeners.every(({ url }) => url),
      'the new addresses',
    )
  }
  return { upstream, gateway, listenOn, kept, dropped, added }
}

test('streams on an address that stays and on one that goes lose no byte when the addresses change', async () => {
  const { upstream, listenOn, kept, dropped, added } = await start()
  const streams = [
    ...(await openTickingStreams(2, upstream, `http://${kept}`, 2)),
    ...(await openTickingStreams(2, upstream, `http://${dropped}`, 2)),
  ]
  await listenOn(kept, added)
  await expect(openClient(`http://${dropped}`)).rejects.toThrow('ECONNREFUSED')
  streams.push(...(await openTickingStreams(2, upstream, `http://${added}`, 2)))
  await listenOn(added)
  await expect(openClient(`http://${kept}`)).rejects.toThrow('ECONNREFUSED')
  await listenOn(kept, dropped)
  streams.push(...(await openTickingStreams(2, upstream, `http://${dropped}`, 2)))
  for (const stream of streams) {
    expect(stream.response.client.isClosed).toBe(false)
    expect(await stream.finish()).toBe(stream.sent)
  }
})

test('a request that is on its way when its address goes is answered', async () => {
  const { upstream, listenOn, kept, dropped } = await start()
  const asked = request(`http://${dropped}`, { method: 'POST', body: 'x' })
  const exchange = await upstream.next()
  await listenOn(kept)
  await exchange.answer('late')
  expect((await (await asked).readAll()).toString()).toBe('late')
})

test('a kept address is not closed for a moment: connections that idle on it stay', async () => {
  const { upstream, listenOn, kept, added } = await start()
  const client = await openClient(`http://${kept}`)
  await ask(client, upstream, 'before')
  await listenOn(kept, added)
  await ask(client, upstream, 'after')
  expect(client.isClosed).toBe(false)
})

test('streams go on while the gateway is stopped and started again, and new ones wait for the start', async () => {
  const { upstream, gateway, kept } = await start()
  const streams = await openTickingStreams(2, upstream, `http://${kept}`, 2)
  await gateway.command('gateway.stop')
  await expect(openClient(`http://${kept}`)).rejects.toThrow('ECONNREFUSED')
  await gateway.command('gateway.start')
  streams.push(...(await openTickingStreams(1, upstream, `http://${kept}`, 2)))
  for (const stream of streams) expect(await stream.finish()).toBe(stream.sent)
})

test('a connection to an address that has gone ends when its exchange has, and none outlives the gateway', async () => {
  const { upstream, gateway, listenOn, kept, dropped } = await start()
  const [first, second] = await openTickingStreams(2, upstream, `http://${dropped}`, 2)
  await listenOn(kept)
  await first?.finish()
  await first?.response.client.closed()
  await gateway.close()
  await second?.response.client.closed()
})

async function ask(client: Awaited<ReturnType<typeof openClient>>, upstream: Upstream, text: string): Promise<void> {
  const responding = client.request()
  await (await upstream.next()).answer(text)
  expect((await (await responding).readAll()).toString()).toBe(text)
}
