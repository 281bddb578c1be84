import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { startHttpUpstream, type HttpUpstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp
let upstream: HttpUpstream

beforeAll(async () => {
  upstream = await startHttpUpstream((_request, response) => response.end('from the new upstream'))
  sluice = await launchApp()
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
})

test('a form with errors says by each field what is wrong, and saves nothing', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: 'Add a route' }).click()
  await window.getByRole('textbox', { name: 'Path' }).fill('no slash')
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill('ftp://example.com')
  await window.getByRole('button', { name: 'Add route' }).click()
  await window.getByText(/A path starts with \//).waitFor()
  await keepScreenshot(window, 'app-route-form-errors')
  expect((await fetchWhole(`${sluice.url}/new`)).status).toBe(404)
})

test('a route that is added in the form serves at once and is in the config file', async () => {
  const { window } = sluice
  await window.getByRole('textbox', { name: 'Path' }).fill('/new')
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill(upstream.url)
  await window.getByRole('button', { name: 'Add route' }).click()
  await expect.poll(async () => (await fetchWhole(`${sluice.url}/new`)).text).toBe('from the new upstream')
  await expect.poll(() => readFile(path.join(sluice.userData, 'sluice.yaml'), 'utf8').catch(() => '')).toContain('path: /new')
})
