import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { snapshotInWindow } from './support/window-feed.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY S1 and S4. Each secret has a body of its own; only its last four characters may be shown.

const secretBody = 'SECRET-BODY-OF-THE'
const secret = (of: string) => `${secretBody}-${of}-0123`
const requestFields = [
  ['Authorization', `Bearer ${secret('authorization')}`],
  ['Proxy-Authorization', `Basic ${secret('proxy')}`],
  ['Cookie', `session=${secret('cookie')}; other=${secret('other-cookie')}`],
  ['x-api-key', secret('api-key')],
  ['api-key', secret('azure-key')],
  ['x-goog-api-key', secret('goog-key')],
  ['Referer', `https://example.com/?access_token=${secret('referer')}`],
] as const
const target = `/secrets?key=${secret('key')}&api_key=${secret('api_key')}&access_token=${secret('access_token')}&model=plain`

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
let response: ClientResponse

beforeAll(async () => {
  upstream = await startUpstream((exchange) =>
    exchange.answer('data: plain\n\n', {
      fields: [
        ['Content-Type', 'text/event-stream'],
        ['Set-Cookie', `session=${secret('set-cookie')}; HttpOnly`],
        ['Location', `/?key=${secret('location')}`],
      ],
    }),
  )
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: secrets
    match: { path: /secrets }
    upstream: ${upstream.url}
`,
  })
  window = sluice.window
  response = await fetchWhole(`${sluice.url}/secrets`, { method: 'POST', target, fields: requestFields, body: 'the body' })
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
})

test('the upstream and the client are sent every secret as it was', async () => {
  const received = await upstream.next()
  expect(received.target).toBe(target)
  for (const [name, value] of requestFields) {
    // A proxy's own credentials end at the proxy (RFC 9110 §11.7.2).
    if (name !== 'Proxy-Authorization') expect(received.header(name)).toBe(value)
  }
  expect(response.header('set-cookie')).toBe(`session=${secret('set-cookie')}; HttpOnly`)
  expect(response.header('location')).toBe(`/?key=${secret('location')}`)
})

test('no secret is anywhere in the page, whichever part of the exchange is shown', async () => {
  await window.getByRole('row', { name: /\/secrets/ }).click()
  await window.getByText('model=plain').first().waitFor()
  await expectNoSecretInPage()
  await window.getByRole('tab', { name: 'Headers' }).click()
  await window.getByText('[redacted]0123').first().waitFor()
  await keepScreenshot(window, 'redacted-headers')
  await expectNoSecretInPage()
  await window.getByRole('tab', { name: 'Raw' }).click()
  for (const side of ['Response', 'Request']) {
    await window.getByRole('radio', { name: side }).click()
    await window
      .getByText(side === 'Request' ? 'the body' : 'data: plain')
      .first()
      .waitFor()
    await expectNoSecretInPage()
  }
})

test('nothing that the gateway sends to the window holds a secret', async () => {
  const snapshot = await snapshotInWindow(sluice.app)
  expect(JSON.stringify(snapshot)).not.toContain(secretBody)
  const heads = await window.evaluate(
    (id) =>
      (globalThis as unknown as { sluice: { command(...input: unknown[]): Promise<unknown> } }).sluice
        .command('exchange.heads', { id })
        .then((reply) => JSON.stringify(reply)),
    snapshot.exchanges[0]?.id,
  )
  expect(heads).toContain('[redacted]')
  expect(heads).not.toContain(secretBody)
})

/** Attributes too: titles and accessible names are shown and read out. */
async function expectNoSecretInPage(): Promise<void> {
  expect(await window.content()).not.toContain(secretBody)
}
