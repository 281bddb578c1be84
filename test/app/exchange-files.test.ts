import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp
let window: Page
const folder = mkdtempSync(path.join(tmpdir(), 'sluice-files-'))
const saved = path.join(folder, 'saved.jsonl')

beforeAll(async () => {
  sluice = await launchApp()
  window = sluice.window
  await sluice.app.evaluate(({ session }, file) => {
    session.defaultSession.on('will-download', (_event, item) => item.setSavePath(file))
  }, saved)
  await fetchWhole(`${sluice.url}/.sse`, { target: '/.sse?every=50&count=6', fields: [['Accept', 'text/event-stream']] })
})
afterAll(async () => {
  await sluice?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('an exchange is saved as JSON Lines by keyboard, and the file has its events with both clocks', async () => {
  await window.getByRole('row', { name: /\.sse/ }).first().click()
  const button = window.getByRole('button', { name: 'Export this exchange' })
  await button.focus()
  await window.keyboard.press('Enter')
  await window.getByRole('menuitem', { name: 'JSON Lines, with both clocks' }).waitFor()
  await keepScreenshot(window, 'export-menu')
  await window.getByRole('menuitem', { name: 'JSON Lines, with both clocks' }).press('Enter')
  await window.getByText(/^Exported /).waitFor()
  await expect.poll(() => lines().length, { timeout: 10_000 }).toBeGreaterThan(8)
  const events = lines().filter((line) => line['type'] === 'row')
  expect(events.map((line) => line['event'])).toEqual(['server', 'request', 'time', 'time', 'time', 'time', 'time', 'time'])
  for (const { arrivedAt, leftAt } of events) expect(Number(leftAt)).toBeGreaterThanOrEqual(Number(arrivedAt))
})

test('the file is imported, is marked as that, and shows the same events', async () => {
  await window.getByRole('button', { name: 'Import and export' }).click()
  const choosing = window.waitForEvent('filechooser')
  await window.getByRole('menuitem', { name: /^Import/ }).click()
  await (await choosing).setFiles(saved)
  await window.getByText(/^Imported 1 exchange from/).waitFor()
  await window
    .getByRole('region', { name: /^Detail of GET/ })
    .getByText('imported')
    .waitFor()
  await window
    .getByRole('grid', { name: /^Events/ })
    .getByRole('row')
    .nth(8)
    .waitFor()
  await keepScreenshot(window, 'imported')
})

test('a file that is neither is refused with a sentence', async () => {
  await window.getByRole('button', { name: 'Import and export' }).click()
  const choosing = window.waitForEvent('filechooser')
  await window.getByRole('menuitem', { name: /^Import/ }).click()
  await (
    await choosing
  ).setFiles({ name: 'notes.har', mimeType: 'application/json', buffer: Buffer.from('nothing of that kind, whatever it says') })
  await window
    .getByText(/neither a HAR file nor JSON Lines/)
    .first()
    .waitFor()
})

test('a captured stream becomes the upstream of a route, which plays it', async () => {
  await window.getByRole('button', { name: 'Export this exchange' }).click()
  await window.getByRole('menuitem', { name: /^Use as a replay upstream/ }).click()
  const form = window.getByRole('dialog', { name: 'New route' })
  await form.waitFor()
  await keepScreenshot(window, 'replay-route')
  const upstream = await form.getByLabel('Upstream', { exact: true }).first().inputValue()
  expect(upstream).toMatch(/^replay:sse-\d{6}$/)
  await form.getByRole('button', { name: 'Add route' }).click()
  await form.waitFor({ state: 'hidden' })
  const played = await fetchWhole(`${sluice.url}/replay/${upstream.slice('replay:'.length)}`)
  expect(played.status).toBe(200)
  expect((await played.readAll()).toString().match(/event: time/g)).toHaveLength(6)
  expect(sluice.problems).toEqual([])
})

function lines(): Record<string, unknown>[] {
  return readFileSync(saved, { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
