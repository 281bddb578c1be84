/** Installs the npm packages when what is installed is not what package-lock.json names. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { npm, root, say, SetupError } from './run.mjs'

/** Installs only if something is missing; no package may run a script while it is installed. */
export async function ensureDependencies() {
  if (isInstalled()) return
  say('installing the npm packages that package-lock.json names')
  const code = await npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'])
  if (code !== 0) throw new SetupError('npm ci failed; its message is above.')
}

/** npm writes node_modules/.package-lock.json at the end of an installation: it is the stamp of what is there. */
function isInstalled() {
  const wanted = packagesOf(path.join(root, 'package-lock.json'))
  const present = packagesOf(path.join(root, 'node_modules/.package-lock.json'))
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true
    const found = present[place]
    // A package for another system is left out, and only such a one may be.
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true
  })
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
