import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// What the request panel sends, and where: presets, any URL, buffering of one request alone, a captured request through another route. The
// tests follow one another in one window, by keyboard.

let upstream: Upstream
let other: Upstream
let sluice: LaunchedApp
let window: Page

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    await exchange.body()
    if (exchange.target !== '/stays-open') return exchange.answer('data: x\n\n', { fields: { 'Content-Type': 'text/event-stream' } })
    await exchange.eventStream()
    await exchange.chunk('data: held\n\n')
  })
  other = await startUpstream(async (exchange) => exchange.answer('data: other\n\n', { fields: { 'Content-Type': 'text/event-stream' } }))
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: other
    name: Other
    match: { path: /other/* }
    upstream: ${other.url}
    buffering: off
  - id: rest
    name: Rest
    match: { path: /* }
    upstream: ${upstream.url}
    buffering: { response: off, holdBytes: null }
`,
  })
  window = sluice.window
  await window.keyboard.press('Control+n')
  await panel().waitFor()
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
  await other?.close()
  expect(sluice?.problems).toEqual([])
})

const panel = () => window.getByRole('dialog', { name: 'Send a request' })
const url = () => panel().getByRole('textbox', { name: 'URL' })
const exchange = (name: RegExp) => window.getByRole('grid', { name: 'Exchanges, newest first' }).getByRole('row', { name })
const clipboard = (): Promise<string> => sluice.app.evaluate(({ clipboard: system }) => system.readText())
const buffering = (name: string) =>
  panel().getByRole('radiogroup', { name: 'Response buffering of this request' }).getByRole('radio', { name, exact: true })

test('a preset fills in the whole request, and another one takes its place', async () => {
  await panel().getByRole('button', { name: 'Chat completion' }).press('Enter')
  expect(await panel().getByRole('combobox', { name: 'Method' }).inputValue()).toBe('POST')
  await url().press('Control+Enter')
  const chat = await upstream.next()
  expect([chat.method, chat.target, chat.header('content-type')]).toEqual(['POST', '/v1/chat/completions', 'application/json'])
  expect(JSON.parse((await chat.body()).toString())).toMatchObject({ stream: true, messages: [{ role: 'user' }] })
  await panel().getByRole('button', { name: 'SSE GET' }).press('Enter')
  await url().press('Control+Enter')
  const events = await upstream.next()
  expect([events.method, events.target, events.header('accept'), (await events.body()).length]).toEqual([
    'GET',
    '/.sse',
    'text/event-stream',
    0,
  ])
})

test('it is copied as an EventSource, and what no EventSource can send says so', async () => {
  const copyAsEventSource = async () => {
    await panel().getByRole('button', { name: 'Copy as' }).press('Enter')
    await window.getByRole('menuitem', { name: 'EventSource' }).press('Enter')
  }
  await copyAsEventSource()
  await expect.poll(clipboard, { timeout: 10_000 }).toBe(`new EventSource("${sluice.url}/.sse")`)
  await panel().getByRole('button', { name: 'Chat completion' }).press('Enter')
  await copyAsEventSource()
  await window.getByText('An EventSource can’t send POST.').first().waitFor()
})

test('any URL is sent to, by no route', async () => {
  await panel().getByRole('button', { name: 'SSE GET' }).press('Enter')
  await url().fill(`${other.url}/straight?there`)
  await panel().getByText(`Goes straight to ${other.url}, by no route.`).waitFor()
  await url().press('Control+Enter')
  expect((await other.next()).target).toBe('/straight?there')
  await panel().getByText('Complete.').waitFor()
})

test('buffering is on for one request alone, and Stop ends it at the upstream', async () => {
  await url().fill('/stays-open')
  await buffering('As the route').focus()
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press('ArrowRight')
  expect(await buffering('On').isChecked()).toBe(true)
  await panel().getByText('Goes through Rest, buffering on.').waitFor()
  await url().press('Control+Enter')
  const sent = await upstream.next()
  await panel().getByRole('button', { name: 'Stop' }).waitFor()
  await window
    .getByText(/held here/)
    .first()
    .waitFor({ state: 'attached' })
  await keepScreenshot(window, 'compose-held')
  await panel().getByRole('button', { name: 'Stop' }).press('Enter')
  await sent.closed(10_000)
  await panel().getByText('Stopped.').waitFor()
  await window.keyboard.press('Escape')
  await panel().waitFor({ state: 'detached' })
  const rest = window.getByRole('radiogroup', { name: 'Response buffering of Rest' })
  expect(await rest.getByRole('radio', { name: 'Off', exact: true }).isChecked()).toBe(true)
  await exchange(/straight\?there.*direct/).waitFor()
})

test('a captured request is sent again through another route, with the other buffering', async () => {
  await exchange(/chat\/completions/)
    .first()
    .click()
  await window.getByRole('button', { name: 'Send again, copy' }).press('Enter')
  await window.getByRole('menuitem', { name: 'Send again…' }).press('Enter')
  await panel().waitFor()
  const asked = (await panel().getByRole('textbox', { name: 'Body' }).inputValue()).trim()
  expect(JSON.parse(asked)).toMatchObject({ stream: true })
  await panel().getByRole('button', { name: 'Through a route…' }).press('Enter')
  await window.keyboard.type('other')
  await window.keyboard.press('Enter')
  await buffering('As the route').focus()
  await window.keyboard.press('ArrowRight')
  await window.keyboard.press('ArrowRight')
  await panel().getByText('Goes through Other, buffering on.').waitFor()
  await url().press('Control+Enter')
  const again = await other.next()
  expect([again.method, again.target]).toEqual(['POST', '/other/'])
  expect((await again.body()).toString().trim()).toBe(asked)
  await panel().getByText('Complete.').waitFor()
  await window.keyboard.press('Escape')
  await window.getByRole('tab', { name: 'Timing' }).press('Enter')
  await window.getByText(/Buffering is on, .*: set for this exchange alone\./).waitFor()
})
