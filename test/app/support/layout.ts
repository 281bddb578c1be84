import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'

/** A size of the window's inside, in pixels. */
export interface WindowSize {
  readonly width: number
  readonly height: number
}

/** Gives the window's inside a size and its text a scale, and waits until the page has both. */
export async function sizeWindow({ app, window }: { app: ElectronApplication; window: Page }, size: WindowSize, zoom = 1): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { width, height, factor }) => {
      const [only] = BrowserWindow.getAllWindows()
      only?.setContentSize(width, height)
      only?.webContents.setZoomFactor(factor)
    },
    { ...size, factor: zoom },
  )
  await window.waitForFunction(([width, height]) => innerWidth === width && innerHeight === height, [
    Math.round(size.width / zoom),
    Math.round(size.height / zoom),
  ] as const)
  // Panels are laid out by observers, which run in the frames after the change.
  await window.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

/** Keeps a picture of the window in `test-output/`, as Electron paints it: where text is scaled, Playwright's shows a part only. */
export async function keepPicture(app: ElectronApplication, name: string): Promise<void> {
  const png = await app.evaluate(async ({ BrowserWindow }) => {
    const picture = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage()
    return picture?.toPNG().toString('base64') ?? ''
  })
  const folder = path.resolve(import.meta.dirname, '../../../test-output')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, `${name}.png`), Buffer.from(png, 'base64'))
}

/** What is wrong with the layout, in words: what scrolls sideways, what is out of the window, what lies over what. */
export function layoutFaults(window: Page): Promise<string[]> {
  return window.evaluate(() => {
    const slackPx = 2
    const faults: string[] = []
    const nameOf = (element: Element): string => {
      const text = (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ').slice(0, 40)
      return `${element.tagName.toLowerCase()} "${text}"`
    }
    const all = [...document.body.querySelectorAll('*')]

    for (const element of [document.documentElement, ...all]) {
      const { overflowX } = getComputedStyle(element)
      const scrolls = element === document.documentElement || overflowX === 'auto' || overflowX === 'scroll'
      if (scrolls && element.scrollWidth > element.clientWidth + 1) faults.push(`${nameOf(element)} scrolls sideways`)
    }

    const regions = ['header[data-pane]', 'nav[aria-label="Routes"]', 'main', 'body footer'].flatMap((selector) => {
      const element = document.querySelector(selector)
      return element ? [{ selector, rect: element.getBoundingClientRect() }] : []
    })
    const covers = (a: DOMRect, b: DOMRect) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > slackPx && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slackPx
    regions.forEach((region, index) => {
      const { left, right, top, bottom } = region.rect
      if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1)
        faults.push(`${region.selector} is out of the window`)
      for (const other of regions.slice(index + 1)) {
        if (covers(region.rect, other.rect)) faults.push(`${region.selector} lies over ${other.selector}`)
      }
    })

    /** What of a rectangle its ancestors leave in sight. */
    const clipped = (rect: DOMRect, from: Element): DOMRect => {
      let { left, top, right, bottom } = rect
      for (let up: Element | null = from; up; up = up.parentElement) {
        if (getComputedStyle(up).overflow === 'visible') continue
        const box = up.getBoundingClientRect()
        left = Math.max(left, box.left)
        top = Math.max(top, box.top)
        right = Math.min(right, box.right)
        bottom = Math.min(bottom, box.bottom)
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
    }
    /** What an element is painted on: what floats, or stays while the rest scrolls, hides what is below it. */
    const layerOf = (element: Element): Element => {
      for (let up: Element | null = element; up; up = up.parentElement) {
        const { position, zIndex, backgroundColor } = getComputedStyle(up)
        if (position === 'fixed' || position === 'sticky') return up
        if (position !== 'static' && zIndex !== 'auto' && backgroundColor !== 'rgba(0, 0, 0, 0)') return up
      }
      return document.body
    }
    const pieces: { element: Element; rect: DOMRect; layer: Element }[] = []
    const add = (element: Element, rect: DOMRect) => {
      if (getComputedStyle(element).visibility === 'hidden') return
      const inSight = clipped(rect, element.parentElement ?? element)
      if (inSight.width > 3 && inSight.height > 3) pieces.push({ element, rect: inSight, layer: layerOf(element) })
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const text = texts.currentNode
      const element = text.parentElement
      if (!element || text.nodeValue?.trim() === '') continue
      const range = document.createRange()
      range.selectNodeContents(text)
      // Where text is cut short, its own element is what cuts it.
      for (const line of range.getClientRects()) add(element, clipped(line, element))
    }
    for (const element of document.body.querySelectorAll('button, input, textarea, [role="radiogroup"]')) {
      if (getComputedStyle(element).opacity !== '0') add(element, element.getBoundingClientRect())
    }
    for (const { element, rect } of pieces) {
      if (rect.right > innerWidth + 1 || rect.left < -1) faults.push(`${nameOf(element)} is out of the window`)
    }
    for (const element of document.body.querySelectorAll('button, [role="radiogroup"], [role="tab"]')) {
      const rect = element.getBoundingClientRect()
      const inSight = clipped(rect, element.parentElement ?? element)
      const isScrolledAway = inSight.height < rect.height - slackPx
      if (rect.width > 0 && !isScrolledAway && inSight.width < rect.width - slackPx) faults.push(`${nameOf(element)} is cut off at a side`)
    }
    pieces.forEach((piece, index) => {
      for (const other of pieces.slice(index + 1)) {
        if (piece.layer !== other.layer || piece.element.contains(other.element) || other.element.contains(piece.element)) continue
        if (covers(piece.rect, other.rect)) faults.push(`${nameOf(piece.element)} lies over ${nameOf(other.element)}`)
      }
    })
    return [...new Set(faults)]
  })
}
