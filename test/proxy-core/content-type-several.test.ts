// Fetch §3.5, "extract a MIME type": of several Content-Type values the last that names a type counts, to browsers and so to the gateway.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import type { Field } from '../support/http-reader.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

const answers: (readonly string[])[] = []
let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream((exchange) => {
    const values = answers[Number(exchange.target.slice(1))] ?? []
    return exchange.answer('data: one\n\ndata: two\n\n', { fields: values.map((value): Field => ['Content-Type', value]) })
  })
  gateway = await startGateway({ routes: [routeTo(upstream.url, { buffering: 'auto' })] })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

async function seen(values: readonly string[]) {
  const target = `/${String(answers.push(values) - 1)}`
  const response = await fetchWhole(gateway.url + target)
  expect(response.fields.filter(([name]) => name === 'Content-Type').map(([, value]) => value)).toEqual(values)
  const exchange = await feed.exchange((one) => one.target === target && one.state !== 'open')
  return [exchange.contentType, exchange.rowKind, exchange.decisions.at(-1)?.reason]
}

const other = 'auto: other content'
const passes = 'auto: text/event-stream'

test.for<[values: string[], contentType: string | null, rowKind: string, reason: string]>([
  [['text/event-stream', 'text/plain'], 'text/plain', 'chunk', other],
  [['text/plain', 'Text/Event-Stream; charset=utf-8'], 'Text/Event-Stream; charset=utf-8', 'event', passes],
  [['text/plain, text/event-stream'], 'text/event-stream', 'event', passes],
  [['text/event-stream', '*/*'], 'text/event-stream', 'event', passes],
  [['text/event-stream', 'nothing'], 'text/event-stream', 'event', passes],
  [['text/event-stream', ''], 'text/event-stream', 'event', passes],
  [
    ['text/plain; note="a, text/html"', 'text/event-stream; note="x, text/plain"'],
    'text/event-stream; note="x, text/plain"',
    'event',
    passes,
  ],
  [['text/event-stream; note="open', 'text/plain'], 'text/event-stream; note="open, text/plain', 'event', passes],
  [['nothing', 'no type'], 'nothing', 'chunk', other],
  [[], null, 'chunk', other],
])('%j counts as %s', async ([values, contentType, rowKind, reason]) => {
  expect(await seen(values)).toEqual([contentType, rowKind, reason])
})
