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
  strip = window.getByRole('application', { name: /^Timeline\./ })
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

test('dragging the time axis pans, and so does a turn of the wheel sideways; neither selects', async () => {
  const box = await strip.boundingBox()
  if (!box) throw new Error('The strip has no place.')
  const back = async (): Promise<void> => {
    await strip.focus()
    await window.keyboard.press('End')
    await follow.waitFor({ state: 'detached' })
  }
  await back()
  await window.mouse.move(box.x + box.width * 0.3, box.y + 6)
  await window.mouse.down()
  await window.mouse.move(box.x + box.width * 0.8, box.y + 6, { steps: 4 })
  await window.mouse.up()
  await follow.waitFor()
  await back()
  await strip.hover()
  await window.mouse.wheel(-200, 0)
  await follow.waitFor()
  expect(await window.getByRole('button', { name: 'Zoom to it' }).count()).toBe(0)
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

test('each key press is said once, and a view of the whole stream grows with it', async () => {
  const said = strip.locator('..').locator('[aria-live=polite]').first()
  await strip.focus()
  await window.keyboard.press('Home')
  await expect.poll(() => said.textContent()).toMatch(/^\d\d:\d\d:\d\d\.\d{3} to .+ s$/)
  const shown = async () =>
    Number.parseFloat(
      (await strip
        .locator('..')
        .getByText(/^[\d.]+ s$/)
        .textContent()) ?? '',
    )
  const before = await shown()
  await expect.poll(shown, { timeout: 10_000 }).toBeGreaterThan(before + 1)
})

test('the cursor is linked both ways: a row shows on the strip, and a mark in the list', async () => {
  const row = window.getByRole('grid', { name: /^Events,/ }).locator('[data-key="1"]')
  await strip.focus()
  await window.keyboard.press('Home')
  await row.hover()
  await strip
    .locator('..')
    .getByText(/^#2 arrived/)
    .waitFor()

  const box = await strip.boundingBox()
  if (!box) throw new Error('The strip has no place.')
  const isMarked = async () => ((await row.getAttribute('class')) ?? '').split(' ').includes('bg-raised')
  await window.mouse.move(box.x + box.width * 0.6, box.y + 2)
  // The first two events come at once, at the left end of the whole stream.
  let isFound = false
  for (let x = 0; x < box.width / 6 && !isFound; x += 3) {
    await window.mouse.move(box.x + x, box.y + 30)
    isFound = await isMarked()
  }
  expect(isFound).toBe(true)
  await strip
    .locator('..')
    .getByText(/^#2 arrived/)
    .waitFor()
  await window.mouse.move(0, 0)
  await expect.poll(isMarked).toBe(false)
  await window.keyboard.press('End')
})

test('a title sorts the list both ways while events flow, says that following is off, and the way back follows again', async () => {
  const grid = window.getByRole('grid', { name: /^Events,/ })
  const held = grid.getByRole('columnheader', { name: 'Held' })
  await grid.getByRole('button', { name: '#' }).focus()
  await window.keyboard.press('ArrowRight')
  for (let steps = 0; steps < 4 && !(await isFocused(held.getByRole('button'))); steps++) await window.keyboard.press('ArrowRight')
  await window.keyboard.press('Enter')
  await expect.poll(() => held.getAttribute('aria-sort')).toBe('descending')
  await window.getByText('Longest held first').waitFor()
  const before = await countOf(window)
  await expect.poll(() => countOf(window)).toBeGreaterThan(before)
  await expect.poll(async () => isSorted(await heldOf(grid), -1)).toBe(true)
  await keepScreenshot(window, 'events-sorted')

  await window.keyboard.press('Enter')
  await expect.poll(() => held.getAttribute('aria-sort')).toBe('ascending')
  await expect.poll(async () => isSorted(await heldOf(grid), 1)).toBe(true)

  await grid.getByRole('button', { name: '#' }).click()
  await expect.poll(() => held.getAttribute('aria-sort')).toBeNull()
  await grid.getByRole('button', { name: '#' }).click()
  await window.getByText('Newest first').waitFor()
  const numbers = async () => (await cellsOf(grid, 0)).map(Number)
  const newest = (await numbers())[0] ?? 0
  await expect.poll(async () => (await numbers())[0] ?? 0).toBeGreaterThan(newest)
  expect(isSorted(await numbers(), -1)).toBe(true)

  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('Home')
  await window.keyboard.press('j')
  await grid.locator('[aria-selected=true]').waitFor()
  await window.keyboard.press('Escape')

  await window.getByRole('button', { name: 'Follow in order of arrival' }).click()
  await expect.poll(async () => isSorted(await numbers(), 1)).toBe(true)
  const last = (await numbers()).at(-1) ?? 0
  await expect.poll(async () => (await numbers()).at(-1) ?? 0).toBeGreaterThan(last)
  expect(sluice.problems).toEqual([])
})

test('the format of times is chosen in a menu and outlives the window', async () => {
  const grid = window.getByRole('grid', { name: /^Events,/ })
  const arrived = async () => {
    const titles = await grid.getByRole('columnheader').allTextContents()
    return (await cellsOf(grid, titles.indexOf('Arrived')))[0]
  }
  await expect.poll(arrived).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
  await window.getByRole('button', { name: 'Format of times' }).click()
  await window.getByRole('menuitemradio', { name: /Since the request/ }).click()
  await expect.poll(arrived).toMatch(/^\+(\d+:)?\d+\.\d{3}$/)
  await window.reload()
  await window.getByRole('row', { name: /\.sse/ }).first().click()
  await expect.poll(arrived).toMatch(/^\+(\d+:)?\d+\.\d{3}$/)
  expect(sluice.problems).toEqual([])
})

test('the timing tab says the milestones, the gaps on both clocks and what was decided', async () => {
  await window.getByRole('tab', { name: 'Timing' }).click()
  await window.getByRole('row', { name: /^Gap from upstream.* (ms|s)/ }).waitFor()
  const plots = window.getByRole('slider', { name: 'Timing plots' })
  await plots.focus()
  await window.keyboard.press('Home')
  await expect
    .poll(() => plots.getAttribute('aria-valuetext'))
    .toMatch(/^0\.0 ms after the first: rate .+ events\/s in, .+ out · bytes .+\/s in/)
  await window.keyboard.press('End')
  await expect.poll(() => plots.getAttribute('aria-valuetext')).toMatch(/longest gap .+ in, .+ out/)
  await window.getByText(/its route says so/).waitFor()
  await keepScreenshot(window, 'timing-tab')
  expect(sluice.problems).toEqual([])
})

function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((node) => node === document.activeElement)
}

/** How many events the tab says there are. */
async function countOf(window: Page): Promise<number> {
  return Number((await window.getByRole('tab', { name: /^Events/ }).textContent())?.replace(/\D/g, ''))
}

/** The cells of one column that are on screen, in one look, for rows change places. */
function cellsOf(grid: Locator, column: number): Promise<string[]> {
  return grid.evaluate(
    (node, at) => [...node.querySelectorAll('[role=row][data-key]')].map((row) => row.children[at]?.textContent ?? ''),
    column,
  )
}

async function heldOf(grid: Locator): Promise<number[]> {
  const titles = await grid.getByRole('columnheader').allTextContents()
  return (await cellsOf(grid, titles.indexOf('Held'))).map((text) => Number.parseFloat(text) * (text.endsWith('ms') ? 1 : 1000))
}

function isSorted(values: readonly number[], direction: 1 | -1): boolean {
  return values.length > 3 && values.every((value, at) => at === 0 || (value - (values[at - 1] ?? 0)) * direction >= 0)
}
