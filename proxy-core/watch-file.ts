import { existsSync, realpathSync, statSync, unwatchFile, watch, watchFile as pollFile, type FSWatcher } from 'node:fs'
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

  /** Watches the folders that count now; where one cannot be watched, looks at the file now and then until it can. */
  const follow = () => {
    if (isClosed) return
    const wanted = foldersOf(file)
    for (const folder of watchers.keys()) if (!wanted.has(folder) || !existsSync(folder)) drop(folder)
    for (const folder of wanted) if (!watchers.has(folder)) add(folder)
    const isBlind = watchers.size < wanted.size
    if (isBlind && !isPolled) pollFile(file, { interval: pollMs, persistent: false }, looked)
    if (!isBlind && isPolled) unwatchFile(file, looked)
    isPolled = isBlind
  }

  const looked = () => {
    follow()
    onTouched()
  }

  const add = (folder: string) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const isOther = name !== null && name !== basename(file) && name !== basename(folder)
        if (isOther && watchers.size === 1) return
        follow()
        touched()
      })
      watcher.on('error', () => drop(folder))
      watchers.set(folder, watcher)
    } catch {
      // No such folder, or no watch left: `follow` sees that it is missing.
    }
  }

  const drop = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  follow()
  return {
    close: () => {
      isClosed = true
      clearTimeout(timer)
      for (const folder of watchers.keys()) drop(folder)
      unwatchFile(file, looked)
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
  try {
    const { dev, ino } = statSync(file, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return 'none'
  }
}
