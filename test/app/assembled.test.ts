import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { accessibilityFaults } from './support/axe.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// What an LLM's stream says, put together in the real window while it comes. The tests follow one another in one window.

const markup = '<img class=planted src=x onerror="window.hasRun=1"><script class=planted>window.hasRun=1</script>'
const hostile = [markup, `\n\n[click](javascript:window.hasRun=1) ![p](https://example.com/p.png)\n\n> ${markup}\n\n- ${markup}\n`]

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const answers: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    const delta = (value: object) =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: markup, choices: [{ index: 0, delta: value }] })}\n\n`
    for (const content of hostile) await exchange.chunk(delta({ content, reasoning_content: markup }))
    await exchange.chunk(
      delta({ tool_calls: [{ index: 0, id: markup, function: { name: markup, arguments: JSON.stringify({ markup }) } }] }),
    )
    await exchange.chunk(`data: ${JSON.stringify({ error: { code: markup, message: markup } })}\n\n`)
  })
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: chat
    name: Chat
    match: { path: /v1/* }
    upstream: 'demo:'
    buffering: { response: off, holdBytes: null }
  - id: hostile
    name: Hostile
    match: { path: /hostile }
    upstream: ${upstream.url}
  - id: events
    name: Events
    match: { path: /.sse }
    upstream: 'demo:'
`,
  })
  window = sluice.window
})
afterAll(async () => {
  for (const answer of answers) answer.client.close()
  await sluice?.close()
  await upstream?.close()
})

const panel = () => window.getByRole('tabpanel', { name: 'Assembled' })
const shownText = async () => (await panel().locator('[data-assembled-text]').textContent()) ?? ''
const piecesOf = async (lane: string) =>
  Number(
    await panel()
      .getByRole('row', { name: new RegExp(`^${lane}`) })
      .getByRole('cell')
      .first()
      .textContent(),
  )
const chatSwitch = (position: 'Off' | 'On') =>
  window.getByRole('radiogroup', { name: 'Response buffering of Chat', exact: true }).getByRole('radio', { name: position, exact: true })

async function ask(path: string, body: object | null = null): Promise<ClientResponse> {
  const answer = await request(
    `${sluice.url}${path}`,
    body === null ? {} : { method: 'POST', fields: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
  )
  answers.push(answer)
  return answer
}

test('the keyboard leads to the text of an open stream, and it grows; held, the client stays behind until the release', async () => {
  await ask('/v1/chat/completions', {
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    stream_options: { include_usage: true },
    rate: 12,
  })
  await window
    .getByRole('row', { name: /\/v1\/chat/ })
    .first()
    .click()
  await window.keyboard.press('Enter')
  await window.keyboard.press('ArrowRight')
  await panel().waitFor()
  await expect.poll(shownText, { timeout: 10_000 }).toMatch(/^A sluice gate is a plate/)
  const before = (await shownText()).length
  await expect.poll(async () => (await shownText()).length, { timeout: 10_000 }).toBeGreaterThan(before + 10)

  await chatSwitch('On').click()
  await panel()
    .getByText(/held here; the client does not have/)
    .waitFor()
  const clientPieces = await piecesOf('To client')
  const held = await piecesOf('From upstream')
  await expect.poll(() => piecesOf('From upstream'), { timeout: 10_000 }).toBeGreaterThan(held + 5)
  expect(await piecesOf('To client')).toBe(clientPieces)
  await keepScreenshot(window, 'assembled-held')

  await chatSwitch('Off').click()
  await expect.poll(() => piecesOf('To client'), { timeout: 10_000 }).toBeGreaterThan(clientPieces + 5)
  await panel()
    .getByText(/held here; the client/)
    .waitFor({ state: 'detached' })
  await window
    .getByText(/^first token/)
    .first()
    .waitFor()
  await panel()
    .getByRole('row', { name: /^From upstream/ })
    .getByText(/^~?[\d.]+ tokens\/s$/)
    .waitFor()
  expect(await accessibilityFaults(window)).toEqual([])
  expect(sluice.problems).toEqual([])
})

test('the end brings the usage and the reason', async () => {
  await ask('/v1/chat/completions?short=1', {
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 9,
    rate: 200,
  })
  await window.getByRole('row', { name: /short=1/ }).click()
  await window.getByRole('tab', { name: 'Assembled' }).click()
  await panel().getByText('9 tokens', { exact: true }).waitFor()
  await panel().getByText('length', { exact: true }).waitFor()
})

test('markup in a text, a thought, a call, a model and an error is shown as text', async () => {
  await ask('/hostile')
  await window.getByRole('row', { name: /\/hostile/ }).click()
  await panel().getByText('The upstream reports an error').waitFor()
  await panel()
    .getByRole('button', { name: /^Reasoning/ })
    .click()
  await expect.poll(async () => (await panel().textContent())?.split('onerror').length, { timeout: 5000 }).toBeGreaterThan(9)
  await panel().getByText('javascript:window.hasRun=1').click()
  await keepScreenshot(window, 'assembled-hostile')
  const found = await window.evaluate(() => ({
    planted: document.querySelectorAll('.planted').length,
    pictures: document.querySelectorAll('main img').length,
    links: document.links.length,
    hasRun: 'hasRun' in globalThis,
  }))
  expect(found).toEqual({ planted: 0, pictures: 0, links: 0, hasRun: false })
  expect(await accessibilityFaults(window)).toEqual([])
  expect(sluice.problems).toEqual([])
})

test('a stream in no known format is read along a path that is picked from its rows', async () => {
  await ask('/.sse')
  await window.getByRole('row', { name: /\/\.sse/ }).click()
  await panel().getByRole('heading', { name: 'Where is the text?' }).waitFor()
  expect(await accessibilityFaults(window)).toEqual([])
  await panel().getByRole('textbox', { name: 'JSON path' }).fill('$.a[')
  await panel().getByRole('button', { name: 'Put together' }).click()
  await panel()
    .getByText(/cannot be read from character 4/)
    .waitFor()
  await panel().getByRole('textbox', { name: 'JSON path' }).fill('$')
  await window.keyboard.press('Enter')
  await panel().getByText('Read along').waitFor()
  expect((await shownText()).length).toBeGreaterThan(5)
  expect(sluice.problems).toEqual([])
})
