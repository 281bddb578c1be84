import type { Page } from 'playwright-core'

/** What is done before a picture of the history on disk is taken. */
export const historySteps: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'history-off': openHistory,
  history: async (page) => {
    await openHistory(page)
    await page.getByRole('checkbox').click()
    await page.getByLabel('Find in all kept events').fill('str')
    await page.getByRole('list', { name: 'Found events' }).waitFor()
  },
  'history-trouble': async (page) => {
    await openHistory(page)
    await page.getByLabel('Keep at most (MiB)').fill('9 or so')
  },
  'history-forget': async (page) => {
    await openHistory(page)
    await page.getByRole('checkbox').click()
    await page.getByRole('button', { name: 'Forget all…' }).click()
    await page.getByRole('alertdialog').waitFor()
  },
}

/** The scenes that these are taken in, where they have another name. */
export const historyScenes: Readonly<Record<string, string>> = { history: 'live', 'history-off': 'live', 'history-forget': 'live' }

async function openHistory(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^history/ }).click()
  await page.getByRole('dialog', { name: 'History on disk' }).waitFor()
}
