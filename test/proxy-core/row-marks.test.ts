import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const id = 1 as ExchangeId

async function passed(body: string, contentType = 'text/event-stream'): Promise<TestGateway> {
  const upstream = await startUpstream((exchange) => exchange.answer(body, { fields: { 'Content-Type': contentType } }))
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(async () => {
    await gateway.close()
    await upstream.close()
  })
  const feed = await gateway.feed()
  const response = await request(`${gateway.url}/`)
  await response.readAll()
  await feed.until(({ exchanges }) => [...exchanges.values()].some((exchange) => exchange.id === id && exchange.state !== 'open'))
  return gateway
}

test.each([
  ['data: a\n\n', null],
  ['data: a\r\n\r\n', null],
  ['data: a\n\n\n\n', null],
  ['\ufeff', null],
  ['', null],
  ['data: a\n\ndata: b\n', { type: 'event', bytes: 8, preview: 'data: b\n' }],
  ['data: a\n\ndata: b', { type: 'event', bytes: 7, preview: 'data: b' }],
  ['data: ü', { type: 'event', bytes: 8, preview: 'data: ü' }],
])('the end of the event stream %j is told', async (body, end) => {
  const gateway = await passed(body)
  expect(await gateway.command('exchange.unterminated', { id })).toEqual(end)
})

test.each([
  ['{"a":1}\n', null],
  ['{"a":1}\n{"b":', { type: 'line', bytes: 5, preview: '{"b":' }],
])('the end of the lines %j is told', async (body, end) => {
  const gateway = await passed(body, 'application/x-ndjson')
  expect(await gateway.command('exchange.unterminated', { id })).toEqual(end)
})

test('a byte order mark and the reconnection time in force are told with the event', async () => {
  const gateway = await passed('\ufeffdata: retry\n\nretry: 1500\n\n: c\n\nretry: never\ndata: x\n\nretry: 20\ndata: y\n\n')
  const rows = await Promise.all([0, 1, 2, 3, 4].map((index) => gateway.command('exchange.row', { id, index })))
  expect(rows.map(({ followsBom }) => followsBom)).toEqual([true, false, false, false, false])
  const first = { retryMs: 1500, index: 1 }
  expect(rows.map(({ retryInForce }) => retryInForce)).toEqual([null, first, first, first, { retryMs: 20, index: 4 }])
})
