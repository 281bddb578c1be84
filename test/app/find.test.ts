import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDemoStream } from './support/demo-stream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// The tests follow one another in one window, by keyboard.

let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
  await openDemoStream(sluice.window)
  await fetch(`${sluice.url}/nowhere`)
  await fetch(`${sluice.url}/elsewhere`)
})
afterAll(async () => {
  await sluice?.close()
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
