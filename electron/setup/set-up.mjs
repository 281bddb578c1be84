/** All that a fresh clone needs, in order; costs less than a second when nothing is missing. */
import { ensureDebianPackages } from './debian-packages.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { ensureElectron } from './electron-binary.mjs'

/** Installs what is missing and resolves to the Electron to run. */
export async function setUp({ forTests = false } = {}) {
  await ensureDependencies()
  await ensureDebianPackages({ forTests })
  return ensureElectron()
}
