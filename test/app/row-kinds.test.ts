import type { Locator, Page } from 'playwright-core'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientResponse } from '../support/client-response.ts'
import { fetchWhole, request } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// Every body has rows of its kind, each with its clocks, which the keys walk. The tests follow one another in one window.

const many = 3000
const gapMs = 400
const events = 'data: one\n\ndata: two\n\ndata: three\n\n'
const coded = { gzip: gzipSync(events), br: brotliCompressSync(events), zstd: zstdCompressSync(events) }
const eventStream = { 'Content-Type': 'text/event-stream' }

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const answers: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    const coding = /^\/coded\/(.*)/.exec(exchange.target)?.[1]
    if (coding !== undefined) {
      return exchange.answer(coded[coding as keyof typeof coded], { fields: { ...eventStream, 'Content-Encoding': coding } })
    }
    switch (exchange.target) {
      case '/many':
        return exchange.answer(Array.from({ length: many }, (_, n) => `data: row ${n + 1}\n\n`).join(''), { fields: eventStream })
      case '/parameters':
        await exchange.chunked({ fields: { 'Content-Type': 'Text/Event-Stream;charset=UTF-8; note="a;b"' } })
        await exchange.chunk('data: first\n\n')
        await new Promise((resolve) => setTimeout(resolve, gapMs))
        await exchange.chunk('data: second\n\n')
        return exchange.endChunks()
      case '/lines':
        return exchange.answer('{"n":1}\n{"n":2}\n{"n":3}\n', { fields: { 'Content-Type': 'application/x-ndjson' } })
      case '/invalid':
        return exchange.answer(Buffer.from('data: whole\n\ndata: cut \xff here\n\n', 'latin1'), { fields: eventStream })
      default:
        // What is left is sent by the test, chunk by chunk.
        return exchange.chunked({ fields: { 'Content-Type': 'application/octet-stream' } })
    }
  })
  sluice = await launchApp({
    config: `version: 1\nroutes:\n  - id: all\n    match: { path: /* }\n    upstream: ${upstream.url}\n    buffering: off\n`,
  })
  window = sluice.window
})
afterAll(async () => {
  for (const { client } of answers) client.close()
  await sluice?.close()
  await upstream?.close()
  expect(sluice?.problems).toEqual([])
})

const grid = (name = 'Events'): Locator => window.getByRole('grid', { name: `${name}, oldest first` })
const row = (index: number, name?: string): Locator => grid(name).locator(`[data-key="${index - 1}"]`)
const detail = (index: number): Locator => window.getByRole('region', { name: `event ${index}`, exact: true })
const open = (target: string): Promise<void> =>
  window
    .getByRole('row', { name: new RegExp(`${target} `) })
    .first()
    .click()
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await window.keyboard.press(key)
}

test('an event stream with any parameters has events, each with when it arrived and left, how long it was here, and its gap', async () => {
  await fetchWhole(`${sluice.url}/parameters`)
  await open('/parameters')
  await window.getByRole('tab', { name: 'Events 2' }).waitFor()
  const titles = await grid().getByRole('columnheader').allTextContents()
  const cell = async (index: number, title: string) =>
    (await row(index).getByRole('gridcell').allTextContents())[titles.indexOf(title)] ?? ''
  await row(2).getByText('second').waitFor()
  const clock = /^\d\d:\d\d:\d\d\.\d{3}$/
  for (const index of [1, 2]) for (const title of ['Arrived', 'Left']) expect(await cell(index, title)).toMatch(clock)
  expect(await cell(1, 'Gap')).toBe('')
  // Without its unit a second would read as less than a millisecond.
  const milliseconds = (text: string) => Number.parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000)
  expect(milliseconds(await cell(2, 'Gap'))).toBeGreaterThanOrEqual(gapMs - 20)
  const since = (text: string) => Date.parse(`1970-01-01T${text}Z`)
  const apartMs = since(await cell(2, 'Arrived')) - since(await cell(1, 'Arrived'))
  expect(Math.abs(apartMs - milliseconds(await cell(2, 'Gap')))).toBeLessThan(10)
  const heldMs = since(await cell(2, 'Left')) - since(await cell(2, 'Arrived'))
  expect(Math.abs(heldMs - milliseconds(await cell(2, 'Held')))).toBeLessThan(2)
})

test('the full format of times has the day', async () => {
  await window.getByRole('button', { name: 'Format of times' }).press('Enter')
  await window.getByRole('menuitemradio', { name: /^Day and time/ }).press('Enter')
  await row(1)
    .getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
    .first()
    .waitFor()
})

test('the keys of the list go on, back, a page on, to both ends, into an event and out of it, and few of its rows are in the page', async () => {
  await fetchWhole(`${sluice.url}/many`)
  await open('/many')
  await window.getByRole('tab', { name: 'Events 3,000' }).waitFor()
  await grid().focus()
  const expectSelected = async (index: number) => {
    await grid()
      .getByRole('row', { selected: true })
      .and(window.locator(`[data-key="${index - 1}"]`))
      .getByText(`row ${index}`, { exact: true })
      .waitFor()
    await detail(index).waitFor()
  }
  await press('Home')
  await expectSelected(1)
  await press('j', 'j', 'ArrowDown')
  await expectSelected(4)
  await press('k', 'ArrowUp')
  await expectSelected(2)
  await press('End')
  await expectSelected(many)
  await press('PageUp')
  await grid().getByRole('row', { selected: true }).waitFor()
  await expect.poll(async () => Number(await grid().getByRole('row', { selected: true }).getAttribute('data-key'))).toBeLessThan(many - 2)
  await press('PageDown')
  await expectSelected(many)
  expect(Number(await grid().getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(many)
  expect(await grid().locator('[data-key]').count()).toBeLessThan(200)
  await press('Enter')
  await expect.poll(() => detail(many).evaluate((region) => region.contains(document.activeElement))).toBe(true)
  await press('Escape')
  await detail(many).waitFor({ state: 'detached' })
  await expect.poll(() => grid().evaluate((list) => list === document.activeElement)).toBe(true)
})

test('a body of lines has lines', async () => {
  await fetchWhole(`${sluice.url}/lines`)
  await open('/lines')
  await window.getByRole('tab', { name: 'Lines 3' }).waitFor()
  for (const n of [1, 2, 3]) await row(n, 'Lines').getByText(`{"n":${n}}`).waitFor()
})

test('any other body has the chunks that it came in', async () => {
  const answer = await request(`${sluice.url}/chunks`)
  answers.push(answer)
  const sender = upstream.exchanges.find(({ target }) => target === '/chunks')
  let sent = 0
  for (const text of ['alpha', 'beta', 'gamma']) {
    await sender?.chunk(text)
    // The next is sent when this one is through, so that no two are read as one.
    await answer.waitForBytes((sent += text.length))
  }
  await open('/chunks')
  await window.getByRole('tab', { name: 'Chunks 3' }).waitFor()
  for (const [index, text] of ['alpha', 'beta', 'gamma'].entries())
    await row(index + 1, 'Chunks')
      .getByText(text)
      .waitFor()
})

test.each(['gzip', 'br'] as const)('the events inside a body in %s are shown, and the client has it as it came', async (coding) => {
  const answer = await fetchWhole(`${sluice.url}/coded/${coding}`)
  expect(await answer.readAll()).toEqual(coded[coding])
  await open(`/coded/${coding}`)
  await window.getByRole('tab', { name: 'Events 3' }).waitFor()
  for (const [index, text] of ['one', 'two', 'three'].entries())
    await row(index + 1)
      .getByText(text, { exact: true })
      .waitFor()
})

test('a body in zstd goes through as it came, and a runtime without zstd says that it shows no events of it', async () => {
  expect(await (await fetchWhole(`${sluice.url}/coded/zstd`)).readAll()).toEqual(coded.zstd)
  await open('/coded/zstd')
  const told = window.getByText('The body is coded with zstd, which cannot be decoded here')
  await window.getByRole('tab', { name: 'Events 3' }).or(told.first()).waitFor()
})

test('text that is no UTF-8 is marked in its event', async () => {
  await fetchWhole(`${sluice.url}/invalid`)
  await open('/invalid')
  await window.getByRole('tab', { name: 'Events 2' }).waitFor()
  await grid().focus()
  await press('Home')
  await detail(1).getByText('whole').first().waitFor()
  expect(
    await detail(1)
      .getByText(/not UTF-8/)
      .count(),
  ).toBe(0)
  await press('ArrowDown')
  await detail(2)
    .getByText(/not UTF-8 from byte \d+ of it; shown as �/)
    .waitFor()
  await keepScreenshot(window, 'event-invalid-utf8')
})
