import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { openDemoStream } from './support/demo-stream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// The tests follow one another in one window, by keyboard.

const longRows = 5000
const needles = [9, 2499, 4989]

let upstream: Upstream
let sluice: LaunchedApp

beforeAll(async () => {
  const events = Array.from({ length: longRows }, (_, n) => {
    const type = n % 100 === 99 ? 'event: hundredth\n' : ''
    return `${type}data: ${needles.includes(n) ? `needle-${n}` : `hay-${n}`}\n\n`
  })
  upstream = await startUpstream((exchange) => exchange.answer(events.join(''), { fields: { 'Content-Type': 'text/event-stream' } }))
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: sse-echo
    name: SSE echo
    match: { path: /.sse }
    upstream: "demo:"
  - id: long
    match: { path: /long }
    upstream: ${upstream.url}
`,
  })
  await openDemoStream(sluice.window)
  await fetch(`${sluice.url}/nowhere`)
  await fetch(`${sluice.url}/elsewhere`)
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
  expect(sluice?.problems.filter((problem) => !problem.includes('404'))).toEqual([])
})

const exchanges = () => sluice.window.getByRole('grid', { name: 'Exchanges, newest first' }).getByRole('row')
const filter = () => sluice.window.getByRole('combobox', { name: 'Filter exchanges' })

test('a filter is put together from suggestions, and leads into the list', async () => {
  const { keyboard } = sluice.window
  await filter().focus()
  await keyboard.type('sta')
  await sluice.window.getByRole('option', { name: /^status:/ }).waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await sluice.window.getByRole('option', { name: 'status:404' }).waitFor()
  await keyboard.type('4xx ')
  await sluice.window.getByText('2 of 3').waitFor()
  await keyboard.type('path:else')
  await sluice.window.getByText('1 of 3').waitFor()
  await keyboard.press('Enter')
  await exchanges().filter({ hasText: '/elsewhere' }).waitFor()
  expect(await exchanges().filter({ hasText: '/nowhere' }).count()).toBe(0)
})

test('a term that makes no sense says so and hides nothing', async () => {
  await filter().fill('status:4x4')
  await sluice.window.getByText(/status: takes a number such as 404/).waitFor()
  await sluice.window.getByText('3 exchanges').waitFor()
  await keepScreenshot(sluice.window, 'app-filter')
  await filter().fill('')
})

test('a pattern and a term that is negated narrow the list', async () => {
  await filter().fill('/^\\/(no|else)where$/')
  await sluice.window.getByText('2 of 3').waitFor()
  await filter().fill('/^\\/(no|else)where$/ -path:else')
  await sluice.window.getByText('1 of 3').waitFor()
  // Into the list, away from the suggestions.
  await sluice.window.keyboard.press('Enter')
  await exchanges().filter({ hasText: '/nowhere' }).waitFor()
  await filter().fill('-status:404')
  await sluice.window.keyboard.press('Enter')
  await exchanges().filter({ hasText: '.sse' }).waitFor()
  await expect.poll(() => exchanges().filter({ hasText: 'where' }).count()).toBe(0)
})

test('a filter is kept under a name, applied again, and forgotten, by keyboard', async () => {
  const { window } = sluice
  const { keyboard } = window
  await filter().fill('-status:404 is:open')
  const saved = () => window.getByRole('button', { name: 'Saved filters' })
  await saved().press('Enter')
  await window.getByRole('menuitem', { name: 'Save this filter' }).press('Enter')
  // The name has the focus, and what stands there is replaced by what is typed.
  await expect.poll(() => window.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Name of the filter')
  await keyboard.type('What runs')
  await keyboard.press('Enter')
  await filter().fill('')
  await window.getByText('3 exchanges').waitFor()
  await saved().press('Enter')
  await window.getByRole('menuitem', { name: 'What runs' }).press('Enter')
  await window.getByText('1 of 3').waitFor()
  expect(await filter().inputValue()).toBe('-status:404 is:open')
  expect(await window.evaluate(() => localStorage.getItem('sluice.view'))).toContain('What runs')
  await saved().press('Enter')
  await window.getByRole('menuitem', { name: 'Forget this filter' }).press('Enter')
  await filter().fill('')
  expect(await window.evaluate(() => localStorage.getItem('sluice.view'))).not.toContain('What runs')
})

test('a pinned exchange outlives a clear', async () => {
  const { keyboard } = sluice.window
  await exchanges().filter({ hasText: '/nowhere' }).click()
  await keyboard.press('p')
  await sluice.window.getByRole('img', { name: 'pinned' }).waitFor()
  await keyboard.press('Control+Shift+Delete')
  await sluice.window.getByText('2 exchanges').waitFor()
  expect(await exchanges().filter({ hasText: '/nowhere' }).count()).toBe(1)
})

test('a search by pattern finds rows of the whole stream and goes to the first', async () => {
  const { window } = sluice
  await exchanges().filter({ hasText: '.sse' }).click()
  await window.keyboard.press('Control+f')
  await window.keyboard.type('event')
  await window.getByRole('button', { name: 'Regular expression' }).press('Space')
  const search = window.getByRole('search')
  const field = window.getByRole('textbox', { name: 'Search in events' })
  await field.fill('^(server|request)$')
  await search.getByText('2 matches').waitFor()
  await field.press('Enter')
  await search.getByText('1 of 2').waitFor()
  await keepScreenshot(window, 'app-search')
})

test('F3 and Shift+F3 go from match to match through rows far off screen, around the end', async () => {
  const { window } = sluice
  await (await fetch(`${sluice.url}/long`)).text()
  await exchanges().filter({ hasText: '/long' }).click()
  await window.getByRole('tab', { name: 'Events 5,000' }).waitFor()
  await window.keyboard.press('Control+f')
  await window.keyboard.type('needle-')
  await window.getByRole('search').getByText('3 matches').waitFor()
  for (const [key, place] of [
    ['F3', 0],
    ['F3', 1],
    ['F3', 2],
    ['F3', 0],
    ['Shift+F3', 2],
    ['Shift+F3', 1],
  ] as const) {
    await window.keyboard.press(key)
    await window
      .getByRole('search')
      .getByText(`${place + 1} of 3`)
      .waitFor()
    await events()
      .getByRole('row', { selected: true })
      .filter({ hasText: `needle-${needles[place] ?? ''}` })
      .waitFor()
  }
  await keepScreenshot(window, 'app-search-far')
})

test('what does not match is marked out or hidden, as one chooses', async () => {
  const { window } = sluice
  // Highlighted: the rows around a match stay.
  await events().getByRole('row').filter({ hasText: 'hay-2500' }).waitFor()
  await expect.poll(() => window.evaluate(() => CSS.highlights.get('sluice-match')?.size ?? 0)).toBeGreaterThan(0)
  await window.getByRole('button', { name: 'Hide what does not match' }).press('Space')
  const matches = window.getByRole('grid', { name: 'Matches, oldest first' })
  await expect.poll(() => dataRows(matches)).toBe(3)
  for (const n of needles)
    await matches
      .getByRole('row')
      .filter({ hasText: `needle-${n}` })
      .waitFor()
  await keepScreenshot(window, 'app-search-hides')
  await window.getByRole('button', { name: 'Hide what does not match' }).press('Space')
  await events().getByRole('row').filter({ hasText: 'hay-2500' }).waitFor()
})

test('an event that names no type is found by the type that it is shown with', async () => {
  const { window } = sluice
  await window.getByRole('textbox', { name: 'Search in events' }).fill('message')
  await window.getByRole('search').getByText('4,950 matches').waitFor()
  await window.getByRole('textbox', { name: 'Search in events' }).fill('hundredth')
  await window.getByRole('search').getByText('50 matches').waitFor()
  await window.keyboard.press('Escape')
})

test('capture that is stopped looks unlike a pause, keeps no body, and goes on when it is switched on', async () => {
  const { window } = sluice
  const capture = window.getByRole('switch', { name: 'Capture' })
  await capture.press('Space')
  await window.getByText(/^capture off since/).waitFor()
  expect(await capture.getAttribute('aria-checked')).toBe('false')
  await window.getByRole('button', { name: 'Pause' }).first().waitFor()
  const seen = await (await fetch(`${sluice.url}/long?unkept`)).text()
  expect(seen).toContain('needle-4989')
  await exchanges().filter({ hasText: 'unkept' }).click()
  await window.getByText(/^Capture was stopped: what came from/).waitFor()
  await window.getByText('not kept: capture was stopped').first().waitFor()
  await keepScreenshot(window, 'app-capture-off')
  await capture.press('Space')
  await window.getByText('capture on').waitFor()
  await (await fetch(`${sluice.url}/long?kept`)).text()
  await exchanges().filter({ hasText: '?kept' }).click()
  await events().getByRole('row').filter({ hasText: 'hay-1' }).first().waitFor()
})

function events(): Locator {
  return sluice.window.getByRole('grid', { name: 'Events, oldest first' })
}

/** Without the head. */
async function dataRows(grid: Locator): Promise<number> {
  return (await grid.getByRole('row').count()) - 1
}
