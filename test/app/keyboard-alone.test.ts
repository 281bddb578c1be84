import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoSwitch } from './support/demo-stream.ts'
import { DownloadFile } from './support/downloads.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY W1: a whole piece of work without a pointer. Nothing here sets the focus: it goes where the keys lead it.

const mostTabs = 60
const saved = new DownloadFile()
let sluice: LaunchedApp
let window: Page

beforeAll(async () => {
  sluice = await launchApp()
  window = sluice.window
  await saved.take(sluice)
  await window.getByRole('button', { name: 'Open the demo stream' }).waitFor()
})
afterAll(async () => {
  await sluice?.close()
  expect(sluice?.problems).toEqual([])
})

const exchanges = () => window.getByRole('grid', { name: 'Exchanges, newest first' })
const events = () => window.getByRole('grid', { name: 'Events, oldest first' })

test('Tab and Enter open the demo stream, and an arrow key on the switch of its route holds it', async () => {
  await tabTo(window.getByRole('button', { name: 'Open the demo stream' }))
  await press('Enter')
  await events().getByRole('row').nth(2).waitFor()
  await tabTo(demoSwitch(window, 'Off'))
  await press('ArrowRight')
  await window
    .getByText(/held here/)
    .first()
    .waitFor()
  expect(await demoSwitch(window, 'On').isChecked()).toBe(true)
})

test('the keys lead from the list into the exchange, and along its tabs', async () => {
  await tabTo(exchanges())
  await press('Home')
  await press('Enter')
  await expectFocus(window.getByRole('tab', { name: /^Events/ }))
  for (const name of ['Assembled', 'Headers', 'Raw', 'Timing']) {
    await press('ArrowRight')
    await window.getByRole('tabpanel', { name }).waitFor()
  }
  await press('Home')
  await window.getByRole('tabpanel', { name: /^Events/ }).waitFor()
})

test('a search finds events, and one of them is opened and closed', async () => {
  await press('Control+f')
  await window.keyboard.type('demo')
  await window.getByRole('search').getByText(/match/).waitFor()
  await press('Enter')
  await window.getByRole('region', { name: /^event 1$/ }).waitFor()
  await keepScreenshot(window, 'keyboard-search')
  await press('Escape')
  await window.getByRole('search').waitFor({ state: 'detached' })
  await press('Escape')
  await window.getByRole('region', { name: /^event / }).waitFor({ state: 'detached' })
  await expectFocus(events())
})

test('held bytes are released, and the exchange is exported from its menu', async () => {
  await tabTo(window.getByRole('region', { name: /^Detail of GET/ }).getByRole('button', { name: 'Release now' }), 'Shift+Tab')
  await press('Enter')
  await tabTo(window.getByRole('button', { name: 'Export this exchange' }))
  await press('Enter')
  await window.getByRole('menu').waitFor()
  await expectFocus(window.getByRole('menuitem', { name: /^HAR/ }))
  await press('ArrowDown')
  await press('Enter')
  await window.getByText(/^Exported /).waitFor()
  await expect.poll(() => saved.text()).toContain('"type":"row"')
})

test('the switch lets everything go again, and Esc leads from the detail back to the list', async () => {
  await tabTo(demoSwitch(window, 'On'))
  await press('ArrowLeft')
  await window
    .getByText(/passes as it comes/)
    .first()
    .waitFor()
  await tabTo(window.getByRole('tab', { name: /^Events/ }))
  await press('Escape')
  await window.getByRole('region', { name: /^Detail of/ }).waitFor({ state: 'detached' })
  await expectFocus(exchanges())
})

function press(key: string): Promise<void> {
  return window.keyboard.press(key)
}

/** Goes on with Tab until the focus is there, as a person would. */
async function tabTo(element: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    if (await hasFocus(element)) return
    await press(key)
  }
  throw new Error(`Tab does not lead to ${String(element)} in ${mostTabs} steps.`)
}

async function expectFocus(element: Locator): Promise<void> {
  await expect.poll(() => hasFocus(element)).toBe(true)
}

async function hasFocus(element: Locator): Promise<boolean> {
  return (await element.count()) > 0 && element.first().evaluate((found) => found === document.activeElement)
}
