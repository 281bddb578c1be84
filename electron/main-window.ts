import { BrowserWindow, nativeTheme, screen } from 'electron'
import path from 'node:path'
import { readBounds, writeBounds } from './window-bounds.ts'

export interface MainWindowOptions {
  readonly url: string
  readonly preload: string
  readonly icon: string
  readonly userData: string
}

const boundsFileName = 'window.json'
const settleMs = 500
/** A page that fails again this soon would fail for ever; it is given a pause. */
const failsAgainMs = 5000

/** Opens the window where it last was, and brings its page back when the page's process is gone. */
export function openMainWindow({ url, preload, icon, userData }: MainWindowOptions): BrowserWindow {
  const file = path.join(userData, boundsFileName)
  const displays = screen.getAllDisplays().map((display) => display.workArea)
  const { isMaximized = false, ...place } = readBounds(file, displays) ?? { width: 1280, height: 800 }
  const window = new BrowserWindow({
    ...place,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Sluice',
    icon,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0e1216' : '#f6f7f9',
    webPreferences: {
      // electronegativity asks for a review of every preload: this one offers `Bridge`, two functions.
      preload, // eng-disable PRELOAD_JS_CHECK
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // A spell checker would fetch its dictionary from the network.
      spellcheck: false,
      // A middle click would ask for a new window.
      disableBlinkFeatures: 'Auxclick',
    },
  })
  if (isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberBounds(window, file)
  reloadAfterCrash(window)
  void window.loadURL(url)
  return window
}

function rememberBounds(window: BrowserWindow, file: string): void {
  let settling: NodeJS.Timeout | undefined
  const save = () => {
    clearTimeout(settling)
    if (!window.isDestroyed()) writeBounds(file, { ...window.getNormalBounds(), isMaximized: window.isMaximized() })
  }
  const soon = () => {
    clearTimeout(settling)
    settling = setTimeout(save, settleMs)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', save)
}

function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrashAt = -Infinity
  window.webContents.on('render-process-gone', (_gone, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const isAgain = performance.now() - lastCrashAt < failsAgainMs
    lastCrashAt = performance.now()
    setTimeout(() => !window.isDestroyed() && window.webContents.reload(), isAgain ? failsAgainMs : 0)
  })
}
