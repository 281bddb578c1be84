import { resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
import { createServer } from 'vite'
const server = await createServer({
  configFile: resolve(import.meta.dirname, process.env.CFG ?? 'bare-tmp.config.ts'),
  server: { port: 0, hmr: false },
  logLevel: 'error',
})
await server.listen()
const url = server.resolvedUrls?.local[0] ?? ''
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
const page = await context.newPage()
page.on('pageerror', (e) => console.log('PAGEERROR', e.message))
page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log('CONSOLE', m.type(), m.text().slice(0, 400)))
const open = async (scene: string, theme = 'dark') => {
  await page.goto(`${url}?scene=${scene}&theme=${theme}`)
  await page.locator('footer').waitFor()
  await page.waitForTimeout(900)
}
const axe = async (name: string) => {
  const r = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  for (const v of r.violations)
    console.log(
      'AXE',
      name,
      v.impact,
      v.id,
      v.help,
      v.nodes
        .slice(0, 3)
        .map((n) => n.target.join(' ') + ' :: ' + n.failureSummary?.replace(/\n/g, ' ').slice(0, 200))
        .join('\n     '),
    )
}
const focus = () =>
  page.evaluate(() => {
    const e = document.activeElement as HTMLElement
    return `${e.tagName} ${e.getAttribute('aria-label') ?? e.textContent?.slice(0, 40)} ${e.getAttribute('aria-checked') ?? ''}`
  })
const log = () =>
  page.evaluate(() => (window as any).scriptedGateway.commandLog.map((c: any) => `${c.name} ${JSON.stringify(c.input)?.slice(0, 120)}`))
for (const theme of ['dark', 'light']) {
  for (const s of ['live', 'first-run', 'config-problem', 'empty', 'many', 'restarted', 'port-in-use']) {
    await open(s, theme)
    await axe(`${s} ${theme}`)
  }
}
await open('live')
const key = async (...ks: string[]) => {
  for (const k of ks) {
    await page.keyboard.press(k)
    await page.waitForTimeout(60)
  }
}
const order: string[] = []
for (let i = 0; i < 22; i++) {
  await key('Tab')
  order.push(await focus())
}
console.log('TAB', order.join('\n    '))
await page.locator('[data-route=chat-api] [data-route-button]').focus()
await key('ArrowDown')
console.log('down ->', await focus())
await key('Alt+ArrowDown')
console.log('after move ->', await focus())
await key('Tab')
console.log('tab ->', await focus())
await key('ArrowRight')
await page.waitForTimeout(150)
console.log('right ->', await focus())
console.log((await log()).slice(-3).join('\n'))
await page.locator('[data-route=chat-api] [data-route-button]').focus()
await key('Delete')
await page.waitForTimeout(300)
console.log('after delete ->', await focus())
await page.screenshot({ path: 'test-output/window/toast.png' })
await axe('toast')
await page.getByRole('button', { name: 'Undo' }).click()
await page.waitForTimeout(200)
console.log(
  (await log()).slice(-2).join('\n'),
  await page.locator('[data-route]').evaluateAll((es) => es.map((e) => (e as HTMLElement).dataset['route'])),
)
await page.locator('[data-route=sse-echo] [data-route-button]').focus()
await key('F2')
await page.waitForTimeout(200)
console.log('F2 ->', await focus())
await axe('form')
await page.getByLabel('Name', { exact: true }).fill('Renamed')
await key('Escape')
await page.waitForTimeout(100)
console.log('escape ->', await page.getByRole('alert').allTextContents(), await focus())
await page.screenshot({ path: 'test-output/window/leaving.png' })
await key('Escape')
console.log('escape 2 ->', await page.getByRole('dialog').count(), await page.getByRole('alert').count())
await page.getByRole('button', { name: /^Headers/ }).click()
await page.getByRole('button', { name: 'Add a rule' }).first().click()
await page.getByRole('button', { name: /^Save/ }).click()
await page.waitForTimeout(200)
console.log('save with empty rule ->', await page.getByRole('alert').allTextContents(), await focus())
await page.screenshot({ path: 'test-output/window/headers.png' })
await axe('form headers')
await page.getByLabel('Name in rule 1').fill('X-Tenant')
await page.getByLabel('Value in rule 1').fill('acme')
await key('Control+s')
await page.waitForTimeout(300)
console.log('saved ->', await page.getByRole('dialog').count(), (await log()).slice(-1), await focus())
await page.locator('[data-route=sse-echo]').click({ button: 'right' })
await page.waitForTimeout(200)
await axe('menu')
await key('Escape')
await key('F6')
console.log('F6', await focus())
await key('F6')
console.log('F6', await focus())
await key('F6')
console.log('F6', await focus())
await open('many')
await page.locator('[data-route-button]').first().focus()
await key('End')
await page.waitForTimeout(200)
console.log('end ->', await focus())
await page.screenshot({ path: 'test-output/window/many-end.png' })
await page.getByLabel('Find a route').fill('service 99')
await page.waitForTimeout(200)
console.log('found', await page.locator('[data-route]').count())
await browser.close()
await server.close()
