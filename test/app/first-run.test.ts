import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
})
afterAll(() => sluice?.close())

test('within ten seconds of the first start a person sees events arrive, flips the switch and sees them held', async () => {
  const startedAt = Date.now()
  const { window } = sluice
  await window
    .getByRole('button', { name: /demo stream/i })
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-first-run')
  await window
    .getByRole('button', { name: /demo stream/i })
    .first()
    .click()
  await window.getByRole('row', { name: /\.sse/ }).first().waitFor()
  await window.getByRole('radiogroup', { name: 'Response buffering of SSE echo' }).getByRole('radio', { name: 'On', exact: true }).click()
  await window
    .getByText(/held here/)
    .first()
    .waitFor()
  expect(Date.now() - startedAt).toBeLessThan(10_000)
  expect(sluice.problems).toEqual([])
})
