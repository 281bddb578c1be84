import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { accessibilityFaults } from './support/axe.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// The tests follow one another in one request panel, by keyboard.

const secret = 'sk-a-key-of-no-one-0123456789'

let upstream: Upstream
let sluice: LaunchedApp
let window: Page

beforeAll(async () => {
  upstream = await startUpstream((exchange) => exchange.answer('ok'))
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: orders
    name: Orders
    match: { path: /orders/*, hosts: [shop.localhost], methods: [PUT] }
    upstream: ${upstream.url}
  - id: rest
    name: Rest
    match: { path: /* }
    upstream: ${upstream.url}
`,
  })
  window = sluice.window
  await window.keyboard.press('Control+n')
  await panel().waitFor()
})

afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
})

const panel = () => window.getByRole('dialog', { name: 'Send a request' })
const url = () => panel().getByRole('textbox', { name: 'URL' })

test('header names and their values are suggested, and taken by keyboard', async () => {
  const { keyboard } = window
  await url().fill('/suggested')
  await panel().getByRole('button', { name: 'Add a header' }).press('Enter')
  const name = panel().getByRole('combobox', { name: 'Name of header 2' })
  await expect.poll(() => name.evaluate((element) => element === document.activeElement)).toBe(true)
  await keyboard.type('cache')
  await window.getByRole('option', { name: 'Cache-Control' }).waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await expect.poll(() => name.inputValue()).toBe('Cache-Control')
  await keyboard.press('Tab')
  await keyboard.type('no-t')
  await window.getByRole('option', { name: 'no-transform' }).waitFor()
  await keepScreenshot(window, 'compose-suggestions')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await keyboard.press('Control+Enter')
  const sent = await upstream.next()
  expect([sent.target, sent.header('cache-control'), sent.header('accept')]).toEqual(['/suggested', 'no-transform', 'text/event-stream'])
})

test('Escape closes the suggestions and not the panel', async () => {
  const name = panel().getByRole('combobox', { name: 'Name of header 2' })
  await name.fill('x')
  await window.getByRole('option').first().waitFor()
  await window.keyboard.press('Escape')
  await window.getByRole('option').first().waitFor({ state: 'detached' })
  expect(await panel().isVisible()).toBe(true)
})

test('a route that is picked fills in its path, host and method, and takes the request', async () => {
  await panel().getByRole('button', { name: 'Through a route…' }).press('Enter')
  await window.keyboard.type('orders')
  await window.keyboard.press('Enter')
  await panel().getByText('Goes through Orders, buffering off.').waitFor()
  expect(await url().inputValue()).toBe('/orders/')
  await url().press('Control+Enter')
  const sent = await upstream.next()
  expect([sent.method, sent.target]).toEqual(['PUT', '/orders/'])
})

test('a curl line of several lines is pasted and read, and what it names by file is told', async () => {
  await paste(
    `curl -X PATCH "${sluice.url}/pasted?api_key=${secret}" \\\n  -H 'X-Note: it'\\''s' \\\n  -u me:${secret} \\\n  --cacert ca.pem \\\n  --data-raw $'{"a":\\n"\\u00e9"}'`,
  )
  await expect.poll(() => url().inputValue()).toBe(`${sluice.url}/pasted?api_key=${secret}`)
  await window.getByText('--cacert ca.pem').waitFor()
  await url().press('Control+Enter')
  const sent = await upstream.next()
  expect([sent.method, sent.header('x-note'), sent.header('authorization')]).toEqual(['PATCH', "it's", `Basic ${btoa(`me:${secret}`)}`])
  expect((await sent.body()).toString()).toBe('{"a":\n"é"}')
})

test('a line of the Windows prompt is read, and one that is broken says why and is not sent', async () => {
  await paste(`curl ^"${sluice.url}/windows^" ^\r\n  -H ^"x-api-key: ${secret}^" ^\r\n  --json ^"^{^\\^"a^\\^":1^}^"`)
  await expect.poll(() => url().inputValue()).toBe(`${sluice.url}/windows`)
  expect(await panel().getByRole('textbox', { name: 'Body' }).inputValue()).toBe('{"a":1}')
  await paste("curl 'http://127.0.0.1/")
  await panel().getByText('A single quote is not closed.').waitFor()
  expect(await url().inputValue()).toBe(`${sluice.url}/windows`)
  await url().press('Control+Enter')
  expect((await upstream.next()).header('x-api-key')).toBe(secret)
})

test('a copy leaves secrets out, unless it is said for this one copy', async () => {
  const copyAs = () => panel().getByRole('button', { name: 'Copy as' })
  for (const form of ['curl', 'fetch']) {
    await copyAs().press('Enter')
    await window.getByRole('menuitem', { name: form }).press('Enter')
    await expect.poll(clipboard).toContain('[redacted]6789')
    expect(await clipboard()).not.toContain(secret)
  }
  await copyAs().press('Enter')
  await window.getByRole('menuitemcheckbox', { name: 'With its secrets' }).press('Enter')
  await keepScreenshot(window, 'compose-copy')
  await window.getByRole('menuitem', { name: 'curl' }).press('Enter')
  await expect.poll(clipboard).toContain(`-H 'x-api-key: ${secret}'`)
  await copyAs().press('Enter')
  expect(await window.getByRole('menuitemcheckbox', { name: 'With its secrets' }).getAttribute('aria-checked')).toBe('false')
  await window.keyboard.press('Escape')
})

test('what was sent is remembered without its secrets, comes back, and is forgotten on demand', async () => {
  expect(await stored()).toContain('/pasted?api_key=')
  expect(await stored()).not.toContain(secret)
  expect(await stored()).not.toContain(btoa(`me:${secret}`))
  await panel().getByRole('button', { name: 'Sent before…' }).press('Enter')
  await window.getByRole('option', { name: /PATCH .*pasted/ }).waitFor()
  await keepScreenshot(window, 'compose-history')
  await window.keyboard.type('patch')
  await window.keyboard.press('Enter')
  await expect.poll(() => url().inputValue()).toBe(`${sluice.url}/pasted?api_key=`)
  await panel().getByRole('button', { name: 'Sent before…' }).press('Enter')
  await window.keyboard.type('forget')
  await window.keyboard.press('Enter')
  await panel().getByRole('button', { name: 'Sent before…' }).waitFor({ state: 'detached' })
  expect(await stored()).not.toContain('/pasted')
})

test('nothing in the panel is hard to reach or to read', async () => {
  await panel().getByRole('combobox', { name: 'Method' }).press('ArrowDown')
  await window.getByRole('option', { name: 'GET', exact: true }).waitFor()
  expect(await accessibilityFaults(window)).toEqual([])
  expect(sluice.problems).toEqual([])
})

async function paste(text: string): Promise<void> {
  await sluice.app.evaluate(({ clipboard: system }, written) => system.writeText(written), text)
  await url().press('Control+a')
  await window.keyboard.press('Control+v')
}

const clipboard = (): Promise<string> => sluice.app.evaluate(({ clipboard: system }) => system.readText())
const stored = (): Promise<string> => window.evaluate(() => localStorage.getItem('sluice.view') ?? '')
