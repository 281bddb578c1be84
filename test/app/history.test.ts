// Issue 4, item 9: the history in the window of the real app: switched on, there again after a restart, searched, and forgotten.
import { AxeBuilder } from '@axe-core/playwright'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

const userData = mkdtempSync(path.join(tmpdir(), 'sluice-history-'))
const config = 'version: 1\nroutes:\n  - { id: demo, match: { path: /* }, upstream: "demo:" }\n'
let sluice: LaunchedApp

afterAll(async () => {
  await sluice?.close()
  rmSync(userData, { recursive: true, force: true, maxRetries: 5 })
})

test('the history is switched on by keyboard, says what it keeps, and is accessible in both themes', async () => {
  sluice = await launchApp({ userData, config })
  const { window, url } = sluice
  await window.keyboard.press('Control+k')
  await window.keyboard.type('history')
  await window.keyboard.press('Enter')
  const sheet = window.getByRole('dialog', { name: 'History on disk' })
  await sheet.getByText('Nothing is on disk.').waitFor()
  expect(readdirSync(userData)).not.toContain('history')
  await sheet.getByRole('checkbox').focus()
  await window.keyboard.press('Space')
  await sheet.getByText('Nothing is kept yet').waitFor()

  for (const word of ['first', 'second']) await fetchWhole(`${url}/.sse?of=${word}&every=1&count=12`)
  await sheet.getByText(/^2 exchanges in /).waitFor()
  expect(readFileSync(path.join(userData, 'sluice.yaml'), 'utf8')).toMatch(/history:\s*\n? *\{? *enabled: true/)
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze()
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  }
  await keepScreenshot(window, 'app-history')
  await window.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  expect(sluice.problems).toEqual([])
  await sluice.close()
})

test('after a restart the exchanges are there again, marked, and open with their events', async () => {
  sluice = await launchApp({ userData })
  const { window } = sluice
  const row = exchangeRow('first')
  await row.getByText('history', { exact: true }).waitFor()
  await row.click()
  const events = window.getByRole('grid', { name: 'Events, oldest first' })
  await events
    .getByRole('row', { name: /server/ })
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-history-restored')
})

test('a search over all of it leads to the event that holds the text', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: /^history \d/ }).press('Enter')
  const sheet = window.getByRole('dialog', { name: 'History on disk' })
  await sheet.getByLabel('Find in all kept events').fill('OF=SECOND')
  const hits = sheet.getByRole('list', { name: 'Found events' }).getByRole('button')
  await hits.first().waitFor()
  await hits.first().focus()
  await window.keyboard.press('Enter')
  await sheet.waitFor({ state: 'detached' })
  const detail = window.getByRole('region', { name: /^event/ })
  await detail
    .getByText(/of=second/)
    .first()
    .waitFor()
})

test('one is forgotten for good when that is confirmed, and all of it too', async () => {
  const { window } = sluice
  const row = exchangeRow('second')
  const forget = async (): Promise<void> => {
    await row.click()
    await window.getByRole('button', { name: 'Send again, copy' }).press('Enter')
    await window.getByRole('menuitem', { name: 'Forget for good…' }).press('Enter')
    await window.getByRole('alertdialog').waitFor()
  }
  await forget()
  await window.keyboard.press('Escape')
  await window.getByRole('alertdialog').waitFor({ state: 'detached' })
  expect(await row.count()).toBe(1)
  await forget()
  await window.getByRole('button', { name: 'Forget', exact: true }).press('Enter')
  await window.getByText('Forgotten, and gone from the file on disk').first().waitFor()
  expect(await row.count()).toBe(0)
  expect(bytesOnDisk('of=second')).toBe(false)
  expect(bytesOnDisk('of=first')).toBe(true)

  await window.getByRole('button', { name: /^history \d/ }).press('Enter')
  await window.getByRole('button', { name: 'Forget all…' }).press('Enter')
  await window.getByRole('alertdialog').getByRole('button', { name: 'Forget all' }).press('Enter')
  await window.getByText('The history on disk is forgotten').first().waitFor()
  expect(bytesOnDisk('of=first')).toBe(false)
  await window.getByRole('dialog', { name: 'History on disk' }).getByText('Nothing is kept yet').waitFor()
  expect(sluice.problems).toEqual([])
})

function exchangeRow(word: string): Locator {
  return sluice.window.getByRole('grid', { name: /^Exchanges/ }).getByRole('row', { name: new RegExp(`of=${word}`) })
}

function bytesOnDisk(text: string): boolean {
  const folder = path.join(userData, 'history')
  return readdirSync(folder).some((name) => readFileSync(path.join(folder, name)).includes(text))
}
