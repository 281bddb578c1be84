// QUALITY B4: a real browser's EventSource opens before the first event, receives every event, reconnects with Last-Event-ID, stops on 204.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'
import { spanOf } from './support/measure.ts'

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())

/** What the page records of its EventSource. */
interface Seen {
  readonly opens: number
  readonly errors: readonly number[]
  readonly messages: readonly { readonly id: string; readonly type: string; readonly data: string }[]
  readonly readyState: number
}

const html = `<!doctype html><title>EventSource</title><script>
  const seen = { opens: 0, errors: [], messages: [], readyState: 0 }
  const source = new EventSource('/events')
  source.onopen = () => seen.opens++
  source.onerror = () => seen.errors.push(source.readyState)
  const keep = (event) => seen.messages.push({ id: event.lastEventId, type: event.type, data: event.data })
  source.onmessage = keep
  source.addEventListener('tick', keep)
  const look = () => ({ ...seen, readyState: source.readyState })
</script>`

async function openPage(buffering: 'off' | 'on' | 'auto', heartbeatMs: number | null = null) {
  const streams: UpstreamExchange[] = []
  const upstream = await startUpstream((exchange) => {
    if (exchange.target === '/page') return exchange.answer(html, { fields: { 'Content-Type': 'text/html' } })
    if (exchange.target !== '/events') return exchange.answer('', { status: 404 })
    streams.push(exchange)
    return undefined
  })
  onTestFinished(() => upstream.close())
  const route = routeTo(upstream.url, { buffering: { response: buffering, holdBytes: null }, stream: { heartbeatMs } })
  const gateway = await startGateway({ routes: [route] })
  onTestFinished(() => gateway.close())
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  await page.goto(`${gateway.url}/page`)
  const stream = async (index: number): Promise<UpstreamExchange> => {
    await expect.poll(() => streams.length, { timeout: 8000, interval: 2 }).toBeGreaterThan(index)
    return streams[index] as UpstreamExchange
  }
  return { gateway, page, stream, streams }
}

const look = (page: Page): Promise<Seen> => page.evaluate('look()')
const untilSeen = (page: Page, condition: string) => page.waitForFunction(condition, undefined, { polling: 5, timeout: 8000 })
const message = (index: number) => `id: ${index}\n${index % 3 === 0 ? 'event: tick\n' : ''}data: number ${index}\n\n`
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const seenAs = (from: number, to: number) =>
  range(from, to).map((index) => ({ id: String(index), type: index % 3 === 0 ? 'tick' : 'message', data: `number ${index}` }))

test.for(['off', 'auto'] as const)('with buffering %s an EventSource opens, receives, reconnects and stops as it should', async (mode) => {
  const { page, stream, streams } = await openPage(mode)

  const first = await stream(0)
  await first.eventStream()
  await untilSeen(page, 'look().opens === 1')
  expect((await look(page)).messages).toEqual([])

  await first.chunk('retry: 20\n\n')
  for (const index of range(0, 60)) {
    await first.chunk(message(index))
    await untilSeen(page, `look().messages.length === ${index + 1}`)
  }
  expect((await look(page)).messages).toEqual(seenAs(0, 60))

  // The upstream ends its response: the browser comes again, from where it was.
  first.end()
  const second = await stream(1)
  expect(second.header('last-event-id')).toBe('59')
  await second.eventStream()
  await second.chunk(range(60, 80).map(message).join('') + 'id: 80\ndata: half of')
  await untilSeen(page, 'look().messages.length === 80')

  // It is cut in the middle of an event, which counts for nothing.
  second.reset()
  const third = await stream(2)
  expect(third.header('last-event-id')).toBe('79')
  await third.answer('', { status: 204, reason: 'No Content' })
  await untilSeen(page, 'look().readyState === EventSource.CLOSED')
  await spanOf(150)
  expect(streams).toHaveLength(3)
  expect(await look(page)).toEqual({ opens: 2, errors: [0, 0, 2], messages: seenAs(0, 80), readyState: 2 })
})

test('an EventSource stays connected and misses nothing while the switch is flipped', async () => {
  const { gateway, page, stream, streams } = await openPage('off')
  const exchange = await stream(0)
  await exchange.eventStream()
  await untilSeen(page, 'look().opens === 1')
  let sent = 0
  const send = async (count: number) => {
    for (const index of range(sent, sent + count)) await exchange.chunk(message(index))
    sent += count
  }
  for (let round = 0; round < 5; round++) {
    await send(10)
    await untilSeen(page, `look().messages.length === ${sent}`)
    await flip(gateway, 'on')
    const before = sent
    await send(10)
    await spanOf(60)
    expect((await look(page)).messages).toHaveLength(before)
    await flip(gateway, 'off')
    await untilSeen(page, `look().messages.length === ${sent}`)
  }
  expect(await look(page)).toEqual({ opens: 1, errors: [], messages: seenAs(0, sent), readyState: 1 })
  expect(streams).toHaveLength(1)
})

test('an EventSource on a route that holds opens at once, and a page that is closed frees the upstream', async () => {
  const { page, stream } = await openPage('on')
  const exchange = await stream(0)
  await exchange.eventStream()
  await untilSeen(page, 'look().opens === 1')
  await exchange.chunk(message(0))
  await page.close()
  await exchange.closed()
})

test('an EventSource takes no notice of heartbeats, which a page can read as comments', async () => {
  const { page, stream } = await openPage('off', 1000)
  const exchange = await stream(0)
  await exchange.eventStream()
  await page.evaluate(`
    window.read = { text: '' }
    void fetch('/events').then(async ({ body }) => {
      for await (const text of body.pipeThrough(new TextDecoderStream())) read.text += text
    })`)
  const fetched = await stream(1)
  await fetched.eventStream()
  for (const index of range(0, 3)) {
    await exchange.chunk(message(index))
    await fetched.chunk(message(index))
    await page.waitForFunction(`read.text.includes('number ${index}\\n\\n:\\n\\n')`, undefined, { polling: 20, timeout: 8000 })
  }
  expect(await page.evaluate(`read.text.replaceAll(':\\n\\n', '')`)).toBe(range(0, 3).map(message).join(''))
  expect(await look(page)).toEqual({ opens: 1, errors: [], messages: seenAs(0, 3), readyState: 1 })
})

const flip = (gateway: TestGateway, response: 'off' | 'on') => gateway.command('route.buffering', { id: 'all', response })
