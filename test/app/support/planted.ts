import { expect } from 'vitest'
import type { LaunchedApp } from './launch.ts'

/** Text that would run, or become an element, if it were ever put into the page as HTML. */
export const markup = '<img class=planted src=x onerror="window.hasRun=1"><script class=planted>window.hasRun=1</script>'
/** The same where no space may be: after a quoted value a slash parts attributes as well. */
export const spaceless = '<img/class="planted"/src="x"/onerror="window.hasRun=1">'
/** Text that would become a link that runs. */
export const link = '<a class=planted href="javascript:window.hasRun=1">https://example.com/</a>'

/** Watches the window from now on; the answer fails if any of that became more than text. */
export async function watchForPlanted({ app, window, problems }: LaunchedApp): Promise<() => Promise<void>> {
  const address = window.url()
  const dialogs: string[] = []
  window.on('dialog', (dialog) => dialogs.push(dialog.message()))
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => Promise.resolve(void opened.push(url))
  })
  await window.evaluate(() => {
    const refused: string[] = []
    Object.assign(globalThis, { refused })
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, sample }) =>
      refused.push(`${effectiveDirective} ${sample}`),
    )
  })
  return async () => {
    const found = await window.evaluate(() => ({
      elements: [...document.querySelectorAll('.planted')].map(({ outerHTML }) => outerHTML),
      links: document.links.length,
      hasRun: 'hasRun' in globalThis,
      refused: (globalThis as unknown as { refused: string[] }).refused,
      title: document.title,
    }))
    expect(found).toEqual({ elements: [], links: 0, hasRun: false, refused: [], title: 'Sluice' })
    const outside = await app.evaluate(({ BrowserWindow }) => ({
      opened: (globalThis as unknown as { opened: string[] }).opened,
      windows: BrowserWindow.getAllWindows().length,
    }))
    expect({ ...outside, address: window.url(), dialogs, problems }).toEqual({ opened: [], windows: 1, address, dialogs: [], problems: [] })
  }
}
