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

test('the switch that is clicked while a stream is open holds it, and gives back every byte in order', async () => {
  await response.waitForText('id: 20\n')
  await window.getByRole('row', { name: /\/ticks/ }).click()
  await window.getByRole('tab', { name: /^Events/ }).waitFor()
  await keepScreenshot(window, 'app-live-stream')

  await hold()
  const before = response.byteCount
  await window
    .getByText(/held here/)
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-held-stream')
  expect(response.byteCount).toBe(before)
  expect(sent.length).toBeGreaterThan(before + 20 * 40)

  await release(before + 20 * 40)
  await response.waitForText(`id: ${sent.split('\n\n').length}\n`)
  expect(sent.startsWith(response.text)).toBe(true)
  await keepScreenshot(window, 'app-released-stream')
  expect(sluice.problems).toEqual([])
})

test('each way the switch acts within 50 ms, of five times in most', async () => {
  const tookMs: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] }
  for (let times = 0; times < 5; times++) {
    tookMs.on.push(await hold())
    tookMs.off.push(await release(response.byteCount + 1))
  }
  // One that the machine was too busy for says nothing about the switch.
  for (const each of [tookMs.on, tookMs.off]) expect(each.toSorted((one, other) => one - other)[2]).toBeLessThan(flipBarMs)
})

/** Switches it on; how long after the click the last byte came. */
async function hold(): Promise<number> {
  const at = await flip('On')
  await window
    .getByText(/KB held/)
    .first()
    .waitFor()
  return (response.pieces.at(-1)?.at ?? 0) - at
}

/** Switches it off, until the client has so many bytes; how long after the click the first of them came. */
async function release(byteCount: number): Promise<number> {
  const arrivals = response.pieces.length
  const at = await flip('Off')
  await response.waitForBytes(byteCount)
  await window
    .getByText(/KB held/)
    .first()
    .waitFor({ state: 'detached' })
  return (response.pieces[arrivals]?.at ?? Infinity) - at
}

test('the strip says in words, too, how long the longest was here and that buffering was on', async () => {
  const strip = window.getByRole('application', { name: /^Timeline\./ })
  await expect.poll(() => strip.getAttribute('aria-label'), { timeout: 5000 }).toMatch(/longest was here for [\d.]+ m?s\. Buffering was on/)
  await window.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(window, 'app-dark')
  await window.emulateMedia({ colorScheme: 'light' })
})
