import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDemoStream } from './support/demo-stream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// The two-lane strip in the real window, over the built-in demo stream. The tests follow one another in one window.

let sluice: LaunchedApp
let window: Page
let strip: Locator
let follow: Locator

beforeAll(async () => {
  sluice = await launchApp()
  window = sluice.window
  await openDemoStream(window)
  strip = window.getByRole('img', { name: /^Timeline\./ })
  follow = strip.locator('..').getByRole('button', { name: 'Follow' })
})
afterAll(() => sluice?.close())

test('a turn of the wheel zooms and lets go of the stream, and the button follows it again', async () => {
  await expect.poll(() => follow.count()).toBe(0)
  await strip.hover()
  await window.mouse.wheel(0, -300)
  await follow.waitFor()
  await follow.click()
  await follow.waitFor({ state: 'detached' })
})

test('dragging selects a stretch, says its numbers, and zooms to it', async () => {
  const box = await strip.boundingBox()
  if (!box) throw new Error('The strip has no place.')
  await window.mouse.move(box.x + box.width - 5, box.y + box.height / 2)
  await window.mouse.down()
  await window.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2, { steps: 4 })
  await window.mouse.up()
  const numbers = strip.locator('..').getByRole('status')
  await expect.poll(() => numbers.textContent()).toMatch(/s · [1-9]\d* events? in, \d+ out · .+B · longest held .+ms/)
  await keepScreenshot(window, 'strip-selection')
  await window.getByRole('button', { name: 'Zoom to it' }).click()
  await numbers.waitFor({ state: 'detached' })
  await follow.waitFor()
})

test('the keys pan, zoom, fit, select and follow', async () => {
  await strip.focus()
  await window.keyboard.press('End')
  await follow.waitFor({ state: 'detached' })
  for (const key of ['ArrowLeft', '+', 'Home']) {
    await window.keyboard.press(key)
    await follow.waitFor()
    await window.keyboard.press('End')
    await follow.waitFor({ state: 'detached' })
  }
  await window.keyboard.press('Shift+ArrowRight')
  await window.keyboard.press('Shift+ArrowRight')
  await window.getByRole('button', { name: 'Zoom to it' }).waitFor()
  await window.keyboard.press('Escape')
  await window.getByRole('button', { name: 'Zoom to it' }).waitFor({ state: 'detached' })
  expect(await strip.count()).toBe(1)
  expect(sluice.problems).toEqual([])
})

test('the timing tab says the milestones, the gaps on both clocks and what was decided', async () => {
  await window.getByRole('tab', { name: 'Timing' }).click()
  await window.getByRole('row', { name: /^Gap from upstream.* (ms|s)/ }).waitFor()
  await window.getByRole('img', { name: /^Rate\./ }).waitFor()
  await window.getByText(/its route says so/).waitFor()
  await keepScreenshot(window, 'timing-tab')
  expect(sluice.problems).toEqual([])
})
