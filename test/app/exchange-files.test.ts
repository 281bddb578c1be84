import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { dragFiles } from '../support/drop-files.ts'
import { DownloadFile } from './support/downloads.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp
let window: Page
const saved = new DownloadFile()

beforeAll(async () => {
  sluice = await launchApp()
  window = sluice.window
  await saved.take(sluice)
  await fetchWhole(`${sluice.url}/.sse`, { target: '/.sse?every=50&count=6', fields: [['Accept', 'text/event-stream']] })
})
afterAll(async () => {
  await sluice?.close()
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
  await importFile(saved.path)
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

test('all that the list shows is exported from the palette', async () => {
  await fetchWhole(`${sluice.url}/.sse`, { target: '/.sse?every=1&count=2' })
  await fetchWhole(`${sluice.url}/nowhere`)
  await window.getByRole('combobox', { name: 'Filter exchanges' }).fill('path:/.sse')
  await window.getByText('3 of 4').waitFor()
  await window.keyboard.press('Control+k')
  await window.keyboard.type('export all har')
  await window.getByRole('option', { name: /Export all exchanges shown as HAR/ }).waitFor()
  await keepScreenshot(window, 'export-palette')
  await window.keyboard.press('Enter')
  await window.getByText(/^Exported sluice-exchanges/).waitFor()
  await expect.poll(() => entriesOf(saved.text()), { timeout: 10_000 }).toHaveLength(3)
  for (const { request } of entriesOf(saved.text())) expect(request.url).toContain('/.sse')
  await window.getByRole('combobox', { name: 'Filter exchanges' }).fill('')
})

test('a HAR with all of them is imported again', async () => {
  await importFile({ name: 'all.har', mimeType: 'application/json', buffer: Buffer.from(saved.text()) })
  await expect
    .poll(() => window.getByText(/^Imported \d+ |^This |whole HAR/).allTextContents(), { timeout: 10_000 })
    .toContain('Imported 3 exchanges from all.har')
})

test('a file that is neither is refused with a sentence', async () => {
  await importFile({ name: 'notes.har', mimeType: 'application/json', buffer: Buffer.from('nothing of that kind, whatever it says') })
  await window
    .getByText(/neither a HAR file nor JSON Lines/)
    .first()
    .waitFor()
})

test('files that are let go over the window are imported, each of them', async () => {
  const files = [
    { name: 'again.har', text: saved.text() },
    { name: 'other.har', text: 'nothing of that kind' },
    { name: 'more.har', text: saved.text() },
  ]
  await dragFiles(window, 'dragover', files)
  const invitation = window.getByText(/^Drop HAR files/)
  await invitation.waitFor()
  await dragFiles(window, 'drop', files)
  await invitation.waitFor({ state: 'detached' })
  for (const told of ['Imported 3 exchanges from again.har', 'other.har was not imported', 'Imported 3 exchanges from more.har'])
    await window.getByText(told).first().waitFor()
})

test('a captured stream becomes the upstream of a route, which plays it', async () => {
  await window
    .getByRole('row', { name: /count=6/ })
    .first()
    .click()
  await window.getByRole('tab', { name: 'Events 8' }).waitFor()
  await window.getByRole('button', { name: 'Export this exchange' }).press('Enter')
  await window.getByRole('menuitem', { name: /^Use as a replay upstream/ }).press('Enter')
  const form = window.getByRole('dialog', { name: 'New route' })
  await form.waitFor()
  await keepScreenshot(window, 'replay-route')
  const upstream = await form.getByLabel('Upstream', { exact: true }).first().inputValue()
  expect(upstream).toMatch(/^replay:sse-\d{6}$/)
  await form.getByRole('button', { name: 'Add route' }).press('Enter')
  await form.waitFor({ state: 'hidden' })
  const played = await fetchWhole(`${sluice.url}/replay/${upstream.slice('replay:'.length)}`)
  expect(played.status).toBe(200)
  expect((await played.readAll()).toString().match(/event: time/g)).toHaveLength(6)

  // The same at once: of its own pace it takes the six pauses of 50 ms that were recorded.
  await window.locator('[data-route]', { hasText: upstream }).click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Edit' }).click()
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill(`${upstream}?speed=max`)
  await window.keyboard.press('Control+s')
  await window.getByRole('dialog', { name: /^Edit/ }).waitFor({ state: 'detached' })
  await window.locator('[data-route]', { hasText: 'speed=max' }).waitFor()
  const atOnce = await fetchWhole(`${sluice.url}/replay/${upstream.slice('replay:'.length)}`)
  expect((await atOnce.readAll()).toString()).toBe((await played.readAll()).toString())

  // Ten times as slowly: no machine is so busy that six pauses of 50 ms take as long.
  const editedAt = window.locator('[data-route]', { hasText: 'speed=max' })
  await editedAt.click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Edit' }).click()
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill(`${upstream}?speed=0.1`)
  await window.keyboard.press('Control+s')
  await window.locator('[data-route]', { hasText: 'speed=0.1' }).waitFor()
  const startedAt = performance.now()
  const slowly = await fetchWhole(`${sluice.url}/replay/${upstream.slice('replay:'.length)}`)
  expect(performance.now() - startedAt).toBeGreaterThan(2900)
  expect((await slowly.readAll()).toString()).toBe((await played.readAll()).toString())
  expect(sluice.problems).toEqual([])
})

/** By keyboard, from the menu, once the one before has given the focus back. */
async function importFile(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await window.getByRole('menu').waitFor({ state: 'detached' })
  await window.getByRole('button', { name: 'Import and export' }).press('Enter')
  const item = window.getByRole('menuitem', { name: /^Import/ })
  await item.waitFor()
  const choosing = window.waitForEvent('filechooser')
  await item.press('Enter')
  await (await choosing).setFiles(file)
}

/** None while the file is being written. */
function entriesOf(text: string): readonly { readonly request: { readonly url: string } }[] {
  try {
    return (JSON.parse(text) as { log: { entries: { request: { url: string } }[] } }).log.entries
  } catch {
    return []
  }
}

function lines(): Record<string, unknown>[] {
  return saved
    .text()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
