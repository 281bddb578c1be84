import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { holdDemoStream, openDemoStream } from './support/demo-stream.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY W1, by what axe-core calls serious or critical. The tests follow one another in one window.

let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
})
afterEach(async () => {
  expect(await seriousFaults('dark')).toEqual([])
  expect(await seriousFaults('light')).toEqual([])
})
afterAll(() => sluice?.close())

test('the first run is accessible in both themes', async () => {
  await sluice.window.getByRole('button', { name: 'Open the demo stream' }).waitFor()
})

test('a live stream with one of its events open is accessible in both themes', async () => {
  await openDemoStream(sluice.window)
  await sluice.window.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(1).click()
  await sluice.window.getByRole('region', { name: /event 1/ }).waitFor()
})

test('a held stream is accessible in both themes', async () => {
  await holdDemoStream(sluice.window)
})

test('the headers and the raw bytes are accessible in both themes', async () => {
  await sluice.window.getByRole('tab', { name: 'Headers' }).click()
  await sluice.window.getByText('sent to the upstream').waitFor()
  expect(await seriousFaults('dark')).toEqual([])
  await sluice.window.getByRole('tab', { name: 'Raw' }).click()
  await sluice.window.getByRole('grid', { name: 'Bytes as text' }).waitFor()
})

test('the route form with errors is accessible in both themes', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: 'Add a route' }).click()
  await window.getByRole('textbox', { name: 'Path' }).fill('no slash')
  await window.getByRole('button', { name: 'Add route' }).click()
  await window.getByText(/A path starts with \//).waitFor()
})

async function seriousFaults(colorScheme: 'dark' | 'light'): Promise<string[]> {
  const { window } = sluice
  await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // Electron cannot open the blank page in which axe would finish.
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${colorScheme}, ${id}: ${html}\n${failureSummary ?? ''}`))
}
