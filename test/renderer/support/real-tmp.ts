import { cpSync, mkdirSync, mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve, join } from 'node:path'
import { _electron } from 'playwright-core'
import { build } from 'vite'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { electronToRun } from '../../app/support/electron.ts'
const repo = resolve(import.meta.dirname, '../../..')
const home = '/tmp/ui-real'
rmSync(home, { recursive: true, force: true }); mkdirSync(home, { recursive: true })
cpSync(join(repo, 'package.json'), join(home, 'package.json'))
for (const part of ['main', 'preload']) cpSync(join(repo, 'out', part), join(home, 'out', part), { recursive: true })
await build({ root: join(repo, 'renderer'), configFile: false, logLevel: 'error', plugins: [react(), tailwind()], build: { outDir: join(home, 'out/renderer'), emptyOutDir: true, minify: true, target: 'chrome114', cssTarget: 'chrome114', assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 } })
const { executable, env, release } = await electronToRun()
const userData = mkdtempSync('/tmp/ui-data-')
const port = 19000 + Math.floor(Math.random() * 900)
const app = await _electron.launch({ executablePath: executable, args: [home, `--user-data-dir=${userData}`, `--listen=127.0.0.1:${port}`], env })
app.process().stderr?.on('data', (b) => { const t = String(b); if (!/dbus|gpu|vaapi|GLES/i.test(t)) console.log('ERR', t.trim().slice(0, 300)) })
const page = await app.firstWindow()
page.on('pageerror', (e) => console.log('PAGEERROR', e.message)); page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log('CONSOLE', m.text().slice(0, 400)))
const shot = (n: string) => page.screenshot({ path: join(repo, `test-output/window/real-${n}.png`) })
await page.locator('footer').waitFor(); await page.waitForTimeout(1000); await shot('first')
await page.getByRole('button', { name: 'Open the demo stream' }).click(); await page.waitForTimeout(2500)
console.log('bar', await page.locator('output').allTextContents())
const t = Date.now(); await page.getByRole('radiogroup', { name: 'Response buffering of SSE echo' }).getByRole('radio', { name: 'On' }).click(); await page.locator('[data-held]').waitFor(); console.log('held after', Date.now() - t)
await page.waitForTimeout(3000); await shot('held')
console.log(await page.locator('[data-route]').first().innerText())
await page.getByRole('button', { name: 'Release now' }).first().click(); await page.waitForTimeout(400); console.log('released:', (await page.locator('[data-route]').first().innerText()).replace(/\n/g, ' | '))
await page.getByRole('radiogroup', { name: 'Response buffering of SSE echo' }).getByRole('radio', { name: 'Off' }).click(); await page.waitForTimeout(500)
await page.getByRole('button', { name: 'Add a route' }).click(); await page.getByRole('textbox', { name: 'Path' }).fill('/orders/*'); await page.getByRole('textbox', { name: 'Upstream' }).fill('http://127.0.0.1:9'); await page.getByLabel('Name', { exact: true }).fill('Orders'); await page.getByRole('button', { name: 'Add route' }).click(); await page.waitForTimeout(500)
console.log('dialogs', await page.getByRole('dialog').count())
await fetch(`http://127.0.0.1:${port}/orders/1`).then((r) => r.text()).then(console.log); await page.waitForTimeout(500)
console.log((await page.locator('[data-route]').allInnerTexts()).map((x) => x.replace(/\n/g, ' | ')))
await shot('orders')
console.log(readFileSync(join(userData, 'sluice.yaml'), 'utf8'))
await page.locator('[data-route=orders] [data-route-button]').focus(); await page.keyboard.press('Alt+ArrowUp'); await page.waitForTimeout(300); await page.keyboard.press('Delete'); await page.waitForTimeout(300); await page.getByRole('button', { name: 'Undo' }).click(); await page.waitForTimeout(400)
console.log('undone', await page.locator('[data-route]').evaluateAll((es) => es.map((e) => (e as HTMLElement).dataset['route'])))
writeFileSync(join(userData, 'sluice.yaml'), readFileSync(join(userData, 'sluice.yaml'), 'utf8').replace('path: /.sse', 'path: .sse')); await page.waitForTimeout(800); await shot('config'); console.log('alerts', await page.getByRole('alert').allInnerTexts())
writeFileSync(join(userData, 'sluice.yaml'), readFileSync(join(userData, 'sluice.yaml'), 'utf8').replace('path: .sse', 'path: /.sse')); await page.waitForTimeout(800); console.log('alerts', await page.getByRole('alert').allInnerTexts())
await page.getByRole('button', { name: 'Stop', exact: true }).click(); await page.waitForTimeout(400); await shot('stopped'); await page.getByRole('button', { name: 'Start', exact: true }).click(); await page.waitForTimeout(400)
await page.getByRole('button', { name: /Copy the address/ }).click(); await page.waitForTimeout(200); console.log('copied', await page.getByRole('button', { name: 'Copied' }).count())
await page.getByRole('button', { name: /Stop the demo/ }).click(); await page.waitForTimeout(500); console.log('bar', await page.locator('output').count())
app.process().kill('SIGKILL'); release(); rmSync(userData, { recursive: true, force: true })
process.exit(0)
