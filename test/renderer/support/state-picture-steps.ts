import type { Page } from 'playwright-core'
import type { ScriptedGateway } from './scripted-gateway.ts'

/** What is done before a picture of one state of a stream or of the list is taken. */
export const stateSteps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  stopped: async () => {},
  marks: async (page) => {
    await page
      .getByRole('row', { name: /orders/ })
      .first()
      .click()
    await page.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(4).click()
    await page.getByRole('region', { name: /^event 4/ }).waitFor()
  },
  'over-budget': async (page) =>
    page
      .getByRole('row', { name: /some=gone/ })
      .first()
      .click(),
  'all-forgotten': async (page) =>
    page
      .getByRole('row', { name: /all=gone/ })
      .first()
      .click(),
  failed: async (page) =>
    page
      .getByRole('row', { name: /failed/ })
      .first()
      .click(),
  'no-body': async (page) =>
    page
      .getByRole('row', { name: /nothing/ })
      .first()
      .click(),
  silent: async (page) =>
    page
      .getByRole('row', { name: /silent/ })
      .first()
      .click(),
  imported: async (page) => {
    await page
      .getByRole('row', { name: /imported/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Timing' }).click()
  },
  'long-values': async (page) => {
    await page
      .getByRole('row', { name: /orders/ })
      .first()
      .click()
    await page.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(2).click()
    await page.getByRole('region', { name: /^event/ }).waitFor()
  },
  'long-headers': async (page) => {
    await page
      .getByRole('row', { name: /orders/ })
      .first()
      .click()
    await page.getByRole('tab', { name: 'Headers' }).click()
  },
  paused: async (page) => {
    await page.getByRole('button', { name: 'Pause' }).first().click()
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.getByRole('tabpanel').waitFor()
    await page.getByRole('button', { name: 'Pause' }).last().click()
    await page.evaluate(() => {
      const gateway = (window as unknown as { scriptedGateway: ScriptedGateway }).scriptedGateway
      const [first] = gateway.exchanges.values()
      if (first?.view.routeId) gateway.start(first.plan, first.view.routeId)
    })
    await page.waitForTimeout(1500)
  },
  'filtered-out': async (page) => page.getByRole('combobox', { name: 'Filter exchanges' }).fill('status:404 is:open nothing-like-it'),
  'forced-colors': async (page) => {
    await page.emulateMedia({ forcedColors: 'active' })
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.waitForTimeout(600)
  },
  held: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    await page.mouse.move(20, 600)
    await page.waitForTimeout(2500)
  },
  selection: async (page) => {
    await page.getByRole('row', { name: /chat/ }).first().click()
    const strip = page.getByRole('application', { name: /^Timeline/ })
    const box = await strip.boundingBox()
    if (!box) return
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 6 })
    await page.mouse.up()
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height + 60)
    await page.waitForTimeout(600)
  },
}
