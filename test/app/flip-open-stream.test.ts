import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import type { Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'
import { startTicks } from './support/ticks.ts'

// QUALITY B2, and what Sluice exists for: the switch in the real window, while a real client streams through 127.0.0.1.

const eventEveryMs = 20
const flipBarMs = 50

let upstream: Upstream
let sent = ''
let sluice: LaunchedApp
let window: Page
let response: ClientResponse

beforeAll(async () => {
  const ticks = await startTicks(eventEveryMs, (id) => {
    const event = `id: ${id}\nevent: tick\ndata: {"n":${id},"text":"event number ${id}"}\n\n`
    sent += event
    return event
  })
  upstream = ticks.upstream
  sluice = await launchApp({ config: ticks.config })
  window = sluice.window
  response = await request(`${sluice.url}/ticks`)
})

afterAll(async () => {
  response?.client.close()
  await sluice?.close()
  await upstream?.close()
})

const position = (name: string) =>
  window.getByRole('radiogroup', { name: 'Response buffering of Ticks' }).getByRole('radio', { name, exact: true })

/** Clicks a position of the switch; returns when the page took the click, in epoch milliseconds. */
async function flip(name: string): Promise<number> {
  const clicked = position(name).evaluate(
    (radio) => new Promise<number>((resolve) => radio.addEventListener('click', () => resolve(Date.now()), { once: true, capture: true })),
  )
  await position(name).click()
  return clicked
}

test('the switch that is clicked while a stream is open holds it within 50 ms, and gives back every byte in order', async () => {
  await response.waitForText('id: 20\n')
  await window.getByRole('row', { name: /\/ticks/ }).click()
  await window.getByRole('tab', { name: /^Events/ }).waitFor()
  await keepScreenshot(window, 'app-live-stream')

  const heldAt = await flip('On')
  await window
    .getByText(/KB held/)
    .first()
    .waitFor()
  const lastArrival = (): number => response.pieces.at(-1)?.at ?? 0
  expect(lastArrival() - heldAt).toBeLessThan(flipBarMs)
  const before = response.byteCount
  await window
    .getByText(/held here/)
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-held-stream')
  expect(response.byteCount).toBe(before)
  expect(sent.length).toBeGreaterThan(before + 20 * 40)

  const arrivals = response.pieces.length
  const releasedAt = await flip('Off')
  await response.waitForBytes(before + 20 * 40)
  const first = response.pieces[arrivals]
  expect((first?.at ?? Infinity) - releasedAt).toBeLessThan(flipBarMs)
  await response.waitForText(`id: ${sent.split('\n\n').length}\n`)
  expect(sent.startsWith(response.text)).toBe(true)
  await keepScreenshot(window, 'app-released-stream')
  expect(sluice.problems).toEqual([])
})

test('the strip says in words, too, how long the longest was here and that buffering was on', async () => {
  const strip = window.getByRole('application', { name: /^Timeline\./ })
  await expect.poll(() => strip.getAttribute('aria-label'), { timeout: 5000 }).toMatch(/longest was here for [\d.]+ m?s\. Buffering was on/)
  await window.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(window, 'app-dark')
  await window.emulateMedia({ colorScheme: 'light' })
})
