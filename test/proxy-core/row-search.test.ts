// A search goes through all captured rows of a stream, by text or pattern, and never in the way of the traffic.
import { expect, onTestFinished, test } from 'vitest'
import type { RowQuery } from '../../proxy-core/contract/search.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { openTickingStream } from './support/ticking-stream.ts'
import { percentile } from './support/measure.ts'

const text = (words: string): RowQuery => ({ text: words, isPattern: false, matchesCase: false })
const pattern = (source: string): RowQuery => ({ text: source, isPattern: true, matchesCase: true })

async function openSearch(body: string, contentType = 'text/event-stream') {
  const upstream = await startUpstream((exchange) => exchange.answer(body, { fields: { 'Content-Type': contentType } }))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  await (await fetch(gateway.url)).arrayBuffer()
  const { id } = await feed.exchange((exchange) => exchange.state === 'complete', 'the whole body', 60_000)
  return { gateway, id }
}

/** All matches, and how long the first answer with some and the last took. */
async function searchAll(gateway: TestGateway, id: ExchangeId, query: RowQuery) {
  const startedAt = performance.now()
  let firstMs = Number.NaN
  const found: number[] = []
  for (;;) {
    const report = await gateway.command('exchange.search', { id, query, from: found.length })
    found.push(...report.matches)
    if (found.length > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - startedAt
    if (report.searchedTo === report.rows && found.length === report.total)
      return { found, firstMs, wholeMs: performance.now() - startedAt }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const rows = [
  'data: The sluice\n\n',
  'id: sluice-7\ndata: gate\n\n',
  'event: Sluiced\r\ndata: holds\r\n\r\n',
  ': sluice comment\n\n',
  'sluice: no field\ndata: x\n\n',
  'data: two\ndata:sluice lines\n\n',
  'data: Größe\n\n',
]

test.each([
  [text('sluice'), [0, 1, 2, 3, 5]],
  [{ ...text('Sluice'), matchesCase: true }, [2]],
  [text('data'), []],
  [text(' sluice'), [0]],
  [text('GRÖSSE'), []],
  [text('GRÖßE'), [6]],
  [{ ...text('Größe'), matchesCase: true }, [6]],
  [pattern('^gate$'), [1]],
  [pattern('sl.*e'), [0, 1, 3, 5]],
  [pattern('^two\\nsl'), [5]],
  // The type that an event has without naming one is found as it is shown; comments have none.
  [text('message'), [0, 1, 4, 5, 6]],
  [{ ...text('Message'), matchesCase: true }, []],
  [pattern('^message$'), [0, 1, 4, 5, 6]],
])('%j is found in rows %j', async (query, expected) => {
  const { gateway, id } = await openSearch(rows.join(''))
  expect((await searchAll(gateway, id, query)).found).toEqual(expected)
})

test('lines and chunks are searched too', async () => {
  const lines = await openSearch('{"a":1}\n{"b":2}\n{"a":3}', 'application/x-ndjson')
  expect((await searchAll(lines.gateway, lines.id, text('"A"'))).found).toEqual([0, 2])
  expect((await searchAll(lines.gateway, lines.id, pattern('^\\{"b":\\d\\}$'))).found).toEqual([1])
})

test('a pattern that cannot be read is refused with the reason', async () => {
  const { gateway, id } = await openSearch(rows.join(''))
  await expect(gateway.command('exchange.search', { id, query: pattern('(a'), from: 0 })).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'An opening ( has no closing one.',
  })
})

test('a million rows are searched to the last in seconds, and the first matches come at once', async () => {
  const body = Array.from({ length: 1_000_000 }, (_, n) => `data: ${n % 1000 === 999 ? 'needle' : 'hay'} ${n}\n\n`).join('')
  const { gateway, id } = await openSearch(body)
  for (const query of [text('NEEDLE'), pattern('n[e]{2}dle \\d')]) {
    const { found, firstMs, wholeMs } = await searchAll(gateway, id, query)
    expect(found).toEqual(Array.from({ length: 1000 }, (_, n) => n * 1000 + 999))
    console.log(`1,000,000 rows, ${query.text}: first after ${firstMs.toFixed(0)} ms, all after ${wholeMs.toFixed(0)} ms`)
    expect(firstMs).toBeLessThan(2000)
    expect(wholeMs).toBeLessThan(30_000)
  }
}, 120_000)

test('rows that come are searched as the stream grows, and a hostile pattern delays no event', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const big = await startUpstream((exchange) =>
    exchange.answer(`data: ${'ab'.repeat(30_000)}!\n\n`.repeat(100), { fields: { 'Content-Type': 'text/event-stream' } }),
  )
  onTestFinished(() => big.close())
  await gateway.command('route.save', { route: { ...routeTo(big.url), id: 'big', match: { path: '/big' } } as never })
  await (await fetch(`${gateway.url}/big`)).arrayBuffer()
  const { id } = await feed.exchange((exchange) => exchange.state === 'complete')

  const stream = await openTickingStream(upstream, gateway.url)
  const ticking = await feed.exchange((exchange) => exchange.state === 'open' && exchange.rows > 5)
  const first = await gateway.command('exchange.search', { id: ticking.id, query: pattern('.'), from: 0 })
  const before = stream.latenciesMs.length
  const hostile = pattern('(a|b)*a(a|b){60}c|(a+)+$')
  let report = await gateway.command('exchange.search', { id, query: hostile, from: 0 })
  for (let round = 0; round < 20; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    report = await gateway.command('exchange.search', { id, query: hostile, from: 0 })
  }
  const during = stream.latenciesMs.slice(before)
  console.log(
    `hostile pattern, ${report.searchedTo} of ${report.rows} rows searched: events late by p99 ${percentile(during, 0.99).toFixed(1)} ms`,
  )
  expect(during.length).toBeGreaterThan(20)
  expect(percentile(during, 0.5)).toBeLessThan(50)
  const { found } = await searchAll(gateway, ticking.id, pattern('.'))
  expect(found.length).toBeGreaterThan(first.total)
  await stream.finish()
})
