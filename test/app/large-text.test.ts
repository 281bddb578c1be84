import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdDemoStream, openDemoStream } from './support/demo-stream.ts'
import { keepPicture, layoutFaults, sizeWindow } from './support/layout.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

// QUALITY W1: text at 200 % in the usual window, 1280×800. The tests follow one another in one window.

const usual = { width: 1280, height: 800 }
let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
})
afterAll(() => sluice?.close())

test('at twice the text size the first run scrolls nowhere sideways and overlaps nowhere', async () => {
  await sluice.window.getByRole('button', { name: 'Open the demo stream' }).waitFor()
  await expectSoundAtTwice('large-text-first-run')
})

test('at twice the text size a held stream with its detail scrolls nowhere sideways and overlaps nowhere', async () => {
  await sizeWindow(sluice, usual)
  await openDemoStream(sluice.window)
  await holdDemoStream(sluice.window)
  await expectSoundAtTwice('large-text-held-stream')
})

test('at twice the text size the detail takes the place of the list, and the keys lead from one to the other', async () => {
  const { window } = sluice
  await fetch(`${sluice.url}/nowhere`)
  const list = window.getByRole('grid', { name: 'Exchanges, newest first' })
  const detail = window.getByRole('region', { name: /^Detail of/ })
  await detail.waitFor()
  expect(await list.count()).toBe(0)
  await window.getByRole('button', { name: 'Close the detail' }).click()
  await expect.poll(() => list.evaluate((grid) => grid === document.activeElement)).toBe(true)
  expect(await list.getByRole('row', { selected: true }).innerText()).toContain('/.sse')
  await window.keyboard.press('ArrowUp')
  await list.getByRole('row', { name: /nowhere/, selected: true }).waitFor()
  await keepPicture(sluice.app, 'large-text-list')
  expect(await layoutFaults(window)).toEqual([])
  await window.keyboard.press('Enter')
  await window.getByRole('region', { name: 'Detail of GET /nowhere' }).waitFor()
  await window.keyboard.press('Escape')
  await list.getByRole('row', { name: /\.sse/ }).click()
  await window.getByRole('region', { name: 'Detail of GET /.sse' }).waitFor()
})

test('at twice the text size the route form with errors scrolls nowhere sideways and overlaps nowhere', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: 'Add a route' }).click()
  await window.getByRole('textbox', { name: 'Path' }).fill('no slash')
  await window.getByRole('button', { name: 'Add route' }).click()
  await window.getByText(/A path starts with \//).waitFor()
  await expectSoundAtTwice('large-text-route-form')
})

async function expectSoundAtTwice(picture: string): Promise<void> {
  await sizeWindow(sluice, usual, 2)
  await keepPicture(sluice.app, picture)
  expect(await layoutFaults(sluice.window)).toEqual([])
}
