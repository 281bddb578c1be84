import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GatewayError } from '../contract/errors.ts'
import { RecordingName, type Recording } from '../contract/replay.ts'
import type { ExportSource } from '../exchange-files/export-source.ts'
import { JsonLinesReader } from '../exchange-files/json-lines-reader.ts'
import { jsonLines } from '../exchange-files/json-lines.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { writeAtomically } from '../write-atomically.ts'

const ending = '.jsonl'

/** The recorded exchanges that `replay:` upstreams play: a file of JSON Lines for each, in the gateway's own folder. */
export class Recordings {
  readonly #folder: string | null
  /** Without a folder they last as long as the gateway. */
  readonly #inMemory = new Map<string, { readonly text: string; readonly savedAt: number }>()

  constructor(dataDir: string | null) {
    this.#folder = dataDir === null ? null : join(dataDir, 'recordings')
  }

  /** Keeps one exchange under a name; what had that name is replaced. */
  async save(name: string, source: ExportSource): Promise<void> {
    if (source.messages !== null) {
      throw new GatewayError('invalid-input', 'A WebSocket goes both ways: a replay upstream plays responses alone.')
    }
    if (source.response === null || source.response.rows === 0) {
      throw new GatewayError('invalid-input', 'Nothing of this response was captured, so there is nothing to play.')
    }
    const lines: string[] = []
    let sliceEnd = performance.now() + 4
    for (const line of jsonLines([source])) {
      lines.push(line)
      if (performance.now() < sliceEnd) continue
      await new Promise((resolve) => setImmediate(resolve))
      sliceEnd = performance.now() + 4
    }
    const text = lines.join('')
    if (this.#folder === null) this.#inMemory.set(name, { text, savedAt: Date.now() })
    else {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeAtomically(join(this.#folder, name + ending), text)
    }
  }

  async list(): Promise<readonly Recording[]> {
    if (this.#folder === null) {
      return Array.from(this.#inMemory, ([name, { text, savedAt }]) => ({ name, bytes: Buffer.byteLength(text), savedAt }))
    }
    const folder = this.#folder
    const files = await readdir(folder).catch(() => [])
    const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length))
    return Promise.all(
      names
        .filter((name) => RecordingName.safeParse(name).success)
        .map(async (name) => {
          const { size, mtimeMs } = await stat(join(folder, name + ending))
          return { name, bytes: size, savedAt: mtimeMs }
        }),
    )
  }

  async remove(name: string): Promise<void> {
    this.#inMemory.delete(name)
    if (this.#folder !== null) await rm(join(this.#folder, name + ending), { force: true })
  }

  /** Reads a recording. Throws a `GatewayError` when there is none of that name, or when its file is not as it was written. */
  async open(name: string): Promise<ExchangeRecord> {
    const text =
      this.#folder === null
        ? this.#inMemory.get(name)?.text
        : await readFile(join(this.#folder, name + ending), 'utf8').catch(() => undefined)
    if (text === undefined) throw new GatewayError('invalid-input', `There is no recording called ${name}. Make one from an exchange.`)
    const reader = new JsonLinesReader()
    let sliceEnd = performance.now() + 4
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start)
      reader.take(text.slice(start, end === -1 ? undefined : end))
      start = end === -1 ? text.length : end + 1
      if (performance.now() < sliceEnd) continue
      await new Promise((resolve) => setImmediate(resolve))
      sliceEnd = performance.now() + 4
    }
    const [record] = reader.finish()
    if (!record) throw new GatewayError('invalid-input', `The recording ${name} is empty.`)
    return record
  }
}
