import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'
import { snapshotInWindow } from './support/window-feed.ts'

// QUALITY F9 with 500 streams: whatever becomes of the window, no stream loses a byte, and the window is true again afterwards.
// The tests follow one another with the same streams.

const streamCount = 500
const pauseMs = 400

let upstream: Upstream
let sluice: LaunchedApp
let streams: ClientResponse[] = []

beforeAll(async () => {
  upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let number = 1; !exchange.isClosed; number++) {
      await exchange.chunk(eventText(exchange.target, number)).catch(() => undefined)
      await pause(pauseMs)
    }
  })
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: ticks
    name: Ticks
    match: { path: /ticks/* }
    upstream: ${upstream.url}
`,
  })
  for (let first = 0; first < streamCount; first += 50) {
    const some = Array.from({ length: 50 }, (_, offset) => request(`${sluice.url}/ticks/${first + offset}`))
    streams.push(...(await Promise.all(some)))
  }
}, 120_000)
afterAll(async () => {
  for (const { client } of streams) client.close()
  await sluice?.close()
  await upstream?.close()
})

test('the window shows each of 500 open streams once', async () => {
  await expectMoreOfEach()
  await expectTruth()
  await keepScreenshot(sluice.window, 'many-streams')
}, 120_000)

test('no stream notices that the window reloads, three times in a row', async () => {
  for (let times = 0; times < 3; times++) await sluice.window.reload()
  await expectMoreOfEach()
  await expectTruth()
}, 120_000)

test('no stream notices that the window is hidden and its page frozen, as when the machine rests it', async () => {
  await sluice.app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.hide()
    window?.webContents.debugger.attach('1.3')
    await window?.webContents.debugger.sendCommand('Page.setWebLifecycleState', { state: 'frozen' })
  })
  await expectMoreOfEach()
  await sluice.app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    await window?.webContents.debugger.sendCommand('Page.setWebLifecycleState', { state: 'active' })
    window?.webContents.debugger.detach()
    window?.show()
  })
  await expectTruth()
}, 120_000)

test('no stream notices that the process of the page crashes', async () => {
  await sluice.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('did-finish-load', () => resolve())
        contents?.forcefullyCrashRenderer()
      }),
  )
  await expectMoreOfEach()
  await expectTruth()
}, 120_000)

/** Three more events of each stream, and all that it was sent so far, byte for byte. */
async function expectMoreOfEach(): Promise<void> {
  await Promise.all(streams.map((stream, index) => stream.waitForText(eventText(`/ticks/${index}`, lastNumber(stream) + 3), 60_000)))
  streams.forEach((stream, index) => {
    const { text } = stream
    const sent = Array.from({ length: lastNumber(stream) + 1 }, (_, before) => eventText(`/ticks/${index}`, before + 1)).join('')
    // The last event may be on its way.
    expect(sent.startsWith(text)).toBe(true)
    expect(stream.isEnded).toBe(false)
  })
}

/** What a new feed is told, and what the page itself says: each stream once, all of them open. */
async function expectTruth(): Promise<void> {
  const { exchanges, totals } = await snapshotInWindow(sluice.app)
  expect(totals.open).toBe(streamCount)
  expect(new Set(exchanges.map(({ id }) => id)).size).toBe(exchanges.length)
  expect(exchanges.map(({ target, state }) => `${target} ${state}`).sort()).toEqual(
    streams.map((_, index) => `/ticks/${index} open`).sort(),
  )
  // Asked through main: Playwright loses the page when its process dies.
  await expect
    .poll(pageWords, { timeout: 30_000 })
    .toEqual([`${streamCount} open streams`, `${streamCount} exchanges`, String(streamCount + 1)])
}

function pageWords(): Promise<unknown> {
  return sluice.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(`[
      document.querySelector('footer span').textContent,
      document.querySelector('[role=status][aria-live=off]')?.textContent,
      document.querySelector('[role=grid]')?.getAttribute('aria-rowcount'),
    ]`),
  )
}

function eventText(target: string, number: number): string {
  return `id: ${number}\ndata: ${target} ${'x'.repeat(number % 50)}\n\n`
}

function lastNumber({ text }: ClientResponse): number {
  return Number.parseInt(text.slice(text.lastIndexOf('id: ') + 4)) || 0
}
