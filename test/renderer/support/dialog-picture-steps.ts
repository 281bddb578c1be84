import type { Page } from 'playwright-core'
import { dragFiles } from '../../support/drop-files.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'

const noHar = { name: 'orders.har', text: 'nothing' }

/** What is done before a picture of a menu, a dialog or a refusal is taken. */
export const dialogSteps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'export-secrets': async (page) => {
    await page.getByRole('button', { name: 'Import and export' }).click()
    await page.getByRole('menuitemcheckbox', { name: /^With secrets/ }).click()
  },
  'export-done': async (page) => {
    await openFirst(page, /chat/)
    await page.getByRole('button', { name: 'Export this exchange' }).click()
    await page.getByRole('menuitem', { name: 'HAR 1.2' }).click()
    await page.getByText(/^Exported/).waitFor()
  },
  'import-over': (page) => dragFiles(page, 'dragover', [noHar]),
  'import-refused': async (page) => {
    await dragFiles(page, 'drop', [noHar])
    await page.getByText('There is no exchange in this file.').first().waitFor()
  },
  'exchange-columns': async (page) => {
    await page
      .getByRole('grid', { name: /^Exchanges/ })
      .getByRole('columnheader')
      .nth(3)
      .click({ button: 'right' })
    await page.getByRole('menu').waitFor()
  },
  'filter-name': async (page) => {
    await page.getByRole('combobox', { name: 'Filter exchanges' }).fill('status:5xx route:orders')
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: 'Save this filter' }).click()
    await page.getByRole('textbox', { name: 'Name of the filter' }).waitFor()
  },
  'saved-filters': async (page) => {
    const saved = ['status:5xx', 'is:open held:>500ms', `path:/v1/ -path:/v1/models ${'and-more '.repeat(6)}`]
    for (const text of saved) {
      await page.getByRole('combobox', { name: 'Filter exchanges' }).fill(text)
      await page.getByRole('button', { name: 'Saved filters' }).click()
      await page.getByRole('menuitem', { name: 'Save this filter' }).click()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
    }
    await page.getByRole('combobox', { name: 'Filter exchanges' }).fill(saved[0] ?? '')
    await page.getByRole('button', { name: 'Saved filters' }).click()
  },
  'clear-menu': (page) => page.getByRole('button', { name: 'Clear', exact: true }).first().click(),
  'time-menu': async (page) => {
    await openFirst(page, /chat/)
    await page.getByRole('button', { name: 'Format of times' }).click()
  },
  'route-gone': async (page) => {
    await page.locator('[data-route]').nth(1).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText(/was deleted/).waitFor()
  },
  'routes-none': async (page) => {
    const expand = page.getByRole('button', { name: 'Show the routes in full' })
    if (await expand.isVisible()) await expand.click()
    await page.getByLabel('Find a route').fill('no such service')
  },
  'form-folds': async (page) => {
    await page.locator('[data-route]').first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    for (const fold of ['Headers', 'Web pages', 'Timeouts', 'Host and TLS', 'Event streams', 'Capture', 'Reading ahead', 'Precedence'])
      await dialog.getByRole('button', { name: new RegExp(`^${fold}`) }).click()
    await dialog.getByRole('button', { name: /^Host and TLS/ }).scrollIntoViewIfNeeded()
  },
  'form-nodes': async (page) => {
    await page.locator('[data-route]').first().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByLabel('Path', { exact: true }).scrollIntoViewIfNeeded()
  },
  'compose-waiting': async (page) => {
    await page.keyboard.press('Control+n')
    await page.getByRole('button', { name: 'SSE GET' }).click()
    await page.getByLabel('URL', { exact: true }).fill('/.sse?channel=orders')
    await page.getByRole('checkbox', { name: /^Connect again/ }).check()
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^Connecting again in/).waitFor()
  },
  'compose-refused': async (page) => {
    await page.keyboard.press('Control+n')
    const line = "curl --compressed --limit-rate 1k -H 'Accept: text/event-stream' http://127.0.0.1:9080/nowhere/to/be/found"
    await page.getByLabel('URL', { exact: true }).fill(line)
    await page.keyboard.press('Control+Enter')
    await page.waitForTimeout(300)
    await page.keyboard.press('Control+Enter')
    await page
      .getByText(/^No route takes/)
      .first()
      .waitFor()
  },
  'compose-sent': async (page) => {
    await page.keyboard.press('Control+n')
    await page.getByRole('button', { name: 'Chat completion' }).click()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Sent before…' }).click()
    await page.getByRole('dialog', { name: 'Requests sent before' }).waitFor()
  },
  'compare-gone': async (page) => {
    await page.getByRole('row', { name: /chat/ }).nth(1).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare with…' }).click()
    await page.getByRole('dialog', { name: /^Compare/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Comparison' }).waitFor()
    await page.evaluate(() => (window as unknown as { scriptedGateway: ScriptedGateway }).scriptedGateway.command('exchanges.clear', {}))
    await page.getByText('One of the two is no longer kept').waitFor()
  },
  'palette-none': async (page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Commands' }).waitFor()
    await page.keyboard.type('make tea')
  },
  'search-wrong': async (page) => {
    await openFirst(page, /chat/)
    await page.keyboard.press('Control+f')
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await page.getByRole('textbox', { name: /^Search in/ }).fill('(gate')
  },
  'search-none': async (page) => {
    await openFirst(page, /chat/)
    await page.keyboard.press('Control+f')
    await page.keyboard.type('nothing like it')
    await page.getByRole('button', { name: 'Hide what does not match' }).click()
  },
  headers: (page) => openTab(page, 'Headers'),
  raw: (page) => openTab(page, 'Raw'),
  'detail-right': async (page) => {
    await page.getByRole('button', { name: 'Put the detail on the right' }).click()
    await openFirst(page, /chat/)
    await page.waitForTimeout(600)
  },
  'assembled-picked': async (page) => {
    await page
      .getByRole('row', { name: /\/v1\/tell/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Assembled' }).click()
    await page.getByRole('button', { name: /^\$\.out\.answer/ }).click()
    await page.waitForTimeout(600)
  },
  'assembled-calls': async (page) => {
    await page
      .getByRole('row', { name: /\?answer/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Assembled' }).click()
    await page.getByRole('button', { name: /^Reasoning/ }).click()
    await page.getByText('set_gate').scrollIntoViewIfNeeded()
  },
  'big-numbers': (page) => openFirst(page, /busy/),
  chunks: (page) => openFirst(page, /download/),
  'route-picker': async (page) => {
    await page.keyboard.press('Control+n')
    await page.getByRole('button', { name: 'Through a route…' }).click()
    await page.getByRole('dialog', { name: 'Send through a route' }).waitFor()
  },
  'theme-menu': (page) => page.getByRole('button', { name: /^Theme/ }).click(),
  'faults-menu': async (page) => {
    await page.locator('[data-route]').first().click({ button: 'right' })
    await page.getByRole('menu').waitFor()
  },
  'route-chosen': async (page) => {
    await page.locator('[data-route-button]').first().click()
    await page.getByRole('row', { name: /chat/ }).first().waitFor()
  },
  cleared: async (page) => {
    await page.evaluate(() => (window as unknown as { scriptedGateway: ScriptedGateway }).scriptedGateway.command('exchanges.clear', {}))
    await page.getByText('No exchanges to show').waitFor()
  },
  'stopped-with-traffic': async (page) => {
    await page.getByRole('button', { name: 'Stop', exact: true }).first().click()
    await page.getByRole('button', { name: 'Start', exact: true }).first().waitFor()
  },
}

/** The scenes that these are taken in, where they have another name. */
export const dialogScenes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(dialogSteps).map((name) => [name, 'live'])),
  'routes-none': 'many',
  'form-nodes': 'nodes',
  'assembled-picked': 'assembled',
  'assembled-calls': 'assembled',
  'export-secrets': 'secrets',
  'big-numbers': 'big-numbers',
  chunks: 'big-numbers',
  'faults-menu': 'faults',
  cleared: 'marks',
}

function openFirst(page: Page, name: RegExp): Promise<void> {
  return page.getByRole('row', { name }).first().click()
}

async function openTab(page: Page, tab: string): Promise<void> {
  await openFirst(page, /chat/)
  await page.getByRole('tab', { name: tab }).click()
  await page.waitForTimeout(600)
}
