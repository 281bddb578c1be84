import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientResponse } from '../support/client-response.ts'
import { fetchWhole, request } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// What each term of the filter leaves in the list of the real window, what clearing takes from it, and what a pin keeps. The tests follow
// one another in one window, by keyboard.

const large = 'data: '.padEnd(2_000_000, 'x') + '\n\n'
const eventStream = { 'Content-Type': 'text/event-stream' }
const targets = ['/alpha/one', '/alpha/two', '/alpha/open', '/alpha/cut', '/alpha/left', '/beta/held'] as const

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const open: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    switch (exchange.target) {
      case '/alpha/one':
        return exchange.answer('data: x\n\n'.repeat(150), { fields: eventStream })
      case '/alpha/two':
        return exchange.answer(`"${'x'.repeat(2000)}"`, { status: 503, fields: { 'Content-Type': 'application/json' } })
      case '/alpha/large':
        return exchange.answer(large, { fields: eventStream })
      case '/alpha/cut':
        await exchange.eventStream()
        await exchange.chunk('data: x\n\n')
        return exchange.cut()
      default:
        await exchange.eventStream()
        await exchange.chunk('data: x\n\ndata: y\n\n')
    }
  })
  sluice = await launchApp({
    config: `version: 1
capture: { budgetMiB: 16 }
routes:
  - id: first
    name: The first
    match: { path: /alpha/* }
    upstream: ${upstream.url}
  - id: second
    match: { path: /beta/* }
    upstream: ${upstream.url}
    buffering: { response: on, holdBytes: null }
`,
  })
  window = sluice.window
  await fetchWhole(`${sluice.url}/alpha/one`)
  await fetchWhole(`${sluice.url}/alpha/two`, { method: 'POST', body: '{}' })
  open.push(await request(`${sluice.url}/alpha/open`), await request(`${sluice.url}/beta/held`))
  const cut = await request(`${sluice.url}/alpha/cut`)
  await cut.client.closed()
  const left = await request(`${sluice.url}/alpha/left`)
  await left.waitForText('data: y')
  left.client.leave()
  await exchanges().getByRole('row').nth(targets.length).waitFor()
})
afterAll(async () => {
  for (const { client } of open) client.close()
  await sluice?.close()
  await upstream?.close()
  expect(sluice?.problems).toEqual([])
})

const exchanges = () => window.getByRole('grid', { name: 'Exchanges, newest first' })

/** What the list shows, of what it was sent. */
function shown(): Promise<string[]> {
  return window.evaluate(
    (known) => {
      const rows = [...document.querySelectorAll('[role=grid][aria-label^=Exchanges] [data-key]')].map(({ textContent }) => textContent)
      return known.filter((target) => rows.some((text) => text?.includes(target)))
    },
    [...targets],
  )
}

async function filterBy(text: string): Promise<void> {
  await window.getByRole('combobox', { name: 'Filter exchanges' }).press('Control+a')
  await window.keyboard.press('Backspace')
  await window.keyboard.type(text)
  await window.keyboard.press('Enter')
}

test.each([
  ['route:second', ['/beta/held']],
  ['route:"the first" is:open', ['/alpha/open']],
  ['status:503', ['/alpha/two']],
  ['status:5xx', ['/alpha/two']],
  ['status:<300 is:complete', ['/alpha/one']],
  ['method:post', ['/alpha/two']],
  ['path:/alpha/o', ['/alpha/one', '/alpha/open']],
  ['host:127.0.0.1 type:json', ['/alpha/two']],
  ['is:open', ['/alpha/open', '/beta/held']],
  ['is:held', ['/beta/held']],
  ['is:failed', ['/alpha/cut']],
  ['is:aborted', ['/alpha/left']],
  ['held:>500ms', ['/beta/held']],
  ['events:>100', ['/alpha/one']],
  ['bytes:>1kb', ['/alpha/one', '/alpha/two']],
  ['duration:>1h', []],
  ['verdict:held', ['/beta/held']],
  ['eta/he', ['/beta/held']],
  ['/(two|cut)$/', ['/alpha/two', '/alpha/cut']],
  ['-is:open -path:one', ['/alpha/two', '/alpha/cut', '/alpha/left']],
])('%s', async (text, wanted) => {
  await filterBy(text)
  await expect.poll(shown, { timeout: 10_000 }).toEqual(wanted)
  const count = `${wanted.length} of ${targets.length}`
  await window.getByText(wanted.length === 0 ? 'The filter hides every exchange' : count).waitFor()
})

test('a key, and the values that the traffic has for it, are suggested', async () => {
  await filterBy('')
  const field = window.getByRole('combobox', { name: 'Filter exchanges' })
  await field.focus()
  await window.keyboard.type('path:/al')
  for (const target of ['/alpha/one', '/alpha/cut']) await window.getByRole('option', { name: `path:${target}` }).waitFor()
  await field.press('Control+a')
  await window.keyboard.type('is:')
  for (const state of ['open', 'held', 'failed', 'pinned']) await window.getByRole('option', { name: `is:${state}` }).waitFor()
  await keepScreenshot(window, 'filter-suggestions')
  await window.keyboard.press('Escape')
})

test('what the filter hides is cleared, and what is open stays', async () => {
  await filterBy('path:/alpha/one')
  await expect.poll(shown).toEqual(['/alpha/one'])
  await window.getByRole('button', { name: 'Clear', exact: true }).press('Enter')
  await window.getByRole('menuitem', { name: 'Ended ones that the filter hides' }).press('Enter')
  await filterBy('')
  await expect.poll(shown, { timeout: 10_000 }).toEqual(['/alpha/one', '/alpha/open', '/beta/held'])
})

test('a pinned exchange keeps its bytes while the budget overflows, and outlives a clear of all', async () => {
  await filterBy('path:/alpha/one')
  await window.keyboard.press('Home')
  await window.keyboard.press('p')
  await window.getByRole('img', { name: 'pinned' }).waitFor()
  await filterBy('')
  for (let times = 0; times < 12; times++) await fetchWhole(`${sluice.url}/alpha/large`)
  await window.getByText(/forgotten$/).waitFor()
  await filterBy('is:pinned')
  await window.keyboard.press('Home')
  const events = window.getByRole('grid', { name: 'Events, oldest first' })
  await window.getByRole('tab', { name: 'Events 150' }).waitFor()
  await events.locator('[data-key="0"]').getByText('x', { exact: true }).waitFor()
  await filterBy('')
  await window.getByRole('button', { name: 'Clear', exact: true }).press('Enter')
  await window.getByRole('menuitem', { name: 'All, and what open ones captured so far' }).press('Enter')
  await expect.poll(shown, { timeout: 10_000 }).toEqual(['/alpha/one', '/alpha/open', '/beta/held'])
  await events.locator('[data-key="0"]').getByText('x', { exact: true }).waitFor()
  await exchanges()
    .getByRole('row', { name: /alpha\/open/ })
    .click()
  await window.getByText('The events so far are no longer kept').waitFor()
})
