import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { startUpstream } from '../support/upstream.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

let sluice: LaunchedApp

beforeAll(async () => {
  sluice = await launchApp()
})
afterAll(() => sluice?.close())

test('faults are set in the form, mark their route while they are on, name themselves, and are switched off in its menu', async () => {
  const { window } = sluice
  await window.getByRole('button', { name: 'Add a route' }).press('Enter')
  await window.getByRole('textbox', { name: 'Path' }).fill('/.sse')
  await window.getByRole('textbox', { name: 'Hosts' }).fill('127.0.0.1')
  await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill('demo:')
  await window.getByRole('button', { name: /^Faults on purpose/ }).press('Enter')
  await window.getByRole('checkbox', { name: 'Faults are on' }).press('Space')
  await window.getByRole('textbox', { name: 'Cut after events' }).fill('3')
  await window.getByRole('button', { name: 'Add route' }).press('Enter')
  await window.getByText('faults on', { exact: true }).waitFor()

  const cut = await request(`${sluice.url}/.sse?every=5&count=20`)
  await cut.readAll()
  expect([cut.isDestroyedEarly, cut.text.split('\n\n').length - 1]).toEqual([true, 3])
  await window
    .getByText(/fault on purpose/)
    .first()
    .waitFor()
  await keepScreenshot(window, 'app-faults')

  // An EventSource's reconnecting is tried against it: each attempt gets three events and goes on from the last.
  await window.keyboard.press('Control+n')
  const panel = window.getByRole('dialog', { name: 'Send a request' })
  await panel.getByRole('textbox', { name: 'URL' }).fill('/.sse?every=5&count=20&retry=50')
  await panel.getByRole('checkbox', { name: 'Connect again as an EventSource does' }).press('Space')
  await window.keyboard.press('Control+Enter')
  await panel.getByText(/attempt 2/).waitFor()
  await expect
    .poll(() => window.locator('[aria-label^=Exchanges] [role=row]', { hasText: 'retry=50' }).count(), { timeout: 20_000 })
    .toBeGreaterThan(1)
  await panel.getByRole('button', { name: 'Stop' }).press('Enter')
  await window.keyboard.press('Escape')
  await window
    .getByRole('row', { name: /retry=50/ })
    .first()
    .click()
  await window.getByText(/^Reconnect after .* from id \d/).waitFor()
  await keepScreenshot(window, 'app-faults-reconnect')

  // What a stall keeps back is said to be the fault's, in the exchange, in its rows and in its route.
  await window
    .locator('[data-route]', { hasText: 'faults on' })
    .getByRole('button', { name: /^More for/ })
    .press('Enter')
  await window.getByRole('menuitem', { name: 'Edit' }).press('Enter')
  await window.getByRole('button', { name: /^Faults on purpose/ }).press('Enter')
  await window.getByRole('textbox', { name: 'Cut after events' }).fill('')
  await window.getByRole('textbox', { name: 'Stall after events' }).fill('2')
  await window.keyboard.press('Control+s')
  await window.getByRole('dialog', { name: /^Edit/ }).waitFor({ state: 'detached' })
  const stalled = await request(`${sluice.url}/.sse?every=20&count=30&stalled`)
  await window.getByRole('row', { name: /stalled/ }).click()
  await window
    .getByText(/stalled after 2 events; it keeps .* back now/)
    .first()
    .waitFor()
  const events = window.getByRole('grid', { name: /^Events/ })
  await events.getByText('kept by a fault').first().waitFor()
  expect(await events.getByText('held', { exact: true }).count()).toBe(0)
  await keepScreenshot(window, 'app-faults-kept')

  await window
    .locator('[data-route]', { hasText: 'faults on' })
    .getByRole('button', { name: /^More for/ })
    .press('Enter')
  await window.getByRole('menuitem', { name: 'Switch faults off' }).press('Enter')
  await window.getByText('faults on', { exact: true }).waitFor({ state: 'detached' })
  expect((await stalled.readAll()).toString()).toContain('id: 30\n')
  expect((await fetchWhole(`${sluice.url}/.sse?every=5&count=3`)).text).toContain('id: 3\n')
})

test('each other fault does to a client what the form says, and the exchange names it', async () => {
  const { window } = sluice
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (let id = 1; id <= 3; id++) await exchange.chunk(`id: ${String(id)}\ndata: of three\n\n`)
    await exchange.endChunks()
  })
  onTestFinished(() => upstream.close())
  let isNew = true
  const setFault = async (label: string, value: string): Promise<void> => {
    if (isNew) {
      await window.getByRole('button', { name: 'Add a route' }).press('Enter')
      await window.getByRole('textbox', { name: 'Path' }).fill('/each/*')
      await window.getByRole('textbox', { name: 'Upstream', exact: true }).fill(upstream.url)
      await window.getByRole('button', { name: /^Faults on purpose/ }).press('Enter')
      await window.getByRole('checkbox', { name: 'Faults are on' }).press('Space')
    } else {
      await window
        .locator('[data-route]', { hasText: '/each/*' })
        .getByRole('button', { name: /^More for/ })
        .press('Enter')
      await window.getByRole('menuitem', { name: 'Edit' }).press('Enter')
      await window.getByRole('button', { name: /^Faults on purpose/ }).press('Enter')
      for (const other of ['Delay', 'Jitter', 'Split', 'Merge', 'Cut after bytes', 'Answer with status'])
        await window.getByRole('textbox', { name: other, exact: true }).fill('')
    }
    await window.getByRole('textbox', { name: label, exact: true }).fill(value)
    await window.keyboard.press('Control+s')
    await window.getByRole('dialog', { name: /route|^Edit/ }).waitFor({ state: 'detached' })
    isNew = false
  }
  const see = async (name: string, words: RegExp): Promise<void> => {
    await window.getByRole('row', { name: new RegExp(name) }).click()
    await window.getByText(words).first().waitFor()
  }
  const send = (name: string) => fetchWhole(`${sluice.url}/each/${name}`)

  await setFault('Delay', '300 ms')
  const sentAt = performance.now()
  expect((await send('late')).text).toContain('id: 3\n')
  expect(performance.now() - sentAt).toBeGreaterThan(300)
  await see('late', /delayed 300 ms/)

  await setFault('Jitter', '200 ms')
  expect((await send('by-chance')).text).toContain('id: 3\n')
  await see('by-chance', /delayed up to 200 ms/)

  await setFault('Split', '7')
  const split = await send('split')
  expect(split.text).toContain('id: 3\n')
  await see('split', /split into pieces of 7 B/)

  await setFault('Merge', '100000')
  expect((await send('merged')).text).toContain('id: 3\n')
  await see('merged', /merged to/)

  await setFault('Cut after bytes', '40')
  const cut = await request(`${sluice.url}/each/cutbytes`)
  expect((await cut.readAll()).length).toBe(40)
  expect(cut.isDestroyedEarly).toBe(true)
  await see('cutbytes', /fault on purpose.*cut after 40/i)

  await setFault('Answer with status', '429')
  expect((await send('answered')).status).toBe(429)
  await see('answered', /^Fault on purpose: answered here with 429/)
})
