/** `npm run build`, and the check whether one is needed: bundles main, the gateway thread, the CLI, the preload and the window into `out/`. */
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureDependencies } from './dependencies.mjs'
import { main, root, runTool, say, SetupError } from './run.mjs'

const stamp = path.join(root, 'out/built')
const sources = ['proxy-core', 'electron', 'renderer', 'package.json', 'package-lock.json']

/** Builds if a source is newer than what was built. */
export async function buildIfStale() {
  const builtAt = timeOf(stamp)
  if (sources.some((name) => newest(path.join(root, name)) > builtAt)) await build()
}

/** Builds everything. */
export async function build() {
  const startedAt = new Date()
  say('building')
  const code = await runTool('electron-vite', 'electron-vite', ['build', '-c', 'electron/electron.vite.config.ts', '--logLevel', 'warn'])
  if (code !== 0) throw new SetupError('The build failed; its message is above.')
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
  // An edit made while the build ran is newer than this.
  utimesSync(stamp, startedAt, startedAt)
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** A folder counts too: its own time tells that a file was removed. */
function newest(place) {
  const found = statSync(place)
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(place).reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), found.mtimeMs)
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await ensureDependencies()
    await build()
  })
}
