import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Upstream } from '../support/upstream.ts'
import { accessibilityFaults } from './support/axe.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'
import { startTicks } from './support/ticks.ts'

// By keyboard alone in the real window: send a request, send it again with the other buffering, compare, and flip a route.

let upstream: Upstream
let sluice: LaunchedApp
let window: Page

beforeAll(async () => {
  const ticks = await startTicks(40, (id) => `id: ${id}\ndata: {"n":${id}}\n\n`, 10)
  upstream = ticks.upstream
  sluice = await launchApp({ config: ticks.config })
  window = sluice.window
})

afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
})

test('Ctrl+N writes a request, and Ctrl+Enter sends it', async () => {
  await window.keyboard.press('Control+n')
  const panel = window.getByRole('dialog', { name: 'Send a request' })
  await panel.getByRole('textbox', { name: 'URL' }).fill('/ticks?run=1')
  await window.keyboard.press('Control+Enter')
  await panel.getByText('Complete.').waitFor()
  await window.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await window.getByRole('tab', { name: 'Events 10' }).waitFor()
})

test('one key press sends it again with buffering on, and shows both on one axis', async () => {
  await window.getByRole('button', { name: 'Send again with buffering on, and compare' }).focus()
  await window.keyboard.press('Enter')
  const comparison = window.getByRole('region', { name: 'Comparison' })
  await comparison.getByRole('region', { name: 'B: GET /ticks?run=1' }).getByText('buffering on').waitFor()
  await comparison.getByRole('region', { name: 'A: GET /ticks?run=1' }).getByText('buffering off').waitFor()
  const difference = comparison.getByRole('row', { name: /^First row left/ })
  // The first row was held until the last had come, 40 ms after one another.
  await expect.poll(async () => /\+(\d+) ms$/.exec((await difference.textContent()) ?? '')?.[1], { timeout: 20_000 }).toMatch(/^[1-9]\d\d$/)
  await comparison.getByRole('row', { name: /^Rows1010same$|^Rows 10 10 same$/ }).waitFor()
  await keepScreenshot(window, 'app-comparison')
  expect(await accessibilityFaults(window)).toEqual([])
  await window.keyboard.press('Escape')
  await comparison.waitFor({ state: 'detached' })
})

test('two exchanges that are picked by keyboard are compared on one axis', async () => {
  await window.keyboard.press('Control+k')
  await window.keyboard.type('compare with')
  await window.keyboard.press('Enter')
  await window.getByRole('dialog', { name: /^Compare/ }).waitFor()
  await window.getByRole('option').first().waitFor()
  await window.keyboard.press('Enter')
  const comparison = window.getByRole('region', { name: 'Comparison' })
  await comparison.getByText('buffering on').waitFor()
  await comparison.getByText('buffering off').waitFor()
  await comparison.getByRole('row', { name: /^First row left/ }).waitFor()
  await window.keyboard.press('Escape')
  await comparison.waitFor({ state: 'detached' })
})

test('Ctrl+K finds the switch of a route by its words and flips it', async () => {
  await window.keyboard.press('Control+k')
  const palette = window.getByRole('dialog', { name: 'Commands' })
  await palette.getByRole('option', { name: /Ticks: buffering on/ }).waitFor()
  await keepScreenshot(window, 'app-palette')
  await window.keyboard.type('ticks buffering on')
  await window.keyboard.press('Enter')
  await palette.waitFor({ state: 'detached' })
  const isOn = window.getByRole('radiogroup', { name: 'Response buffering of Ticks' }).getByRole('radio', { name: 'On', exact: true })
  await expect.poll(() => isOn.isChecked()).toBe(true)
  expect(sluice.problems).toEqual([])
})
