import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { launchHostile } from './support/hostile-launch.ts'
import { layoutFaults } from './support/layout.ts'
import { keepScreenshot, type LaunchedApp } from './support/launch.ts'
import { link, markup, spaceless } from './support/planted.ts'

// What is captured is hostile: each of these texts would run, or become a link or an element, if it were ever put into the page as HTML.

const longName = 'Long '.repeat(23) + 'name.'
const longLine = `{"text":"${'x'.repeat(1_000_000)}"}`
const events = [
  `data: ${markup}\n\n`,
  `id: ${markup}\nevent: ${link}\ndata: {"html":${JSON.stringify(markup)},"url":"javascript:window.hasRun=1"}\n\n`,
  `: ${markup}\n\n`,
  `event: long\ndata: ${longLine}\n\n`,
]

let sluice: LaunchedApp
let window: Page
let stream: ClientResponse | undefined

const hostile = launchHostile(
  async (exchange) => {
    if (exchange.target.includes('/broken')) return exchange.write(`HTTP/2.9 ${markup}\r\n${markup}\r\n\r\n`)
    if (!exchange.target.startsWith('/hostile')) return exchange.answer(markup, { fields: { 'Content-Type': 'text/html' } })
    await exchange.eventStream({ 'X-Hostile': markup, "X-`'&lt": link })
    for (const event of events) await exchange.chunk(event)
  },
  (upstreamUrl) => `version: 1
routes:
  - id: hostile
    name: '${markup}'
    match: { path: /hostile* }
    upstream: ${upstreamUrl}
  - id: broken
    name: '${link}'
    match: { path: /broken* }
    upstream: ${upstreamUrl}/${spaceless}
  - id: long
    name: ${longName}
    match: { path: /long* }
    upstream: ${upstreamUrl}/${'deep/'.repeat(60)}
`,
)
beforeAll(() => {
  ;({ sluice, window } = hostile)
})
beforeEach(async () => {
  await window.keyboard.press('Escape')
})
afterEach(() => {
  stream?.client.close()
  stream = undefined
})

test('markup in the data, id, type and comment of an event is shown as text', async () => {
  stream = await request(`${sluice.url}/hostile`, { target: `/hostile/${spaceless}` })
  await stream.waitForBytes(longLine.length)
  await window.getByRole('row', { name: /\/hostile/ }).click()
  const rows = window.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row')
  for (const index of [1, 2, 3]) {
    await rows.nth(index).click()
    const detail = window.getByRole('region', { name: `event ${index}` })
    await detail.getByText('onerror').first().waitFor()
    await detail.getByRole('radio', { name: 'Raw' }).click({ force: true })
    await detail.getByText('onerror').first().waitFor()
    // A click on the text itself, where a link would open.
    await detail.getByText('onerror').first().click()
  }
  await keepScreenshot(window, 'hostile-events')
})

test('markup in header fields and in the path is shown as text', async () => {
  stream = await request(`${sluice.url}/hostile`, {
    target: `/hostile/${spaceless}?q=javascript:window.hasRun=1`,
    fields: { 'User-Agent': markup, Referer: 'javascript:window.hasRun=1', 'X-Link': link },
  })
  await window.getByRole('row', { name: /javascript:/ }).click()
  await window.getByRole('tab', { name: 'Headers' }).click()
  await window
    .getByText(/planted/)
    .nth(3)
    .waitFor()
  await keepScreenshot(window, 'hostile-headers')
  await window.getByRole('tab', { name: 'Raw' }).click()
  await window.getByRole('grid', { name: 'Bytes as text' }).getByText('onerror').first().waitFor()
})

test('markup in what an upstream sends in place of HTTP is shown as text', async () => {
  const answer = await request(`${sluice.url}/broken`)
  expect(answer.status).toBe(502)
  answer.client.close()
  await window.getByRole('row', { name: /\/broken/ }).click()
  await window
    .getByRole('tab', { name: 'Events' })
    .or(window.getByRole('tab', { name: 'Lines' }))
    .or(window.getByRole('tab').first())
    .first()
    .click()
  await keepScreenshot(window, 'hostile-upstream')
})

test('markup in the name of a route from a file is shown as text, in its row, menu and form', async () => {
  const route = window.locator('[data-route="hostile"]')
  await route.getByText(markup).first().waitFor()
  await route.hover()
  await route.getByRole('button', { name: /^More for/ }).click()
  await window.getByRole('menuitem', { name: 'Edit' }).click()
  await window.getByRole('heading', { name: /^Edit/ }).waitFor()
  await keepScreenshot(window, 'hostile-route-form')
  await window.keyboard.press('Escape')
  await window.getByRole('heading', { name: /^Edit/ }).waitFor({ state: 'detached' })
})

test('a line of 1 MB, a path of 4 KB and a name of 120 characters break no layout', async () => {
  expect(longName).toHaveLength(120)
  const answer = await request(`${sluice.url}/long`, { target: `/long/${'segment/'.repeat(512)}` })
  stream = await request(`${sluice.url}/hostile`, { target: `/hostile/${'segment/'.repeat(512)}` })
  await stream.waitForBytes(longLine.length)
  await window
    .getByRole('row', { name: /\/long/ })
    .first()
    .click()
  await window.getByRole('tab', { name: 'Headers' }).click()
  await window.getByText('sent to the upstream').waitFor()
  await keepScreenshot(window, 'long-path')
  expect(await layoutFaults(window)).toEqual([])
  answer.client.close()
  await window
    .getByRole('row', { name: /\/hostile\/segment/ })
    .first()
    .click()
  await window.getByRole('tab').first().click()
  await window.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(4).click()
  await window.getByRole('region', { name: 'event 4' }).getByText('xxxx').first().waitFor()
  await keepScreenshot(window, 'long-line')
  expect(await layoutFaults(window)).toEqual([])
})
