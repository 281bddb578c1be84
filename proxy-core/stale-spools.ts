import { lstat, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Removes the spool files that a gateway left behind when it was killed. Each is named by its process: those of a process that runs are
 * left alone, and so is what another user owns.
 */
export async function removeStaleSpools(folder = tmpdir()): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  await Promise.all(
    names.map(async (name) => {
      const processId = Number(/^sluice-spool-(\d+)-[0-9a-f]{16}$/.exec(name)?.[1] ?? Number.NaN)
      if (!Number.isSafeInteger(processId) || isRunning(processId)) return
      const path = join(folder, name)
      const found = await lstat(path).catch(() => null)
      if (found?.isFile() === true && (process.getuid === undefined || found.uid === process.getuid())) {
        await rm(path, { force: true }).catch(() => undefined)
      }
    }),
  )
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // EPERM: it runs as somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
