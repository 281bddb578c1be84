import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'
import { sceneOf, steps } from './picture-steps.ts'

// Pictures of the window over the scripted gateway: `node test/renderer/support/screenshots.ts [scene…] [--only=dark-1280,light-900]`.
const output = resolve(import.meta.dirname, '../../../test-output/window')
const sizes = [
  [1280, 800],
  [900, 600],
  [1920, 1080],
  // 1280×800 at 200 %.
  [640, 400],
] as const

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const only = process.argv
  .find((argument) => argument.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',')
const server = await createServer({
  configFile: resolve(import.meta.dirname, 'scripted-window.config.ts'),
  server: { port: 0, hmr: false },
  logLevel: 'error',
})
await server.listen()
const url = server.resolvedUrls?.local[0] ?? ''
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
await mkdir(output, { recursive: true })
for (const [name, prepare] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  for (const theme of ['dark', 'light']) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', (error) => console.error(name, error.message))
    page.on('console', (message) => message.type() === 'error' && console.error(name, message.text()))
    for (const [width, height] of sizes) {
      if (only && !only.includes(`${theme}-${width}`)) continue
      await page.setViewportSize({ width, height })
      await page.goto(`${url}?scene=${sceneOf[name] ?? name}&theme=${theme}`)
      await page.locator('footer').waitFor()
      await page.waitForTimeout(900)
      await prepare(page)
      await page.waitForTimeout(300)
      await page.screenshot({ path: resolve(output, `${name}-${theme}-${width}.png`) })
    }
    await page.close()
  }
}
await browser.close()
await server.close()
