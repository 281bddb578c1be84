import type { ElectronApplication } from 'playwright-core'
import type { Snapshot } from '../../../proxy-core/contract/events.ts'

// Asked from main and not through Playwright's page, which is of no use once the page's process has died.
const takeSnapshot = `new Promise((resolve) => {
  addEventListener('message', function accept(event) {
    if (event.data !== 'sluice:feed') return
    removeEventListener('message', accept)
    const [port] = event.ports
    port.onmessage = ({ data }) => {
      port.close()
      resolve(JSON.stringify(data))
    }
  })
  sluice.openFeed()
})`

/** What a feed that is opened in the page now is sent first. The page itself must have opened its own. */
export async function snapshotInWindow(app: ElectronApplication): Promise<Snapshot> {
  const text = await app.evaluate(
    ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script) as Promise<string>,
    takeSnapshot,
  )
  const message = JSON.parse(text) as { type: string; snapshot: Snapshot }
  if (message.type !== 'snapshot') throw new Error(`The feed began with ${message.type}.`)
  return message.snapshot
}
