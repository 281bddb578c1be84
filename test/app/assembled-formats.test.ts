import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenSamples } from '../proxy-core/support/token-streams.ts'
import { fetchWhole, request } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// What each provider's stream says is seen in the real window. The tests follow one another in it.

const stallMs = 1300

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
let end = (): void => undefined

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    if (exchange.target.startsWith('/open')) {
      await exchange.eventStream()
      const piece = (text: string) =>
        exchange.chunk(`data: ${JSON.stringify({ message: { content: text }, done: false, model: 'gauge-5' })}\n\n`)
      await piece('# A *gate*\n\n')
      for (let line = 1; line <= 80; line++) await piece(`- drop ${line}\n`)
      await new Promise((resolve) => setTimeout(resolve, stallMs))
      await piece('the last drop\n')
      await new Promise<void>((resolve) => (end = resolve))
      exchange.end()
      return
    }
    if (exchange.target.startsWith('/unknown')) {
      const rows = ['The gate ', 'is ', 'shut.'].map((said, n) => `data: ${JSON.stringify({ id: `p-${n}`, out: { said } })}\n\n`)
      await exchange.answer(rows.join(''), { fields: { 'Content-Type': 'text/event-stream' } })
      return
    }
    const { body, rowKind } = tokenSamples[Number(exchange.target.split('sample=')[1])] as (typeof tokenSamples)[number]
    const type = rowKind === 'event' ? 'text/event-stream' : rowKind === 'line' ? 'application/x-ndjson' : 'application/json'
    await exchange.answer(body, { fields: { 'Content-Type': type } })
  })
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: open
    match: { path: /open }
    upstream: ${upstream.url}
  - id: unknown
    match: { path: /unknown }
    upstream: ${upstream.url}
  - id: other
    match: { path: /* }
    upstream: ${upstream.url}
`,
  })
  window = sluice.window
})
afterAll(async () => {
  end()
  await sluice?.close()
  await upstream?.close()
})

const panel = (): Locator => window.getByRole('tabpanel', { name: 'Assembled' })

async function open(row: RegExp): Promise<void> {
  await window.getByRole('row', { name: row }).first().click()
  await window.getByRole('tab', { name: 'Assembled' }).click()
  await panel().waitFor()
}

test('the stream that comes is followed until somebody scrolls, and again when asked', async () => {
  await request(`${sluice.url}/open`)
  await open(/\/open/)
  await panel().getByRole('heading', { name: 'A gate' }).waitFor()
  await panel().getByText('drop 80').waitFor()
  const area = panel().locator('[tabindex="0"]').first()
  const restPx = () => area.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
  await expect.poll(restPx, { timeout: 10_000 }).toBeLessThan(24)
  await area.focus()
  await window.keyboard.press('Home')
  await window.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  await expect.poll(restPx, { timeout: 10_000 }).toBeGreaterThan(100)
  // The key scrolls smoothly; its end is waited for.
  await expect.poll(() => area.evaluate((element) => element.scrollTop), { timeout: 10_000 }).toBe(0)
  await window.getByRole('button', { name: 'Follow', exact: true }).press('Enter')
  await expect.poll(restPx, { timeout: 10_000 }).toBeLessThan(24)
})

test('a silence between pieces is a stall, on both clocks', async () => {
  await panel().getByText('the last drop').waitFor()
  for (const lane of ['From upstream', 'To client']) {
    await panel()
      .getByRole('row', { name: new RegExp(`^${lane}`) })
      .getByText(/^1, longest [1-9]/)
      .waitFor()
  }
})

test('the text is shown as Markdown or as it came, and copied as it came', async () => {
  expect(await panel().getByRole('listitem').count()).toBeGreaterThan(70)
  await window.getByRole('button', { name: 'Copy the text', exact: true }).press('Enter')
  const copied = () => sluice.app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toMatch(/^# A \*gate\*\n\n- drop 1\n/)
  await window.getByRole('radiogroup', { name: 'Text' }).getByRole('radio', { name: 'Plain' }).click()
  await panel().getByText('# A *gate*').waitFor()
  expect(await panel().getByRole('listitem').count()).toBe(0)
  await keepScreenshot(window, 'assembled-plain')
  await window.getByRole('radiogroup', { name: 'Text' }).getByRole('radio', { name: 'Markdown' }).click()
})

test.each(tokenSamples.map((sample, index) => ({ ...sample, index })))('$name', async ({ index, said, target }) => {
  await fetchWhole(`${sluice.url}${target}${target.includes('?') ? '&' : '?'}sample=${index}`)
  await open(new RegExp(`sample=${index}(?!\\d)`))
  const answers = panel().getByRole('region', { name: /^(Answer|Choice \d+)$/ })
  await answers.first().waitFor({ state: 'attached' })
  for (const [position, { text, reasoning, refusal, toolCalls, finishReason }] of said.outputs.entries()) {
    const answer = answers.nth(position)
    if (text !== '') await expect.poll(() => answer.locator('[data-assembled-text]').innerText(), { timeout: 10_000 }).toBe(text)
    if (reasoning !== '') {
      await answer.getByRole('button', { name: /^Reasoning/ }).press('Enter')
      for (const thought of reasoning.split('\n\n')) await answer.getByText(thought).waitFor()
    }
    if (refusal !== '') await answer.getByText(refusal).waitFor()
    for (const [name, id] of toolCalls) {
      const call = answer.getByRole('region', { name: `Call of ${name ?? 'a tool'}` })
      await call.waitFor()
      if (id !== null) await call.getByText(id).waitFor()
    }
    if (finishReason !== null) await panel().getByText(finishReason).first().waitFor()
  }
  for (const [code, message] of said.errors) {
    const alert = panel().getByRole('alert')
    await alert.getByText(message).waitFor()
    if (code !== null) await alert.getByText(code).waitFor()
  }
  if (said.model !== null) await panel().getByText(said.model).waitFor()
  await keepScreenshot(window, `assembled-sample-${index}`)
})

test('a field that is picked for streams in no known format is remembered for their route', async () => {
  await fetchWhole(`${sluice.url}/unknown?first`)
  await open(/unknown\?first/)
  await panel()
    .getByRole('button', { name: /^\$\.out\.said/ })
    .press('Enter')
  await panel().getByText('The gate is shut.').waitFor()
  await fetchWhole(`${sluice.url}/unknown?second`)
  await open(/unknown\?second/)
  await panel().getByText('The gate is shut.').waitFor()
  await window.reload()
  await open(/unknown\?first/)
  await panel().getByText('The gate is shut.').waitFor()
  await keepScreenshot(window, 'assembled-picked')
  await panel().getByRole('button', { name: 'Change' }).press('Enter')
  await panel().getByRole('heading', { name: 'Where is the text?' }).waitFor()
  expect(sluice.problems).toEqual([])
})
