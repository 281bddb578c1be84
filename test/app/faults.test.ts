import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
})
afterAll(() => sluice?.close())

test('faults are set in the form, mark their route while they are on, name themselves, and are switched off in its menu', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: 'Add a route' }).click()
  await window.getByRole('textbox', { name: 'Path' }).fill('/.sse')
  await window.getByRole('textbox', { name: 'Hosts' }).fill('127.0.0.1')
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill('demo:')
  await window.getByRole('button', { name: /^Faults on purpose/ }).click()
  await window.getByRole('checkbox', { name: 'Faults are on' }).check()
  await window.getByRole('textbox', { name: 'Cut after events' }).fill('3')
  await window.getByRole('button', { name: 'Add route' }).click()
  await window.getByText('faults on', { exact: true }).waitFor()

  const cut = await request(`${sluice.url}/.sse?every=5&count=20`)
  await cut.readAll()
  expect([cut.isDestroyedEarly, cut.text.split('\n\n').length - 1]).toEqual([true, 3])
  await window
    .getByText(/fault on purpose/)
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-faults')

  await window.locator('[data-route]', { hasText: 'faults on' }).click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Switch faults off' }).click()
  await window.getByText('faults on', { exact: true }).waitFor({ state: 'detached' })
  expect((await fetchWhole(`${sluice.url}/.sse?every=5&count=3`)).text).toContain('id: 3\n')
})
