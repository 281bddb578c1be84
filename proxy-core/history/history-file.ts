import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HistoryDatabase } from './history-database.ts'
import { troubleOf } from './history-problem.ts'
import { engineHere, type Sqlite } from './sqlite.ts'

const fileName = 'history.sqlite'
const ownerName = 'owner'
/** Beside the database: its logs, by either engine. */
const companions = ['', '-wal', '-shm', '-journal']

/** The file of a history in its folder. */
export function historyFile(folder: string): string {
  return join(folder, fileName)
}

/** What a history takes of the disk, with its logs. */
export async function historyBytes(folder: string): Promise<number> {
  const sizes = await Promise.all(
    companions.map((ending) =>
      stat(historyFile(folder) + ending).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Opens the history of a folder, in its own thread: each step waits for the disk. A file that can't be read is put aside under another name, and a new one is begun. */
export async function openHistory(folder: string, engine = engineHere()): Promise<{ database: HistoryDatabase; keptAside: string | null }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (engine === 'wasm') takeOver(folder)
  try {
    return { database: await openFile(historyFile(folder), engine), keptAside: null }
  } catch (error) {
    if (troubleOf(error) !== 'unreadable') throw error
    const keptAside = putAside(folder)
    return { database: await openFile(historyFile(folder), engine), keptAside }
  }
}

/** Lets another gateway have the history of a folder, once its database is closed. */
export function leaveHistory(folder: string): void {
  attempt(() => rmSync(join(folder, ownerName)))
}

/** Gives a file that can't be read another name, and says which. */
export function putAside(folder: string): string {
  const name = `history-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.sqlite`
  for (const ending of companions) attempt(() => renameSync(historyFile(folder) + ending, join(folder, name) + ending))
  return name
}

/** Removes the file, with all that was in it. */
export async function removeHistory(folder: string): Promise<void> {
  for (const ending of companions) await rm(historyFile(folder) + ending, { force: true })
}

async function openFile(file: string, engine: Sqlite['engine']): Promise<HistoryDatabase> {
  // For its owner alone from the first byte on; the logs take after it.
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  return HistoryDatabase.open(file, engine)
}

/** The WebAssembly engine locks by a folder, which a killed program leaves behind: who holds the history is written down beside it. */
function takeOver(folder: string): void {
  const owner = join(folder, ownerName)
  const processId = Number(attempt(() => readFileSync(owner, 'utf8')))
  if (processId !== process.pid && Number.isSafeInteger(processId) && isRunning(processId)) throw new Error('The file is in use.')
  writeFileSync(owner, String(process.pid), { mode: 0o600 })
  attempt(() => rmdirSync(`${historyFile(folder)}.lock`))
}

/** What may fail because it is not there. */
function attempt<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch {
    return undefined
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
