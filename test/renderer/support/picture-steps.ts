import type { Page } from 'playwright-core'
import { dialogScenes, dialogSteps } from './dialog-picture-steps.ts'
import { historyScenes, historySteps } from './history-pictures.ts'
import { stateSteps } from './state-picture-steps.ts'

/** What is done in a scene before its picture is taken. */
export const steps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  live: async () => {},
  'first-run': async () => {},
  recorded: async (page) =>
    page
      .getByRole('row', { name: /imported/ })
      .first()
      .click(),
  empty: async () => {},
  'port-in-use': async () => {},
  'config-problem': async () => {},
  down: async () => {},
  restarted: async () => {},
  ...stateSteps,
  many: async () => {},
  nodes: async () => {},
  faults: async (page) => page.getByRole('row', { name: /flaky/ }).first().click(),
  messages: (page) => openMessage(page, 1, 3),
  'messages-close': (page) => openMessage(page, 1, 10),
  'messages-binary': (page) => openMessage(page, 1, 7),
  'messages-broken': (page) => openMessage(page, 2, 3),
  'form-faults': async (page) => {
    await page.locator('[data-route]').first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('button', { name: /^Faults on purpose/ }).click()
    await page.getByLabel('Cut after events').scrollIntoViewIfNeeded()
    await page.getByLabel('Answer with status').scrollIntoViewIfNeeded()
  },
  trust: async (page) => {
    await page.getByRole('button', { name: 'How to trust the https address' }).click()
    await page.getByRole('heading', { name: /^Debian/ }).waitFor()
  },
  form: async (page) => {
    await page
      .getByRole('button', { name: /^Add a route/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
  },
  'form-errors': async (page) => {
    await page
      .getByRole('button', { name: /^Add a route/ })
      .first()
      .click()
    await page.getByLabel('Hold up to').fill('much')
    await page.getByLabel('Hosts').fill('Bad Host')
    await page.getByRole('button', { name: 'Add route' }).click()
  },
  columns: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('grid', { name: 'Events, oldest first' }).getByRole('columnheader').first().click({ button: 'right' })
    await page.getByRole('menu').waitFor()
  },
  hex: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(2).click()
    await page
      .getByRole('region', { name: /^event/ })
      .getByRole('radio', { name: 'Hex' })
      .click({ force: true })
    await page.getByRole('grid', { name: 'Bytes as hex' }).waitFor()
  },
  filter: async (page) => {
    await page.getByRole('combobox', { name: 'Filter exchanges' }).fill('route:chat is:open held:>500ms st')
  },
  'filter-wrong': async (page) => {
    await page.getByRole('combobox', { name: 'Filter exchanges' }).fill('status:4x4 method:post nothing')
  },
  search: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('gate')
    await page.waitForTimeout(500)
    await page.keyboard.press('Enter')
  },
  'search-hide': async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('sl.*ce')
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await page.getByRole('button', { name: 'Hide what does not match' }).click()
    await page.waitForTimeout(500)
  },
  sorted: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('button', { name: 'Format of times' }).click()
    await page.getByRole('menuitemradio', { name: /Since the request/ }).click()
    await page
      .getByRole('grid', { name: /^Events/ })
      .getByRole('button', { name: 'Held' })
      .click()
    await page.waitForTimeout(800)
  },
  timing: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('tab', { name: 'Timing' }).click()
    await page.getByRole('slider', { name: 'Timing plots' }).focus()
    for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowRight')
    await page.waitForTimeout(600)
  },
  'capture-off': async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.keyboard.press('p')
    await page.getByRole('switch', { name: 'Capture' }).click()
    await page.getByRole('button', { name: /^capture/ }).click()
  },
  assembled: (page) => openAssembled(page, /\?answer/),
  'assembled-refused': (page) => openAssembled(page, /\?refused/),
  'assembled-path': (page) => openAssembled(page, /\/v1\/tell/),
  shortcuts: async (page) => {
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
  },
  menu: async (page) => {
    await page.locator('[data-route]').first().click({ button: 'right' })
    await page.getByRole('menu').waitFor()
  },
  compose: async (page) => {
    await page.keyboard.press('Control+n')
    await page.getByRole('dialog', { name: 'Send a request' }).waitFor()
    await page.getByRole('button', { name: 'Chat completion' }).click()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Open', { exact: true }).waitFor()
  },
  'send-again': async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Send again…' }).click()
    await page.getByRole('dialog', { name: 'Send a request' }).waitFor()
  },
  'exchange-menu': async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('button', { name: 'Send again, copy' }).click()
    await page.getByRole('menu').waitFor()
  },
  ...historySteps,
  ...dialogSteps,
  palette: async (page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).waitFor()
  },
  compare: async (page) => {
    await page.getByRole('row', { name: /chat/ }).nth(1).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with…' }).click()
    await page.getByRole('dialog', { name: /^Compare/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Comparison' }).waitFor()
    await page.waitForTimeout(700)
  },
  demo: async (page) => {
    await page.getByRole('button', { name: 'Open the demo stream' }).click()
    await page.waitForTimeout(2500)
    await page.locator('[data-value=on], [aria-label^="Response buffering"]').first().click()
    await page.waitForTimeout(200)
    const item = page.getByRole('menuitemradio', { name: /^On/ })
    if (await item.isVisible()) await item.click()
    await page.waitForTimeout(2500)
  },
}

/** The scene that a picture is taken of, where it is not called as its picture is. */
export const sceneOf: Readonly<Record<string, string>> = {
  'all-forgotten': 'over-budget',
  failed: 'ended',
  'no-body': 'ended',
  silent: 'ended',
  imported: 'ended',
  'long-headers': 'long-values',
  paused: 'live',
  'filtered-out': 'live',
  selection: 'live',
  held: 'live',
  'forced-colors': 'live',
  columns: 'live',
  'assembled-refused': 'assembled',
  'assembled-path': 'assembled',
  hex: 'live',
  shortcuts: 'live',
  form: 'live',
  filter: 'live',
  'filter-wrong': 'live',
  search: 'live',
  'search-hide': 'live',
  'capture-off': 'live',
  sorted: 'live',
  timing: 'live',
  'form-errors': 'live',
  menu: 'live',
  compose: 'live',
  compare: 'live',
  palette: 'live',
  'send-again': 'live',
  'exchange-menu': 'live',
  demo: 'first-run',
  trust: 'nodes',
  'form-faults': 'faults',
  ...historyScenes,
  ...dialogScenes,
  'messages-close': 'messages',
  'messages-binary': 'messages',
  'messages-broken': 'messages',
}

async function openAssembled(page: Page, row: RegExp): Promise<void> {
  await page.getByRole('row', { name: row }).first().click()
  await page.getByRole('tab', { name: 'Assembled' }).click()
  await page.getByRole('tabpanel', { name: 'Assembled' }).waitFor()
  await page.waitForTimeout(800)
}

/** Opens one message of one of the WebSockets, the newest of which is the first. */
async function openMessage(page: Page, socket: number, row: number): Promise<void> {
  const sockets = page.getByRole('row', { name: /orders/ })
  await sockets.nth(socket).click()
  await page.getByRole('grid', { name: 'Messages, oldest first' }).getByRole('row').nth(row).click()
}
