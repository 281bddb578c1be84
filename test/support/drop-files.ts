import type { Page } from 'playwright-core'

/** A file as a test makes it. */
export interface TestFile {
  readonly name: string
  readonly text: string
}

/** Files are held over the window, or let go there. */
export async function dragFiles(page: Page, type: 'dragover' | 'drop', files: readonly TestFile[]): Promise<void> {
  await page.evaluate(
    ([event, dragged]) => {
      const dataTransfer = new DataTransfer()
      for (const { name, text } of dragged) dataTransfer.items.add(new File([text], name))
      window.dispatchEvent(new DragEvent(event, { dataTransfer, cancelable: true }))
    },
    [type, files] as const,
  )
}
