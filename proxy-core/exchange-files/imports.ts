import { GatewayError } from '../contract/errors.ts'
import type { Imported } from '../contract/exchange-files.ts'
import type { ExchangeId } from '../contract/exchange.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { inSlices } from '../in-slices.ts'
import { HarReader } from './har-reader.ts'
import { JsonLinesReader } from './json-lines-reader.ts'

const mostBytes = 512 * 1024 * 1024
const mostImports = 4

/** So many bytes tell what kind of file it is. */
const startBytes = 64
/** So many bytes are read in one go. */
const stepBytes = 16_384

interface Import {
  reader: Reader | null
  /** What has come, until there is enough of it to choose a reader. */
  start: Buffer
  bytes: number
  /** What has come is read in its order. */
  work: Promise<void>
}

interface Reader {
  feed(bytes: Buffer): void
  finish(): { readonly records: readonly ExchangeRecord[]; readonly notes: readonly string[] }
}

/** Reads files of exchanges, piece by piece as they are handed over. What is wrong with one refuses it as a whole. */
export class Imports {
  readonly #keep: (record: ExchangeRecord) => Promise<ExchangeId>
  readonly #running = new Map<number, Import>()
  #nextId = 1

  /** `keep` takes in an exchange that was read. */
  constructor(keep: (record: ExchangeRecord) => Promise<ExchangeId>) {
    this.#keep = keep
  }

  start(): { readonly importId: number } {
    const importId = this.#nextId++
    this.#running.set(importId, { reader: null, start: Buffer.alloc(0), bytes: 0, work: Promise.resolve() })
    for (const id of this.#running.keys()) if (this.#running.size > mostImports) this.#running.delete(id)
    return { importId }
  }

  /** Takes the next piece of the file; done when it is read, so that the traffic goes on beside it. */
  write(importId: number, piece: Uint8Array): Promise<void> {
    const running = this.#find(importId)
    running.bytes += piece.length
    running.work = running.work.then(() => read(running, piece))
    return running.work.catch((error: unknown) => {
      this.#running.delete(importId)
      throw error
    })
  }

  async finish(importId: number): Promise<Imported> {
    const running = this.#find(importId)
    this.#running.delete(importId)
    await running.work
    if (running.reader === null && running.start.length > 0) {
      running.reader = openReader(running.start)
      running.reader.feed(running.start)
    }
    const { records, notes } = running.reader?.finish() ?? { records: [], notes: [] }
    if (records.length === 0) throw new GatewayError('invalid-input', 'There is no exchange in this file.')
    const ids: ExchangeId[] = []
    for (const record of records) ids.push(await this.#keep(record))
    return { ids, notes }
  }

  stop(importId: number): void {
    this.#running.delete(importId)
  }

  #find(importId: number): Import {
    const found = this.#running.get(importId)
    if (!found) throw new GatewayError('invalid-input', 'This import has ended. Start it again.')
    return found
  }
}

async function read(running: Import, piece: Uint8Array): Promise<void> {
  if (running.bytes > mostBytes) throw new GatewayError('invalid-input', 'The file has over 512 MiB, more than is read at once.')
  const bytes = Buffer.concat([running.start, piece])
  if (running.reader === null && bytes.length < startBytes) {
    running.start = bytes
    return
  }
  running.start = Buffer.alloc(0)
  const reader = (running.reader ??= openReader(bytes))
  let at = 0
  await inSlices(() => {
    reader.feed(bytes.subarray(at, at + stepBytes))
    at += stepBytes
    return at < bytes.length
  })
}

/** By how the file begins: lines of Sluice name its version first, and a HAR file is one object. */
function openReader(bytes: Buffer): Reader {
  const start = bytes
    .toString('utf8', 0, 64)
    .replace(/^\ufeff/, '')
    .trimStart()
  if (start.startsWith('{"sluice":')) return linesReader()
  if (!start.startsWith('{')) {
    throw new GatewayError('invalid-input', 'This is neither a HAR file nor JSON Lines that were exported here.')
  }
  const har = new HarReader()
  return { feed: (piece) => har.feed(piece), finish: () => ({ records: har.finish(), notes: har.notes }) }
}

function linesReader(): Reader {
  const lines = new JsonLinesReader()
  let rest: Buffer[] = []
  return {
    feed: (piece) => {
      let start = 0
      for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, start)) {
        lines.take(Buffer.concat([...rest, piece.subarray(start, end)]).toString('utf8'))
        rest = []
        start = end + 1
      }
      if (start < piece.length) rest.push(Buffer.from(piece.subarray(start)))
    },
    finish: () => {
      if (rest.length > 0) lines.take(Buffer.concat(rest).toString('utf8'))
      return { records: lines.finish(), notes: [] }
    },
  }
}
