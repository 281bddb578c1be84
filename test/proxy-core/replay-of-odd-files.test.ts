// A recording made from an imported file may tell of what HTTP has not: it is played without that, and harms nobody.
import { beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { routeTo } from '../support/gateway.ts'
import { besideStream } from './support/stream-beside.ts'

const beside = besideStream(
  (exchange) => exchange.answer('live'),
  (url) => [routeTo('replay:odd', { match: { path: '/replay' } }), { ...routeTo(url), id: 'live' }],
)
let feed: FeedReader
beforeAll(async () => {
  feed = await beside.gateway.feed()
})

const body = 'data: one\n\n'

test.for<readonly [string, { status?: number; name?: string; value?: string; mimeType?: string }, number]>([
  ['a status below 100', { status: 42 }, 200],
  ['the status of an interim response', { status: 103 }, 200],
  ['the status of a switch of protocols', { status: 101 }, 200],
  ['a status that nobody knows', { status: 299 }, 299],
  ['a name with a space', { name: 'X Odd' }, 200],
  ['the name of a pseudo-field', { name: ':status' }, 200],
  ['no name', { name: '' }, 200],
  ['a value with a line end', { value: 'a\r\nX-Injected: b' }, 200],
  ['a value that latin1 has no bytes for', { value: '\u2713' }, 200],
  ['a media type with a line end', { mimeType: 'text/event-stream\r\nX-Injected: b' }, 200],
])('%s', async ([, { status = 200, name = 'X-Odd', value = 'odd', mimeType = 'text/event-stream' }, played]) => {
  await record({ status, headers: [{ name, value }], content: { mimeType, text: body } })
  const response = await fetchWhole(beside.gateway.url, { target: '/replay' })
  expect([response.status, response.text]).toEqual([played, body])
  expect(response.header('x-injected')).toBeNull()
})

/** Takes in a HAR file with one exchange, and records that. */
async function record(response: object): Promise<void> {
  const request = { method: 'GET', url: 'http://localhost/', httpVersion: 'HTTP/1.1', headers: [] }
  const entry = { startedDateTime: new Date().toISOString(), time: 1, request, response, timings: {} }
  const before = feed.exchanges.length
  const { importId } = await beside.gateway.command('import.start')
  await beside.gateway.command('import.write', {
    importId,
    bytes: Buffer.from(JSON.stringify({ log: { version: '1.2', entries: [entry] } })),
  })
  await beside.gateway.command('import.finish', { importId })
  const { exchanges } = await feed.until((view) => view.exchanges.size > before)
  const id = [...exchanges.values()].findLast(({ origin }) => origin === 'imported')?.id
  if (id === undefined) throw new Error('Nothing was imported.')
  await beside.gateway.command('recording.save', { id, name: 'odd' })
}
