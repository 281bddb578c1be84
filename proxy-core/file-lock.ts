import { lstat, open, realpath, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** To read a config and write it again takes milliseconds: a lock that is older was left behind by a program that was killed. */
const staleMs = 3000
const retryMs = 10

/**
 * Does work on a file while no other program of ours does, so that what one writes the other has read. Where no lock can be made, in a
 * folder that is read-only, it is done all the same: it will fail by itself.
 */
export async function withFileLock(file: string, work: () => Promise<void>): Promise<void> {
  const lock = `${await realpath(file).catch(() => file)}.lock`
  const isHeld = await take(lock)
  try {
    await work()
  } finally {
    if (isHeld) await rm(lock, { force: true }).catch(() => undefined)
  }
}

async function take(lock: string): Promise<boolean> {
  for (;;) {
    try {
      await (await open(lock, 'wx')).close()
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false
    }
    const madeAt = await lstat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    )
    if (madeAt !== null && Math.abs(Date.now() - madeAt) > staleMs) {
      const isGone = await rm(lock, { force: true }).then(
        () => true,
        () => false,
      )
      if (!isGone) return false
    }
    await delay(retryMs)
  }
}
