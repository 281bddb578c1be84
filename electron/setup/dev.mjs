/** `npm run dev`: the app on electron-vite's server; a saved file of the window shows at once, one of main restarts Electron. */
import { electronEnvironment } from './electron-binary.mjs'
import { isRoot, main, runTool } from './run.mjs'
import { setUp } from './set-up.mjs'

await main(async (args) => {
  const electron = await setUp()
  return runTool('electron-vite', 'electron-vite', ['dev', '--watch', '-c', 'electron/electron.vite.config.ts', ...args], {
    env: { ...electronEnvironment(electron), ...(isRoot ? { NO_SANDBOX: '1' } : {}) },
  })
})
