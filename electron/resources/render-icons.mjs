/** Draws `icons/` anew from the two SVG files: node electron/resources/render-icons.mjs CHROMIUM */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

const here = import.meta.dirname
const smallPx = 32
const browser = await chromium.launch({ executablePath: process.argv[2] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

for (const sizePx of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
  const svg = readFileSync(path.join(here, sizePx <= smallPx ? 'icon-small.svg' : 'icon.svg'), 'utf8')
  const page = await browser.newPage({ viewport: { width: sizePx, height: sizePx } })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${sizePx}px; height: ${sizePx}px }</style>${svg}`)
  await page.screenshot({ path: path.join(here, `icons/${sizePx}x${sizePx}.png`), omitBackground: true })
  await page.close()
}
await browser.close()
