import type { ErrorReport } from '../contract/errors.ts'
import { NewerHistory } from './history-database.ts'

/** What can be wrong with the file, by what has to be done. */
export type FileTrouble = 'unreadable' | 'in-use' | 'full' | 'other'

// SQLite's result codes; the WebAssembly engine tells its words alone.
const codes: ReadonlyMap<number, FileTrouble> = new Map([
  [5, 'in-use'],
  [11, 'unreadable'],
  [13, 'full'],
  [26, 'unreadable'],
])
const words: readonly (readonly [RegExp, FileTrouble])[] = [
  [/database is locked|in use/, 'in-use'],
  [/malformed|not a database|no such (table|column)|has no column/, 'unreadable'],
  [/is full|ENOSPC/, 'full'],
]

/** What is wrong, from an error of the database or of the disk. */
export function troubleOf(error: unknown): FileTrouble {
  if (error instanceof NewerHistory) return 'unreadable'
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0
  const message = error instanceof Error ? error.message : String(error)
  return codes.get(code) ?? words.find(([pattern]) => pattern.test(message))?.[1] ?? 'other'
}

/** The same in a sentence, for people. */
export function problemOf(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'history-failed', message: `${sentences[troubleOf(error)]} (${message.split('\n')[0]?.slice(0, 200)})` }
}

const sentences: Readonly<Record<FileTrouble, string>> = {
  unreadable: 'The history cannot be read.',
  'in-use': 'Another Sluice that runs keeps its history in this file.',
  full: 'The disk is full: what ends now waits in memory until there is room.',
  other: 'The disk refuses the history.',
}
