import type { Page } from 'playwright-core'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// DESIGN §6 in the real window: who held the bytes is a badge in the list, a sentence in the detail and its evidence in the Timing tab,
// for each cause that is known. The streams run at once; the tests follow one another by keyboard.

const waitMs = 1000
/** As long as a common idle timeout, by the clock: this one is not shortened. */
const silenceMs = 30_000
const event = 'data: '.padEnd(100, 'x') + '\n\n'
const all = event.repeat(30)
const stream = { 'Content-Type': 'text/event-stream' }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What an upstream does, by the path it is asked for. */
const upstreams: Readonly<Record<string, (exchange: UpstreamExchange) => Promise<void>>> = {
  smooth: async (exchange) => {
    await exchange.eventStream()
    for (let index = 0; index < 30; index++) {
      await exchange.chunk(event)
      await pause(30)
    }
    await exchange.endChunks()
  },
  compressed: async (exchange) => {
    await pause(waitMs)
    await exchange.chunked({ fields: { ...stream, 'Content-Encoding': 'gzip' } })
    await exchange.chunk(gzipSync(all))
    await exchange.endChunks()
  },
  announced: async (exchange) => {
    await pause(waitMs)
    await exchange.answer(all, { fields: stream })
  },
  closes: async (exchange) => {
    await pause(waitMs)
    await exchange.head({ fields: stream })
    await exchange.write(all)
    exchange.end()
  },
  misnamed: async (exchange) => {
    await exchange.chunked({ fields: { 'Content-Type': 'text/plain' } })
    for (let index = 0; index < 30; index++) {
      await exchange.chunk(event)
      await pause(30)
    }
    await exchange.endChunks()
  },
  silent: async (exchange) => {
    await exchange.eventStream()
    for (let index = 0; index < 10; index++) {
      await exchange.chunk(event)
      await pause(50)
    }
    await pause(silenceMs)
    exchange.reset()
  },
  slow: async (exchange) => {
    await exchange.eventStream()
    while (!exchange.isClosed) await exchange.chunk(event.repeat(600))
  },
  ...Object.fromEntries([4, 8, 16].map((size) => [`blocks-of-${size}`, (exchange: UpstreamExchange) => sendBlocks(exchange, size * 1024)])),
}

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const clients: Promise<ClientResponse>[] = []

beforeAll(async () => {
  upstream = await startUpstream((exchange) => upstreams[exchange.target.slice(1)]?.(exchange))
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: all
    match: { path: /* }
    upstream: ${upstream.url}
`,
  })
  window = sluice.window
  for (const name of Object.keys(upstreams)) {
    const answer = request(`${sluice.url}/${name}`, {}, { timeoutMs: 30_000 })
    clients.push(answer)
    if (name === 'slow') (await answer).client.pause()
  }
})
afterAll(async () => {
  for (const { client } of await Promise.all(clients)) client.close()
  await sluice?.close()
  await upstream?.close()
  expect(sluice?.problems).toEqual([])
})

test.each([
  ['smooth', 'passes as it comes', /^passes as it comes/, [/^passes as it comes: no event was held for longer than/]],
  ['slow', 'client slow', /^client slow: bytes waited for it .*up to/, []],
  [
    'compressed',
    'already bursty upstream',
    /^already bursty upstream: 30 events at once, .* after [1-9]\.\d\d s/,
    [/^all 30 came together when the answer ended, after [1-9]\.\d\d s$/, /^the upstream compresses it with gzip, which may collect/],
  ],
  [
    'announced',
    'already bursty upstream',
    /^already bursty upstream: 30 events at once/,
    [/^all 30 came together/, /^its length, 3\.1 KB, is announced, so it was complete before it was sent$/],
  ],
  [
    'closes',
    'already bursty upstream',
    /^already bursty upstream: 30 events at once/,
    [/^all 30 came together/, /^it ends with the connection, as in HTTP\/1\.0$/],
  ],
  ['misnamed', 'passes as it comes', /^passes as it comes/, [/^it looks like an event stream and is called text\/plain$/]],
  ...[4, 8, 16].map(
    (size) =>
      [
        `blocks-of-${size}`,
        'already bursty upstream',
        /^already bursty upstream: \d+ bursts of about .*, \d+ ms apart$/,
        [new RegExp(`^\\d+ of \\d+ bursts fill blocks of ${size} KiB, as a buffer on the way does$`)],
      ] as const,
  ),
  // The last, for it takes as long as the silence.
  [
    'silent',
    'upstream cut the connection',
    /^the upstream 127/,
    [/^upstream silent for 3[01]\.\d s, then the upstream ended it$/, /^a silence of 3[01]\.\d s is close to 30 s, a common idle timeout$/],
  ],
] as const)('%s: %s, with its evidence', { timeout: 90_000 }, async (name, badge, finding, evidence) => {
  const { keyboard } = window
  const row = window.getByRole('grid', { name: 'Exchanges, newest first' }).getByRole('row', { name: new RegExp(`/${name}`) })
  await window.getByRole('combobox', { name: 'Filter exchanges' }).fill(`path:/${name}`)
  await row.getByText(badge).waitFor({ timeout: name === 'silent' ? 60_000 : 15_000 })
  await keyboard.press('Enter')
  await keyboard.press('Home')
  const detail = window.getByRole('region', { name: `Detail of GET /${name}` })
  await detail.locator('header').getByText(finding).waitFor()
  await keyboard.press('Enter')
  await keyboard.press('End')
  const timing = window.getByRole('tabpanel', { name: 'Timing' })
  for (const line of [finding, ...evidence]) await timing.getByText(line).waitFor()
  await keepScreenshot(window, `verdict-${name}`)
  await keyboard.press('Escape')
})

/** As a buffer of one size hands events on. */
async function sendBlocks(exchange: UpstreamExchange, size: number): Promise<void> {
  const text = ('data: '.padEnd(139, 'x') + '\n\n').repeat(Math.ceil((size * 8) / 141))
  await exchange.eventStream()
  for (let index = 0; index < 8; index++) {
    await exchange.chunk(text.slice(index * size, (index + 1) * size))
    await pause(200)
  }
  await exchange.endChunks()
}
