import { constants } from 'node:fs'
import { copyFile, readFile, rename, stat } from 'node:fs/promises'
import type { ConfigIssue } from './contract/config.ts'
import { writeAtomically } from './write-atomically.ts'

/** What is where the config file should be. */
export type FileContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'missing' }
  | { readonly type: 'unreadable'; readonly issue: ConfigIssue }

/** More is no config: 10,000 routes with all their settings stay below. */
const maxFileBytes = 16 * 1024 * 1024

/** Reads a config file; what is no text says so and where. `takesPipe` is for what a shell may hand over in place of a file. */
export async function readContent(file: string, { takesPipe = false } = {}): Promise<FileContent> {
  try {
    const found = await stat(file)
    // To read a pipe is to wait for whoever writes it, and a device may have no end.
    if (!found.isFile() && !found.isDirectory() && !(takesPipe && found.isFIFO()))
      return unreadable('The file cannot be read: it is a pipe, a socket or a device.')
    const { size } = found
    if (size > maxFileBytes) return unreadable(`This file has ${size} bytes; a config has at most ${maxFileBytes}.`)
    const bytes = await readFile(file)
    try {
      return { type: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
    } catch {
      return unreadable('This is no UTF-8 text.', placeOfDamage(bytes))
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { type: 'missing' }
    return unreadable(`The file cannot be read: ${reasonOf(error)}.`)
  }
}

/** The last config that was good, beside the file; null when there is none. */
export async function readLastGood(file: string): Promise<string | null> {
  const content = await readContent(lastGoodPath(file))
  return content.type === 'text' ? content.text : null
}

/** Keeps a good config beside the file, for a start on which the file is not good. */
export async function keepLastGood(file: string, text: string): Promise<void> {
  if ((await readLastGood(file)) === text) return
  // The copy is a spare: that it cannot be kept, in a folder that is read-only, hinders nothing.
  await writeAtomically(lastGoodPath(file), text).catch(() => undefined)
}

/** Copies a bad config file aside, before something is written over it; says where to. */
export async function keepAside(file: string, now: Date): Promise<string> {
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  for (let count = 1; ; count++) {
    const copy = `${file}.bad-${stamp}${count === 1 ? '' : `-${count}`}`
    try {
      // A pipe can't be copied, but it can be moved.
      if ((await stat(file)).isFIFO()) await rename(file, copy)
      else await copyFile(file, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      // What may not be read cannot be copied, but it can be moved.
      if (codeOf(error) !== 'EACCES') throw error
      await rename(file, copy)
      return copy
    }
  }
}

/** Why the system refused, in its own words without the call and the path. */
export function reasonOf(error: unknown): string {
  const reasons: { readonly [code: string]: string } = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space is left',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of its path is no folder',
    ELOOP: 'its links lead in a circle',
  }
  const code = codeOf(error)
  return (code === undefined ? undefined : reasons[code]) ?? (error instanceof Error ? error.message : String(error))
}

function lastGoodPath(file: string): string {
  return `${file}.last-good`
}

function unreadable(message: string, place = { line: 1, column: 1 }): FileContent {
  return { type: 'unreadable', issue: { path: [], message, ...place } }
}

function placeOfDamage(bytes: Uint8Array): { line: number; column: number } {
  const text = new TextDecoder('utf-8').decode(bytes)
  const lines = text.slice(0, Math.max(text.indexOf('\ufffd'), 0)).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
