import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Config } from '../../proxy-core/contract/config.ts'
import type { FeedMessage } from '../../proxy-core/contract/events.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { ConfigFile } from '../../proxy-core/config-file.ts'
import { dispatch } from '../../proxy-core/dispatch.ts'
import { recordOf, type ExchangeRecord } from '../../proxy-core/exchange-record.ts'
import { Gateway } from '../../proxy-core/gateway.ts'
import { createHandlers } from '../../proxy-core/handlers.ts'
import { fetchWhole, openClient } from '../support/client.ts'
import { routeTo } from '../support/gateway.ts'

test('an exchange that is recorded is shown by another gateway as it was by its own', async () => {
  const { gateway, url, command } = await openGateway(async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'session=of-a-secret-kind' })
    for (let index = 0; index < 20; index++) {
      response.write(`id: ${index}\ndata: number ${index}\n\n`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  })
  await fetchWhole(`${url}/a?key=abcdefghijklmnop`, { method: 'POST', body: 'a question' })
  const id = await ended(gateway)
  const record = structuredClone(recordOf(gateway.store, id))
  const other = await openGateway(() => undefined)
  const messages: FeedMessage[] = []
  const feed = other.gateway.openFeed((message) => messages.push(message))
  feed.receive({ type: 'ack', seq: 1 })
  const newId = await other.gateway.addRecord(record, 'imported')

  const { startedAt } = record.exchange
  const looks = (seenAs: ExchangeId) =>
    [
      ['exchange.rows', { id: seenAs, from: 0, to: 100 }],
      ['exchange.row', { id: seenAs, index: 7 }],
      ['exchange.timeline', { id: seenAs, from: startedAt, to: startedAt + 1000, columns: 100 }],
      ['exchange.body', { id: seenAs, side: 'response', from: 0, to: 10_000 }],
      ['exchange.body', { id: seenAs, side: 'request', from: 0, to: 10_000 }],
      ['exchange.heads', { id: seenAs }],
    ] as const
  for (const [index, [name, input]] of looks(newId).entries()) {
    const [, before] = looks(id)[index] as readonly [string, object]
    expect(await other.command(name, input), name).toEqual(await command(name, before))
  }
  expect(await other.command('exchange.rows', { id: newId, from: 0, to: 100 })).toMatchObject({ ok: true, value: { total: 20 } })

  const shown = other.gateway.store.views()
  expect(shown).toEqual([{ ...record.exchange, id: newId, origin: 'imported' }])
  await expect
    .poll(() => messages.flatMap((message) => (message.type === 'batch' ? message.events : [])))
    .toContainEqual({
      type: 'exchange.started',
      exchange: shown[0],
    })
  // What is recorded is what was captured: without its secrets.
  expect(JSON.stringify({ exchange: record.exchange, heads: record.heads })).not.toMatch(/of-a-secret|abcdefghijkl/)
  // And it can be recorded again.
  expect(recordOf(other.gateway.store, newId).response).toEqual({ ...recordOf(gateway.store, id).response })
})

test('what only an open exchange can do is refused with a reason, and clearing gives its room back', async () => {
  const { gateway, url, command } = await openGateway((_, response) => void response.end('answer'))
  await fetchWhole(`${url}/`)
  const id = await ended(gateway)
  const before = gateway.store.budget.usedBytes
  const copy = await gateway.addRecord(structuredClone(recordOf(gateway.store, id)), 'restored')
  expect(gateway.store.budget.usedBytes).toBe(before * 2)
  for (const [name, input] of [
    ['exchange.release', { id: copy }],
    ['exchange.override', { id: copy, response: 'on' }],
    ['exchange.end', { id: copy }],
  ] as const) {
    expect(await command(name, input)).toEqual({
      ok: false,
      error: { code: 'exchange-not-found', message: `The exchange ${copy} is from the history: it is shown here, and does not run.` },
    })
  }
  await command('exchanges.clear', { ids: [copy] })
  expect(gateway.store.budget.usedBytes).toBe(before)
  expect(gateway.store.views().map((exchange) => exchange.id)).toEqual([id])
})

test('an exchange that was open when it was recorded is shown as one that does not go on', async () => {
  const { gateway, url } = await openGateway((_, response) => void response.writeHead(200).write('data: 1\n\n'))
  const client = await openClient(url)
  onTestFinished(() => client.close())
  client.send()
  await expect.poll(() => gateway.store.views()[0]?.rows).toBe(1)
  const record: ExchangeRecord = recordOf(gateway.store, gateway.store.views()[0]?.id as ExchangeId)
  const copy = await gateway.addRecord(record, 'imported')
  const shown = gateway.store.views().find(({ id }) => id === copy) as Exchange
  expect(shown).toMatchObject({ state: 'failed', error: { message: 'The exchange was still open when it was recorded.' }, rows: 1 })
  expect(gateway.store.openCount).toBe(1)
})

async function openGateway(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const upstream = createServer((request, response) => {
    request.resume()
    request.on('end', () => void answer(request, response))
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const input = { version: 1, listen: ['127.0.0.1:0'], routes: [routeTo(upstreamUrl)] }
  const gateway = new Gateway({ config: Config.parse(input), version: '0', dataDir: null })
  const config = await ConfigFile.open({
    file: null,
    fallback: JSON.stringify(input),
    isStrict: true,
    onChange: () => undefined,
    onStatus: () => undefined,
  })
  await gateway.start()
  const handlers = createHandlers(gateway, config)
  onTestFinished(async () => {
    await gateway.close({ drainMs: 0 })
    await config.close()
    upstream.closeAllConnections()
    upstream.close()
  })
  return {
    gateway,
    url: gateway.status.listeners[0]?.url ?? '',
    command: (name: string, value: unknown) => dispatch(handlers, name, value),
  }
}

async function ended(gateway: Gateway): Promise<ExchangeId> {
  await expect.poll(() => gateway.store.views()[0]?.state).toBe('complete')
  return gateway.store.views()[0]?.id as ExchangeId
}
