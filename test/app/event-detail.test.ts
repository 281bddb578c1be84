import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// One stream whose events are opened by keyboard alone; the tests follow one another in one window.

const story = 'Once upon a time there was a stream. '.repeat(12) + '\nThe end, 水 🌊.'
const completion = `{"id":"chat-1","created":12345678901234567890,"choices":[{"index":0,"delta":{"content":${JSON.stringify(story)}}}],"usage":null}`
const longText = 'long '.repeat(500_000)

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
let stream: ClientResponse | undefined
const detail = (index: number) => window.getByRole('region', { name: `event ${index}`, exact: true })
const tree = () => window.getByRole('tree', { name: 'JSON' })
const copied = () => sluice.app.evaluate(({ clipboard }) => clipboard.readText())
const press = async (...keys: string[]) => {
  for (const key of keys) await window.keyboard.press(key)
}

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    if (exchange.target === '/chat/marks') {
      return exchange.answer('\ufeffid: 41\nretry: 1500\n\ndata: whole\n\n: ping\n\nid: 42\ndata: cut of', {
        fields: { 'Content-Type': 'text/event-stream' },
      })
    }
    await exchange.eventStream()
    await exchange.chunk(`id: 41\nevent: delta\ndata: ${completion}\n\n`)
    await exchange.chunk(`data: ${longText}\n\n`)
  })
  sluice = await launchApp({
    config: `version: 1\nroutes:\n  - id: chat\n    name: Chat\n    match: { path: /chat* }\n    upstream: ${upstream.url}\n`,
  })
  window = sluice.window
  stream = await request(`${sluice.url}/chat`, { target: '/chat' })
  await stream.waitForBytes(longText.length)
  await window.getByRole('row', { name: /\/chat/ }).click()
  await window.getByRole('grid', { name: 'Events, oldest first' }).focus()
  await press('Home')
  await tree().waitFor()
  await press('Enter')
})
afterAll(async () => {
  stream?.client.close()
  await sluice?.close()
  await upstream?.close()
})

test('an event of JSON opens as a tree that arrow keys walk and fold', async () => {
  await expect.poll(() => tree().evaluate((element) => element === document.activeElement)).toBe(true)
  await tree().getByText('12345678901234567890').waitFor()
  await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowRight')
  await detail(1).getByText('$.choices[0].delta.content').waitFor()
  await press('Control+c')
  await expect.poll(copied).toBe(story)
  await press('ArrowRight', 'End')
  await tree().getByText('The end, 水 🌊.').waitFor()
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme })
    await keepScreenshot(window, `event-tree-${colorScheme}`)
  }
  await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowLeft')
  await tree().getByText('delta').waitFor({ state: 'detached' })
})

test('the path and the value of the chosen row are copied, long numbers as they were sent', async () => {
  await tree().focus()
  await press('Home', 'ArrowDown', 'ArrowDown')
  await detail(1).getByRole('button', { name: 'Copy the path' }).focus()
  await press('Enter')
  await expect.poll(copied).toBe('$.created')
  await detail(1).getByRole('button', { name: 'Copy the value' }).focus()
  await press('Enter')
  await expect.poll(copied).toBe('12345678901234567890')
  await detail(1).getByRole('button', { name: 'Copy the data' }).focus()
  await press('Enter')
  await expect.poll(copied).toBe(completion)
})

test('a text above 1 MiB is shown step by step and copied whole', async () => {
  await window.getByRole('grid', { name: 'Events, oldest first' }).focus()
  await press('ArrowDown')
  await detail(2).getByRole('button', { name: 'Copy the data' }).focus()
  await press('Enter')
  await expect.poll(async () => (await copied()) === longText, { timeout: 20_000 }).toBe(true)
  const showMore = detail(2).getByRole('button', { name: /^Show .+ more$/ })
  await showMore.focus()
  await press('Enter')
  // Twice as much text is laid out first, which takes as long as the machine is busy.
  await expect
    .poll(
      () =>
        detail(2)
          .locator('pre')
          .evaluate(({ textContent }) => textContent?.length),
      { timeout: 20_000 },
    )
    .toBe(2 * 1_048_576 - 'data: '.length)
  await showMore.focus()
  await press('Enter')
  await detail(2).getByText('are not shown here').waitFor({ state: 'detached' })
  expect((await detail(2).locator('pre').textContent())?.length).toBe(longText.length)
})

test('a stream tells its marks, what it ends in the middle of, and the stream it goes on from', async () => {
  const ask = async (fields = {}) => {
    const answer = await request(`${sluice.url}/chat/marks`, { fields })
    await answer.readAll()
    answer.client.close()
  }
  await ask()
  await ask({ 'Last-Event-ID': '41' })
  const streams = window.getByRole('row', { name: /\/chat\/marks/ })
  await expect.poll(() => streams.count()).toBe(2)
  await streams.first().click()
  await window.getByText(/^Reconnect after .+ from id 41$/).waitFor()
  await window.getByText('unterminated: an EventSource would drop them').waitFor()
  await window.getByText('id: 42↵data: cut of').waitFor()
  const events = window.getByRole('grid', { name: 'Events, oldest first' })
  await events.focus()
  await press('Home')
  await detail(1).getByText('a reconnect asks for what follows id 41 and a reconnect waits 1.50 s').waitFor()
  await detail(1).getByText('starts with a byte order mark').waitFor()
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme })
    await keepScreenshot(window, `event-marks-${colorScheme}`)
  }
  await press('ArrowDown')
  await detail(2)
    .getByText(/since event 1$/)
    .waitFor()
  await press('ArrowDown')
  await detail(3).getByText('A comment alone').waitFor()
  await window.getByRole('button', { name: 'Show the stream before' }).focus()
  await press('Enter')
  await window.getByText(/^Reconnect after/).waitFor({ state: 'detached' })
  await press('?')
  await window.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Unfold everything').waitFor()
  await keepScreenshot(window, 'shortcuts-light')
  expect(sluice.problems).toEqual([])
})
