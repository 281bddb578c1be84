import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { launchHostile } from './support/hostile-launch.ts'
import { keepScreenshot, type LaunchedApp } from './support/launch.ts'
import { markup, spaceless } from './support/planted.ts'

// The same hostile texts where they are quoted: in a cause, a reason, a toast, a list of fields, of requests and of what was found. The
// tests follow one another in one window, by keyboard.

let sluice: LaunchedApp
let window: Page

const hostile = launchHostile(
  async (exchange) => {
    switch (exchange.target) {
      case '/called':
        await exchange.chunked({ fields: { 'Content-Type': `text/${markup}` } })
        for (let id = 1; id <= 3; id++) await exchange.chunk(`id: ${id}\ndata: x\n\n`)
        return exchange.endChunks()
      case '/coded':
        return exchange.answer('data: x\n\n', { fields: { 'Content-Type': 'text/event-stream', 'Content-Encoding': markup } })
      case '/keys': {
        const rows = ['one', 'two', 'three'].map((text) => `data: ${JSON.stringify({ [markup]: `${text} ${markup}` })}\n\n`)
        return exchange.answer(rows.join(''), { fields: { 'Content-Type': 'text/event-stream' } })
      }
      default:
        return exchange.answer('data: x\n\n', { fields: { 'Content-Type': 'text/event-stream' } })
    }
  },
  (upstreamUrl) => `version: 1
history: { enabled: true }
routes:
  - { id: all, match: { path: /* }, upstream: '${upstreamUrl}' }
`,
)
beforeAll(() => {
  ;({ sluice, window } = hostile)
})

const open = async (target: string, tab: string): Promise<void> => {
  await window.getByRole('row', { name: new RegExp(`${target} `) }).click()
  await window.getByRole('tab', { name: tab }).click()
}

test('markup as the type of a stream is shown as text where that is told as a cause', async () => {
  await fetchWhole(`${sluice.url}/called`)
  await open('/called', 'Timing')
  await window
    .getByText(/^it looks like an event stream and is called text\/<img/)
    .last()
    .waitFor()
})

test('markup as the coding of a body is shown as text where it cannot be decoded', async () => {
  await fetchWhole(`${sluice.url}/coded`)
  await window.getByRole('row', { name: /\/coded / }).click()
  await window.getByRole('tab').first().click()
  await window.getByText(/The body is coded with <img.*which cannot be decoded here/).waitFor()
  await keepScreenshot(window, 'hostile-coding')
})

test('markup as the name of a field is shown as text where one is picked, and what is put together from it', async () => {
  await fetchWhole(`${sluice.url}/keys`)
  await open('/keys', 'Assembled')
  const panel = window.getByRole('tabpanel', { name: 'Assembled' })
  const field = panel.getByRole('button', { name: /planted/ }).first()
  await field.waitFor()
  await hostile.expectNothingRuns()
  await keepScreenshot(window, 'hostile-fields')
  await field.press('Enter')
  await panel.getByText('Read along').waitFor()
  await panel.getByText('onerror').first().waitFor()
})

test('markup in an option of a pasted curl line, in a URL that was sent and in what it answers is shown as text', async () => {
  await window.keyboard.press('Control+n')
  const panel = window.getByRole('dialog', { name: 'Send a request' })
  const line = `curl '${sluice.url}/sent?${spaceless}' --cacert '${markup}'`
  await sluice.app.evaluate(({ clipboard }, written) => clipboard.writeText(written), line)
  await panel.getByRole('textbox', { name: 'URL' }).press('Control+a')
  await window.keyboard.press('Control+v')
  await window.getByText('Some of the curl line was left out').first().waitFor()
  await window
    .getByText(/--cacert .*planted/)
    .first()
    .waitFor()
  await hostile.expectNothingRuns()
  await panel.getByRole('textbox', { name: 'URL' }).press('Control+Enter')
  await panel.getByText('Complete.').waitFor()
  await panel.getByRole('button', { name: 'Sent before…' }).press('Enter')
  await window
    .getByRole('option', { name: /planted/ })
    .first()
    .waitFor()
  await keepScreenshot(window, 'hostile-sent-before')
  await hostile.expectNothingRuns()
  await window.keyboard.press('Escape')
  await window.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
})

test('markup that the history holds is shown as text among what was found', async () => {
  const stays = await request(`${sluice.url}/keys`)
  await stays.readAll()
  stays.client.close()
  await window.getByRole('button', { name: /^history \d/ }).press('Enter')
  const sheet = window.getByRole('dialog', { name: 'History on disk' })
  await sheet.getByLabel('Find in all kept events').fill('onerror')
  const hits = sheet.getByRole('list', { name: 'Found events' }).getByRole('button')
  await hits.first().waitFor()
  expect(await hits.first().textContent()).toContain('<img class=planted')
  await keepScreenshot(window, 'hostile-found')
})
