import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of its own for one test. */
export interface TempFolder {
  readonly path: string
  /** The path of a file in it. */
  file(name: string): string
  close(): Promise<void>
}

/** Makes an empty folder; `close` removes it with all that is in it. */
export async function openTempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-test-'))
  return {
    path,
    file: (name) => join(path, name),
    close: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  }
}
