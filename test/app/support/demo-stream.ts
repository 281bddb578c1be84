import type { Locator, Page } from 'playwright-core'

/** Opens the demo stream as a person does, and waits until its events are listed. */
export async function openDemoStream(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Open the demo stream' }).click()
  await window.getByRole('row', { name: /\.sse/ }).first().waitFor()
  await window.getByRole('grid', { name: 'Events, oldest first' }).getByRole('row').nth(2).waitFor()
}

/** A position of the demo route's switch. */
export function demoSwitch(window: Page, position: 'Off' | 'On' | 'Auto'): Locator {
  return window.getByRole('radiogroup', { name: 'Response buffering of SSE echo' }).getByRole('radio', { name: position, exact: true })
}

/** Holds the demo stream and waits until the window says so. */
export async function holdDemoStream(window: Page): Promise<void> {
  await demoSwitch(window, 'On').click()
  await window
    .getByText(/held here/)
    .first()
    .waitFor()
}
