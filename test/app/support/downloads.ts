import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import type { LaunchedApp } from './launch.ts'

/** A file that takes the place of each download of an app, in a folder that goes with the tests. */
export class DownloadFile {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'sluice-downloads-'))
  readonly path = path.join(this.#folder, 'saved.jsonl')

  constructor() {
    afterAll(() => rmSync(this.#folder, { recursive: true, force: true }))
  }

  /** From now on what the app saves is here. */
  async take({ app }: LaunchedApp): Promise<void> {
    await app.evaluate(({ session }, file) => {
      session.defaultSession.on('will-download', (_event, item) => item.setSavePath(file))
    }, this.path)
  }

  /** Empties it, so that the next download is told from this one. */
  clear(): void {
    writeFileSync(this.path, '')
  }

  /** What it holds so far; nothing while nothing was saved. */
  text(): string {
    return readFileSync(this.path, { encoding: 'utf8', flag: 'a+' })
  }
}
