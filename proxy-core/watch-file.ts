import { realpathSync, statSync, unwatchFile, watch, watchFile as pollFile, type FSWatcher } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

/** A file that is in place is written in steps; so long without another step counts as written. */
const quietMs = 15
/** Where the system cannot watch (no watches left, some network file systems) the file is looked at this often. */
const pollMs = 500

/**
 * Calls `onTouched` when a file may have another content: at once when it was replaced, and once it is quiet when it is written in place.
 * The folder is watched, because editors replace files; for a link also the folder of the file that it leads to.
 */
export function watchFile(path: string, onTouched: () => void): { close(): void } {
  const file = resolve(path)
  const watchers = new Map<string, FSWatcher>()
  let identity = identityOf(file)
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isPolled = false

  const touched = () => {
    const before = identity
    identity = identityOf(file)
    clearTimeout(timer)
    if (identity === before) timer = setTimeout(onTouched, quietMs)
    else onTouched()
  }

  const follow = () => {
    if (isClosed) return
    const wanted = foldersOf(file)
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      watchers.delete(folder)
    }
    for (const folder of wanted) if (!watchers.has(folder)) add(folder)
  }

  const add = (folder: string) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const isLinked = watchers.size > 1
        if (!isLinked && name !== null && name !== basename(file)) return
        follow()
        touched()
      })
      // A folder that goes away ends its watcher with an error on some systems.
      watcher.on('error', () => {
        watcher.close()
        watchers.delete(folder)
      })
      watchers.set(folder, watcher)
    } catch {
      poll()
    }
  }

  const poll = () => {
    if (isPolled) return
    isPolled = true
    pollFile(file, { interval: pollMs, persistent: false }, onTouched)
  }

  follow()
  return {
    close: () => {
      isClosed = true
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
      if (isPolled) unwatchFile(file, onTouched)
    },
  }
}

function foldersOf(file: string): Set<string> {
  const folders = new Set([dirname(file)])
  try {
    folders.add(dirname(realpathSync(file)))
  } catch {
    // There is no file now; its own folder tells when there is.
  }
  return folders
}

function identityOf(file: string): string {
  const status = statSync(file, { throwIfNoEntry: false, bigint: true })
  return status ? `${status.dev}:${status.ino}` : 'none'
}
