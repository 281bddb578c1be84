import { app, session, type BrowserWindow } from 'electron'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { OpenGatewayOptions } from '../proxy-core/open-gateway.ts'
import { setAppMenu } from './app-menu.ts'
import { registerAppScheme, serveApp } from './app-protocol.ts'
import { readCommandLine } from './command-line.ts'
import { openFeedPort } from './feed-port.ts'
import { GatewayLink } from './gateway-link.ts'
import { openChannels } from './ipc.ts'
import { denyPermissions, lockDownPages } from './lock-down.ts'
import { openMainWindow } from './main-window.ts'
import { appOrigin } from './page-files.ts'
import { guardQuit } from './quit.ts'

const out = path.join(__dirname, '..')
const options = readCommandLine(process.argv.slice(1))
// electron-vite's server, while the app is being worked on.
const devUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']

// A terminal that has gone must not take the app with it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

if (options.userDataDir !== null) {
  mkdirSync(options.userDataDir, { recursive: true })
  app.setPath('userData', options.userDataDir)
}
// As root on Linux there is no sandbox to be had, and Electron's own processes fail when one is asked for.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerAppScheme()
lockDownPages()

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else {
  console.log('Sluice runs already; its window comes to the front.')
  app.quit()
}

function start(): void {
  const userData = app.getPath('userData')
  const threadData: OpenGatewayOptions = {
    configFile: options.configFile ?? path.join(userData, 'sluice.yaml'),
    ...(options.listen.length > 0 ? { listen: options.listen } : {}),
    version: app.getVersion(),
    dataDir: userData,
  }
  const link = new GatewayLink({
    threadFile: path.join(__dirname, 'gateway-thread.cjs'),
    threadData,
    onOpened: ({ listeners }) => {
      for (const { address, url, error } of listeners) console.log(url ?? `${address}: ${error?.message ?? 'not listening'}`)
    },
    onDown: (reason) => console.error(`The gateway thread ended: ${reason}`),
  })
  let window: BrowserWindow | null = null

  denyPermissions(session.defaultSession)
  serveApp(path.join(out, 'renderer'))
  openChannels({
    isWindow: (contents) => contents === window?.webContents,
    origin: devUrl === undefined ? appOrigin : new URL(devUrl).origin,
    command: (name, input) => link.command(name, input),
    openFeed: (contents) => openFeedPort(contents, link),
  })
  setAppMenu()
  const quitting = guardQuit(link, () => window)
  show()

  app.on('second-instance', show)
  app.on('activate', show)
  // Without a listener, Electron quits here by itself and asks nobody.
  app.on('window-all-closed', () => undefined)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, quitting.quitUnasked)

  function show(): void {
    if (window) {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      return
    }
    window = openMainWindow({
      url: devUrl ?? `${appOrigin}/`,
      preload: path.join(out, 'preload/preload.cjs'),
      icon: path.join(app.getAppPath(), 'electron/resources/icons/256x256.png'),
      userData,
    })
    window.on('close', (event) => {
      // Where closing the window quits, it stays until the user has answered. On macOS the gateway goes on without it.
      if (process.platform === 'darwin' || quitting.isAllowed()) return
      event.preventDefault()
      app.quit()
    })
    window.on('closed', () => {
      window = null
    })
  }
}
