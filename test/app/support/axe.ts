import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** What axe finds in the window as it is that is serious or worse, in both themes: a text for each element. */
export async function accessibilityFaults(window: Page): Promise<string[]> {
  return [...(await faultsIn(window, 'dark')), ...(await faultsIn(window, 'light'))]
}

/** The same in one theme. */
export async function faultsIn(window: Page, colorScheme: 'dark' | 'light'): Promise<string[]> {
  await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // Electron cannot open the blank page in which axe would finish.
  const { violations } = await new AxeBuilder({ page: window })
    .setLegacyMode(true)
    // What stands before and after a menu only hands the focus on: it never stays there.
    .exclude('[data-base-ui-focus-guard]')
    .options({ resultTypes: ['violations'] })
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${colorScheme}, ${id}: ${html}\n${failureSummary ?? ''}`))
}
