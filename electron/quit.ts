import { app, dialog, type BrowserWindow } from 'electron'
import type { GatewayLink } from './gateway-link.ts'

/** How long exchanges may still go on after the user said to quit: enough for an answer that is nearly out. */
const drainMs = 500

/** Says whether the app is about to end, and ends it for those who cannot answer a question. */
export interface QuitGuard {
  readonly isAllowed: () => boolean
  readonly quitUnasked: () => void
}

/** Makes quitting ask while exchanges are open, and end the gateway before the app. */
export function guardQuit(link: GatewayLink, window: () => BrowserWindow | null): QuitGuard {
  let state: 'running' | 'asking' | 'closing' | 'closed' = 'running'

  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'running') void ask()
  })

  async function ask(): Promise<void> {
    state = 'asking'
    const open = await link.openExchanges()
    if (open > 0 && !(await mayQuit(open, window()))) state = 'running'
    else await close()
  }

  async function close(): Promise<void> {
    state = 'closing'
    await link.close({ drainMs })
    state = 'closed'
    app.quit()
  }

  return {
    isAllowed: () => state === 'closed',
    quitUnasked: () => {
      if (state === 'running' || state === 'asking') void close()
    },
  }
}

async function mayQuit(open: number, window: BrowserWindow | null): Promise<boolean> {
  const question = {
    type: 'warning' as const,
    title: 'Sluice',
    message: open === 1 ? 'One stream is open.' : `${open} streams are open.`,
    detail: 'Quitting ends what is open; its clients lose their connection.',
    buttons: ['Quit', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  }
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question))
  return response === 0
}
