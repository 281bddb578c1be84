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
  await expect.poll(async () => (await copied()) === longText).toBe(true)
  const showMore = detail(2).getByRole('button', { name: /^Show .+ more$/ })
  await showMore.focus()
  await press('Enter')
  await expect.poll(async () => (await detail(2).locator('pre').textContent())?.length).toBe(2 * 1_048_576 - 'data: '.length)
  await showMore.focus()
  await press('Enter')
  await detail(2).getByText('are not shown here').waitFor({ state: 'detached' })
  expect((await detail(2).locator('pre').textContent())?.length).toBe(longText.length)
  expect(sluice.problems).toEqual([])
})
