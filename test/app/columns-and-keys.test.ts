import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDemoStream } from './support/demo-stream.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

// By keyboard alone; the tests follow one another in one window.

let sluice: LaunchedApp
let window: Page
const events = () => window.getByRole('grid', { name: 'Events, oldest first' })
const typeEdge = () => events().getByRole('separator', { name: /^Width of Type/ })

beforeAll(async () => {
  sluice = await launchApp()
  window = sluice.window
  await openDemoStream(window)
})
afterAll(() => sluice?.close())

test('a column is widened and another hidden by keyboard, and both outlive a reload', async () => {
  const before = Number(await typeEdge().getAttribute('aria-valuenow'))
  await events().getByRole('separator').first().focus()
  await window.keyboard.press('ArrowDown')
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press('ArrowRight')
  expect(await typeEdge().getAttribute('aria-valuenow')).toBe(String(before + 16))
  await window.getByRole('button', { name: 'Columns of events' }).focus()
  await window.keyboard.press('Enter')
  await window.getByRole('menuitemcheckbox', { name: 'Arrived' }).focus()
  await window.keyboard.press('Enter')
  await window.keyboard.press('Escape')
  await events().getByRole('columnheader', { name: 'Arrived' }).waitFor({ state: 'detached' })
  await window.reload()
  await window.getByRole('row', { name: /\.sse/ }).first().click()
  await typeEdge().waitFor()
  expect(await typeEdge().getAttribute('aria-valuenow')).toBe(String(before + 16))
  expect(await events().getByRole('columnheader', { name: 'Arrived' }).count()).toBe(0)
})

test('a theme is chosen by keyboard and outlives a reload, and the system’s is followed where that is the choice', async () => {
  const shown = () => window.evaluate(() => document.documentElement.dataset['theme'])
  const choose = async (before: string, choice: string) => {
    await window.getByRole('button', { name: `Theme: ${before}` }).press('Enter')
    await window.getByRole('menuitemradio', { name: choice }).press('Enter')
    await window.getByRole('menu').waitFor({ state: 'detached' })
  }
  await window.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(shown).toBe('dark')
  await choose('system', 'Light')
  await expect.poll(shown).toBe('light')
  await window.reload()
  await window.getByRole('button', { name: 'Theme: light' }).waitFor()
  expect(await shown()).toBe('light')
  await choose('light', 'As the system')
  await expect.poll(shown).toBe('dark')
  await window.emulateMedia({ colorScheme: 'light' })
  await expect.poll(shown).toBe('light')
  await window.getByRole('row', { name: /\.sse/ }).first().click()
})

test('? lists the keys, and Esc gives the focus back to the list', async () => {
  await events().focus()
  await window.keyboard.press('?')
  await window.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await window.keyboard.press('Escape')
  await window.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => events().evaluate((grid) => grid === document.activeElement)).toBe(true)
})

test('an event’s bytes are shown as hex', async () => {
  await window.keyboard.press('Home')
  const detail = window.getByRole('region', { name: 'event 1', exact: true })
  await detail.getByRole('radio', { name: 'Hex' }).focus()
  await window.keyboard.press('Space')
  await detail.getByRole('grid', { name: 'Bytes as hex' }).getByText('0000', { exact: true }).waitFor()
  expect(sluice.problems).toEqual([])
})
