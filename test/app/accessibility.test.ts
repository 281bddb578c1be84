import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { accessibilityFaults, faultsIn } from './support/axe.ts'
import { holdDemoStream, openDemoStream } from './support/demo-stream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY W1, by what axe-core calls serious or critical. The tests follow one another in one window.

let sluice: LaunchedApp
let window: Page

beforeAll(async () => {
  sluice = await launchApp({ args: [`--listen=https://127.0.0.1:${await freePort()}`] })
  window = sluice.window
})
afterAll(async () => {
  await sluice?.close()
  expect(sluice?.problems).toEqual([])
})

test('the first run is accessible in both themes', async () => {
  await window.getByRole('button', { name: 'Open the demo stream' }).waitFor()
  await expectAccessible()
})

test('a live stream with one of its events open is accessible in both themes', async () => {
  await openDemoStream(window)
  await events().getByRole('row').nth(1).click()
  await window.getByRole('region', { name: /event 1/ }).waitFor()
  await expectAccessible()
})

test('a held stream is accessible in both themes', async () => {
  await holdDemoStream(window)
  await expectAccessible()
})

test.each([
  ['Headers', () => window.getByText('sent to the upstream')],
  ['Raw', () => window.getByRole('grid', { name: 'Bytes as text' })],
  ['Timing', () => window.getByRole('slider', { name: 'Timing plots' })],
  ['Assembled', () => window.getByRole('tabpanel', { name: 'Assembled' })],
])('the %s tab is accessible in both themes', async (name, content) => {
  await window.getByRole('tab', { name }).click()
  await content().first().waitFor()
  await expectAccessible()
})

test('a list sorted by held time is accessible in both themes', async () => {
  await window.getByRole('tab', { name: /^Events/ }).click()
  await window
    .getByRole('grid', { name: /^Events/ })
    .getByRole('button', { name: 'Held' })
    .click()
  await window.getByRole('button', { name: 'Follow in order of arrival' }).waitFor()
  await expectAccessible()
})

test('a search in the events is accessible in both themes', async () => {
  await window.keyboard.press('Control+f')
  await window.getByRole('textbox', { name: 'Search in events' }).fill('time')
  await window.getByRole('search').getByText(/match/).waitFor()
  await expectAccessible()
})

test.each([
  ['columns of the exchanges', () => window.getByRole('button', { name: 'Columns of exchanges' })],
  ['columns of the events', () => window.getByRole('button', { name: 'Columns of events' })],
  ['ways to clear', () => window.getByRole('button', { name: 'Clear', exact: true })],
  ['files', () => window.getByRole('button', { name: 'Import and export' })],
  ['ways to export one exchange', () => window.getByRole('button', { name: 'Export this exchange' })],
  ['ways to send again', () => window.getByRole('button', { name: 'Send again, copy' })],
  ['formats of times', () => window.getByRole('button', { name: 'Format of times' })],
  ['sizes of the capture budget', () => window.getByRole('button', { name: /^capture/ })],
  ['themes', () => window.getByRole('button', { name: /^Theme/ })],
  ['saved filters', () => window.getByRole('button', { name: 'Saved filters' })],
  ['more of a route', () => window.getByRole('button', { name: /^More for/ })],
])('the menu of %s is accessible', async (_, button) => {
  await openMenu(button())
  expect(await faultsIn(window, 'dark')).toEqual([])
  await window.keyboard.press('Escape')
  await window.getByRole('menu').waitFor({ state: 'detached' })
})

test('a picked suggestion goes on, and the filter with its suggestions open is accessible in both themes', async () => {
  const filter = window.getByRole('combobox', { name: 'Filter exchanges' })
  await filter.fill('sta')
  await window.getByRole('option', { name: /^status:/ }).click()
  await window.getByRole('option', { name: 'status:200' }).waitFor()
  await window.keyboard.press('ArrowDown')
  const active = await filter.getAttribute('aria-activedescendant')
  expect(await window.locator(`[id="${active}"]`).getAttribute('role')).toBe('option')
  await window.getByRole('grid', { name: 'Exchanges, newest first' }).waitFor({ timeout: 5000 })
  await expectAccessible()
  await window.keyboard.press('Tab')
  await window.getByRole('option').first().waitFor({ state: 'detached' })
  expect(await filter.inputValue()).toBe('status:')
})

test('a filter with a term that makes no sense, and one that hides all, are accessible in both themes', async () => {
  const filter = window.getByRole('combobox', { name: 'Filter exchanges' })
  await filter.fill('status:4x4 nothing-like-this')
  await window.getByText('The filter hides every exchange').waitFor()
  await expectAccessible()
  await window.getByRole('button', { name: 'Clear filter' }).first().click()
})

test('paused lists and stopped capture are accessible in both themes', async () => {
  await window.getByRole('button', { name: 'Pause' }).first().click()
  await window.getByRole('switch', { name: 'Capture' }).click()
  await window.getByText(/capture off since/).waitFor()
  await expectAccessible()
  await window.getByRole('switch', { name: 'Capture' }).click()
  await window.getByRole('button', { name: 'Resume' }).first().click()
})

test('the palette of commands is accessible in both themes', async () => {
  await window.keyboard.press('Control+k')
  await window.getByRole('dialog', { name: 'Commands' }).getByRole('option').first().waitFor()
  await expectAccessible()
  await window.keyboard.press('Escape')
})

test('the list of keys is accessible in both themes', async () => {
  await window.keyboard.press('?')
  await window.getByRole('dialog').waitFor()
  await expectAccessible()
  await window.keyboard.press('Escape')
})

test('the request panel is accessible in both themes, its suggestions too, which a click picks', async () => {
  await window.keyboard.press('Control+n')
  await window.getByRole('dialog', { name: 'Send a request' }).waitFor()
  await expectAccessible()
  await window.getByRole('combobox', { name: 'Method' }).click()
  await window.getByRole('option', { name: 'PATCH' }).waitFor()
  // Axe has nothing against suggestions that hide all else from a screen reader; who fills in the field would.
  await window.getByRole('dialog', { name: 'Send a request' }).getByRole('textbox', { name: 'URL' }).waitFor({ timeout: 5000 })
  await expectAccessible()
  await window.getByRole('option', { name: 'PATCH' }).click()
  expect(await window.getByRole('combobox', { name: 'Method' }).inputValue()).toBe('PATCH')
  await window.keyboard.press('Escape')
})

test('how to trust the https address is told accessibly in both themes', async () => {
  await window.getByRole('button', { name: 'How to trust the https address' }).click()
  await window.getByRole('heading', { name: /^Debian/ }).waitFor()
  await expectAccessible()
  await window.keyboard.press('Escape')
})

test('two exchanges to compare are picked and shown accessibly in both themes', async () => {
  await fetch(`${sluice.url}/.sse?every=5&count=3`).then((answer) => answer.text())
  await window
    .getByRole('grid', { name: 'Exchanges, newest first' })
    .getByRole('row', { name: /count=3/ })
    .click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Compare with…' }).click()
  await window.getByRole('dialog', { name: /^Compare/ }).waitFor()
  await expectAccessible()
  await window.keyboard.press('Enter')
  await window.getByRole('region', { name: 'Comparison' }).waitFor()
  await expectAccessible()
  await window.keyboard.press('Escape')
})

test('the route form with errors and all its parts open is accessible in both themes', async () => {
  await window.getByRole('button', { name: 'Add a route' }).click()
  await window.getByRole('textbox', { name: 'Path' }).fill('no slash')
  await window.getByRole('button', { name: 'Add route' }).click()
  await window.getByText(/A path starts with \//).waitFor()
  const folds = window.getByRole('dialog').locator('button[aria-expanded="false"]')
  while ((await folds.count()) > 0) await folds.first().click()
  await window.getByRole('textbox', { name: 'Cut after events' }).fill('x')
  await keepScreenshot(window, 'app-form-all')
  await expectAccessible()
})

function events(): Locator {
  return window.getByRole('grid', { name: 'Events, oldest first' })
}

async function openMenu(button: Locator): Promise<void> {
  await button.first().focus()
  await window.keyboard.press('Enter')
  await window.getByRole('menu').waitFor()
}

async function expectAccessible(): Promise<void> {
  expect(await accessibilityFaults(window)).toEqual([])
}
