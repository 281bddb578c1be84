/** `npm run package`: packs the app for this system into `dist/`. `--folder-for-tests` makes only the unpacked folder, to be driven by a test. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { buildIfStale } from './build.mjs'
import { main, root, runTool, say } from './run.mjs'
import { setUp } from './set-up.mjs'
import { standInFolder, standInVersion } from './stand-in.mjs'

const testFolder = '.cache/packaged'

await main(async (args) => {
  const electron = await setUp()
  await buildIfStale()
  if (!electron.isStandIn && !args.includes('--folder-for-tests')) return pack(['-p', 'never'])
  if (electron.isStandIn) say(`only an unpacked folder is made, for tests: an Electron that is out of support is packed for nobody`)
  const code = await pack(['--dir', '-p', 'never', '-c', writeTestConfig(electron)])
  if (code === 0) say(`the folder is in ${testFolder}`)
  return code
})

function pack(args) {
  return runTool('electron-builder', 'electron-builder', args)
}

/** The same package but for its place, its Electron, and the fuses: the one that refuses a debugger would refuse the test too. */
function writeTestConfig({ isStandIn }) {
  const file = path.join(root, '.cache/electron-builder-test.json')
  const standIn = { electronVersion: standInVersion, electronDist: standInFolder('package') }
  const config = { extends: path.join(root, 'electron-builder.yml'), directories: { output: testFolder }, electronFuses: null }
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ ...config, ...(isStandIn ? standIn : {}) }))
  return file
}
