import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/child.ts'
import { fetchWhole, request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY W3: each state says what it is, and what to do next. The tests follow one another in one window, by keyboard.

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const open: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    if (exchange.target.startsWith('/empty')) return exchange.answer('')
    if (exchange.target === '/large')
      return exchange.answer(`data: ${'x'.repeat(2_000_000)}\n\n`, { fields: { 'Content-Type': 'text/event-stream' } })
    await exchange.eventStream()
    if (exchange.target === '/silent') return
    for (let number = 1; !exchange.isClosed; number++) {
      await exchange.chunk(`id: ${number}\ndata: tick\n\n`).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
  sluice = await launchApp({ config: 'version: 1\nroutes: []\n' })
  window = sluice.window
})
afterAll(async () => {
  for (const { client } of open) client.close()
  await sluice?.close()
  await upstream?.close()
})

const says = (text: string | RegExp) => window.getByText(text).first().waitFor()
const button = (name: string | RegExp): Locator => window.getByRole('button', { name }).first()
const offers = (name: string | RegExp) => button(name).waitFor()
const row = (name: RegExp): Locator => window.getByRole('grid', { name: 'Exchanges, newest first' }).getByRole('row', { name })

test('no routes: what a route is, and two ways to one', async () => {
  await says('No routes yet')
  await offers('Add a route')
  await offers('Add the demo route')
})

test('no traffic: where to send it, with the line to copy', async () => {
  const closed = await freePort()
  await writeFile(
    path.join(sluice.userData, 'sluice.yaml'),
    `version: 1
routes:
  - { id: gone, match: { path: /gone }, upstream: 'http://127.0.0.1:${closed}' }
  - { id: all, name: All, match: { path: '/*' }, upstream: '${upstream.url}' }
`,
  )
  await says('No traffic yet')
  await offers('Copy the command')
  await offers(/^Import HAR/)
})

test('stopped: clients are refused, and Start', async () => {
  await button('Stop').press('Enter')
  await says('The gateway is stopped')
  await says('Clients are refused until it is started again.')
  await button('Start').press('Enter')
  await says('No traffic yet')
})

test('an upstream that refuses: who did, that nothing came, and that it can be sent again', async () => {
  expect((await fetchWhole(`${sluice.url}/gone`)).status).toBe(502)
  await row(/gone/).click()
  await says(/^The upstream 127\.0\.0\.1:\d+ refused the connection$/)
  await says(/Is it running.*The headers tab shows what was sent; the menu above sends it again\./)
  await offers('Send again, copy')
  await keepScreenshot(window, 'state-failed')
})

test('a body that has not begun, and one that never came', async () => {
  open.push(await request(`${sluice.url}/silent`))
  await row(/silent/).click()
  await says(/^Waiting for the first event$/)
  await says(/The upstream answered .* ago with 200; its body has not begun\./)
  await fetchWhole(`${sluice.url}/empty`)
  await row(/empty/).click()
  await says('No body')
})

test('paused events: capture goes on, so many are new, and resuming shows them all', async () => {
  const ticks = await request(`${sluice.url}/ticks`)
  open.push(ticks)
  await row(/ticks/).click()
  const events = window.getByRole('grid', { name: 'Events, oldest first' })
  await events.getByRole('row').nth(3).waitFor()
  const detail = window.getByRole('region', { name: /^Detail of GET/ })
  await detail.getByRole('button', { name: 'Pause' }).press('Enter')
  const frozen = Number(await events.getAttribute('aria-rowcount'))
  await detail.getByText(/^\d+ new$/).waitFor()
  const last = 3 + Number(/id: (\d+)\n(?![^]*id: )/.exec(ticks.text)?.[1])
  await ticks.waitForText(`id: ${last}\n`)
  expect(Number(await events.getAttribute('aria-rowcount'))).toBe(frozen)
  await says('capture on')
  await keepScreenshot(window, 'state-events-paused')
  await detail.getByRole('button', { name: 'Resume' }).press('Enter')
  await expect.poll(async () => Number(await events.getAttribute('aria-rowcount'))).toBeGreaterThan(last)
  expect(await events.getByText(/not kept/).count()).toBe(0)
})

test('stopped capture is another thing: what comes is passed on, timed and not kept, which the rows and the bar say', async () => {
  await window.getByRole('switch', { name: 'Capture' }).press('Space')
  await says(/^capture off since/)
  await says('not kept: capture was stopped')
  expect(await button('Resume').count()).toBe(0)
  await keepScreenshot(window, 'state-capture-stopped')
  await window.getByRole('switch', { name: 'Capture' }).press('Space')
  await says('capture on')
})

test('a paused list: how many are new, and Resume', async () => {
  await button('Pause').press('Enter')
  await fetchWhole(`${sluice.url}/empty?new`)
  await says('paused, 1 new')
  expect(await row(/empty\?new/).count()).toBe(0)
  await button('Resume').press('Enter')
  await row(/empty\?new/).waitFor()
})

test('a filter that hides all: of how many, and Clear filter', async () => {
  await window.getByRole('combobox', { name: 'Filter exchanges' }).fill('nothing-like-this')
  await says('The filter hides every exchange')
  await says(/^None of 5 exchanges matches it\.$/)
  // The cross in the field has the same name; this is the way out that the state itself offers.
  await window.getByRole('button', { name: 'Clear filter' }).filter({ hasText: 'Clear filter' }).press('Enter')
  await row(/ticks/).waitFor()
})

test('a full budget: that the oldest goes first, how much is gone, and where a larger one is chosen', async () => {
  const budget = window.getByRole('button', { name: /^capture budget/ })
  await budget.press('Enter')
  await window.getByRole('menuitemradio', { name: '64 MiB' }).press('Enter')
  for (let times = 0; times < 40; times++) await fetchWhole(`${sluice.url}/large`)
  await says(/forgotten$/)
  await budget.press('Enter')
  await window.getByRole('menuitemradio', { name: '256 MiB' }).waitFor()
  await keepScreenshot(window, 'state-budget')
  await window.keyboard.press('Escape')
  await row(/large/).last().waitFor()
})

test('all cleared: that there is nothing to show, and how to have more', async () => {
  for (const { client } of open) client.close()
  await window.keyboard.press('Escape')
  await expect
    .poll(async () => {
      await window.keyboard.press('Control+Shift+Delete')
      return window.getByText('No exchanges to show').count()
    })
    .toBe(1)
  await says(/Requests appear here as soon as a client sends one to/)
  await offers('Copy the command')
  expect(sluice.problems).toEqual([])
})
