import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// What the hold keeps is amber, what a fault keeps is red, and each is called by its name: in the strip, in the list of events and in that
// of matches. The tests follow one another in one window.

const names = ['held', 'faulty'] as const

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const streams: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let id = 1; id <= 8; id++) await exchange.chunk(`id: ${id}\ndata: needle\n\n`)
  })
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: held
    match: { path: /held }
    upstream: ${upstream.url}
    buffering: { response: on, holdBytes: null }
  - id: faulty
    match: { path: /faulty }
    upstream: ${upstream.url}
    faults: { enabled: true, stallAfterEvents: 2 }
`,
  })
  window = sluice.window
  for (const name of names) streams.push(await request(`${sluice.url}/${name}`))
})
afterAll(async () => {
  for (const { client } of streams) client.close()
  await sluice?.close()
  await upstream?.close()
})

const strip = (): Locator => window.getByRole('application', { name: /^Timeline\./ })
const open = async (name: (typeof names)[number]): Promise<void> => {
  await window.getByRole('row', { name: new RegExp(`/${name}`) }).click()
  await window.getByRole('tab', { name: 'Events 8' }).waitFor()
}

test('lines of what is held are amber in the strip, and of what a fault keeps red', async () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme })
    await open('held')
    await expect.poll(lineColours, { timeout: 20_000 }).toEqual({ held: true, bad: false })
    await keepScreenshot(window, `strip-held-${colorScheme}`)
    await open('faulty')
    await expect.poll(lineColours, { timeout: 20_000 }).toEqual({ held: false, bad: true })
    await keepScreenshot(window, `strip-kept-by-fault-${colorScheme}`)
  }
})

test('the strip says in words, too, which of them it is', async () => {
  await open('held')
  await expect.poll(() => strip().getAttribute('aria-label'), { timeout: 20_000 }).toMatch(/ 8 still held\./)
  await open('faulty')
  await expect.poll(() => strip().getAttribute('aria-label'), { timeout: 20_000 }).toMatch(/ 6 still kept by a fault\./)
})

test('a match that is still here is called held or kept by a fault, and never left only once its client is gone', async () => {
  for (const [index, name] of names.entries()) {
    await open(name)
    await window.keyboard.press('Control+f')
    await window.keyboard.type('needle')
    await window.getByRole('search').getByText('8 matches').waitFor()
    await window.getByRole('button', { name: 'Hide what does not match' }).press('Space')
    const matches = window.getByRole('grid', { name: 'Matches, oldest first' })
    const words = name === 'held' ? 'held' : 'kept by a fault'
    const count = name === 'held' ? 8 : 6
    await expect.poll(() => matches.getByText(words, { exact: true }).count(), { timeout: 20_000 }).toBe(count)
    expect(await matches.getByText('never left').count()).toBe(0)
    await keepScreenshot(window, `matches-${name}`)
    streams[index]?.client.leave()
    await expect.poll(() => matches.getByText('never left').count(), { timeout: 20_000 }).toBe(count)
    expect(await matches.getByText(words, { exact: true }).count()).toBe(0)
    await window.getByRole('button', { name: 'Close the search' }).press('Enter')
  }
  expect(sluice.problems).toEqual([])
})

/** Which colours the pixels between the two lanes have, where nothing but lines is drawn. */
function lineColours(): Promise<{ held: boolean; bad: boolean }> {
  return strip().evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const probe = new OffscreenCanvas(1, 1).getContext('2d')
    const drawn = canvas.getContext('2d')
    if (!probe || !drawn) throw new Error('There is nothing to draw on.')
    const colourOf = (name: string): number[] => {
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name)
      probe.fillRect(0, 0, 1, 1)
      return [...probe.getImageData(0, 0, 1, 1).data.subarray(0, 3)]
    }
    const { data } = drawn.getImageData(0, Math.round(canvas.height * 0.4), canvas.width, Math.max(1, Math.round(canvas.height * 0.2)))
    const isSeen = (name: string): boolean => {
      const colour = colourOf(name)
      // A shade of the hold lies behind its lines; it is fainter than any of them.
      for (let at = 0; at < data.length; at += 4) {
        const isLine = (data[at + 3] ?? 0) > 48
        if (isLine && colour.every((part, channel) => Math.abs(part - (data[at + channel] ?? 0)) < 24)) return true
      }
      return false
    }
    return { held: isSeen('--held'), bad: isSeen('--bad') }
  })
}
