import { resolve, extname, join } from 'node:path'
import { createServer as http } from 'node:http'
import { readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
const root = resolve(import.meta.dirname, '../../../renderer')
const isBare = process.env['BARE'] === '1'
const bare = { name: 'bare', enforce: 'pre' as const, load: (id: string) => id.endsWith('/exchanges/exchange-pane.tsx') ? `import { FirstRun } from '${root}/shell/first-run.tsx'; export function ExchangePane(){ return FirstRun() }` : null }
await build({ root, configFile: false, logLevel: 'warn', plugins: [react(), tailwind(), ...(isBare ? [bare] : [])], build: { outDir: '/tmp/ui-out', emptyOutDir: true, minify: true, target: 'chrome114', cssTarget: 'chrome114', assetsInlineLimit: 0, rolldownOptions: { input: join(root, 'index.html') } } })
await build({ configFile: false, logLevel: 'warn', build: { outDir: '/tmp/ui-script', emptyOutDir: true, target: 'chrome114', lib: { entry: resolve(import.meta.dirname, 'scripted-page.ts'), formats: ['iife'], name: 'scripted', fileName: () => 'scripted.js' } } })
const csp = process.env['CSP'] ?? "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; trusted-types 'none'; require-trusted-types-for 'script'"
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' }
const server = http(async (req, res) => { const p = new URL(req.url ?? '/', 'http://x').pathname; try { const b = await readFile(join('/tmp/ui-out', p === '/' ? 'index.html' : p)); res.writeHead(200, { 'content-type': types[extname(p === '/' ? 'x.html' : p)] ?? 'text/plain', 'content-security-policy': csp }); res.end(b) } catch { res.writeHead(404); res.end() } }).listen(0, '127.0.0.1')
await new Promise((r) => server.once('listening', r))
const port = (server.address() as { port: number }).port
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
page.on('pageerror', (e) => console.log('PAGEERROR', e.message)); page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log('CONSOLE', m.text().slice(0, 500)))
await page.addInitScript({ path: '/tmp/ui-script/scripted.js' })
const t0 = Date.now()
await page.goto(`http://127.0.0.1:${port}/?scene=live`); await page.locator('footer').waitFor(); console.log('ready ms', Date.now() - t0)
await page.locator('[data-route]').first().click({ button: 'right' }); await page.waitForTimeout(300); await page.keyboard.press('Escape')
await page.getByRole('button', { name: 'Add a route' }).click(); await page.waitForTimeout(300); await page.keyboard.press('Escape')
await page.waitForTimeout(200)
await page.locator('[data-route-button]').nth(1).focus(); await page.keyboard.press('Delete'); await page.waitForTimeout(500)
await page.getByRole('separator', { name: 'Width of the routes' }).hover(); await page.mouse.down(); await page.mouse.move(420, 400, { steps: 5 }); await page.mouse.up(); await page.waitForTimeout(200)
console.log('routes width', await page.locator('nav').evaluate((e) => e.clientWidth), await page.evaluate(() => localStorage.getItem('sluice.view')))
await page.reload(); await page.locator('footer').waitFor(); await page.waitForTimeout(500); console.log('after reload', await page.locator('nav').evaluate((e) => e.clientWidth))
await page.screenshot({ path: 'test-output/window/built.png' })
await page.getByRole('button', { name: 'Collapse the routes' }).click(); await page.waitForTimeout(200); console.log('collapsed', await page.locator('nav').evaluate((e) => e.clientWidth)); await page.getByRole('button', { name: 'Show the routes in full' }).click(); await page.waitForTimeout(200); console.log('expanded', await page.locator('nav').evaluate((e) => e.clientWidth))
await page.setViewportSize({ width: 900, height: 600 }); await page.waitForTimeout(300); console.log('narrow', await page.locator('nav').evaluate((e) => e.clientWidth)); await page.setViewportSize({ width: 1280, height: 800 }); await page.waitForTimeout(300); console.log('wide', await page.locator('nav').evaluate((e) => e.clientWidth))
await browser.close(); server.close()
