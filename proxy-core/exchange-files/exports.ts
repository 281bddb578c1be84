import { GatewayError } from '../contract/errors.ts'
import type { ExportFormat, ExportPiece, ExportStarted } from '../contract/exchange-files.ts'
import type { ExchangeId } from '../contract/exchange.ts'
import type { ExchangeStore } from '../exchange-store.ts'
import { csvRecords } from './csv.ts'
import { bodyPieces, exportSource, fileNameOf, type ExportSource } from './export-source.ts'
import { harPieces } from './har.ts'
import { jsonLines } from './json-lines.ts'

/** A piece is handed over when it has so many bytes or has taken so long, so that the gateway's loop never waits for a file. */
const pieceBytes = 262_144
const pieceMs = 5
/** Files that are written at the same time; one that is not read any more gives way. */
const mostExports = 4

type Pieces = Generator<string | Buffer>

/** Writes exchanges as files, piece by piece, each when it is asked for. */
export class Exports {
  readonly #store: ExchangeStore
  readonly #version: string
  readonly #running = new Map<number, Pieces>()
  #nextId = 1

  constructor(store: ExchangeStore, version: string) {
    this.#store = store
    this.#version = version
  }

  /** Begins a file. Exchanges that are no longer here are left out; throws a `GatewayError` when none is left. */
  start(ids: readonly ExchangeId[], format: ExportFormat, withSecrets: boolean): ExportStarted {
    const sources = ids.filter((id) => this.#store.has(id)).map((id) => exportSource(this.#store, id, withSecrets))
    const [first] = sources
    if (!first) throw new GatewayError('exchange-not-found', 'None of these exchanges is kept any more.')
    if ((format === 'raw' || format === 'csv') && sources.length > 1) {
      throw new GatewayError('invalid-input', 'This format holds one exchange. Select one, or choose HAR or JSON Lines.')
    }
    const exportId = this.#nextId++
    const { pieces, ending, mediaType } = this.#open(format, sources, first)
    this.#running.set(exportId, pieces)
    for (const id of this.#running.keys()) if (this.#running.size > mostExports) this.#running.delete(id)
    return { exportId, fileName: fileNameOf(sources, ending), mediaType }
  }

  read(exportId: number): ExportPiece {
    const pieces = this.#running.get(exportId)
    if (!pieces) throw new GatewayError('invalid-input', 'This export has ended. Start it again.')
    const until = performance.now() + pieceMs
    const parts: Buffer[] = []
    let bytes = 0
    let isLast = false
    while (bytes < pieceBytes && performance.now() < until && !isLast) {
      const next = pieces.next()
      if (next.done === true) isLast = true
      else {
        const part = typeof next.value === 'string' ? Buffer.from(next.value) : next.value
        parts.push(part)
        bytes += part.length
      }
    }
    if (isLast) this.#running.delete(exportId)
    return { bytes: new Uint8Array(Buffer.concat(parts)), isLast }
  }

  stop(exportId: number): void {
    this.#running.delete(exportId)
  }

  #open(format: ExportFormat, sources: readonly ExportSource[], first: ExportSource) {
    const { exchange } = first
    const response = first.messages ?? first.response
    switch (format) {
      case 'har':
        return { pieces: harPieces(sources, this.#version), ending: 'har', mediaType: 'application/json' }
      case 'jsonl':
        return { pieces: jsonLines(sources), ending: 'sluice.jsonl', mediaType: 'application/x-ndjson' }
      case 'csv':
        return { pieces: response ? csvRecords(response) : nothing(), ending: 'csv', mediaType: 'text/csv' }
      case 'raw': {
        const ending =
          exchange.rowKind === 'event' ? 'sse' : exchange.rowKind === 'line' ? 'ndjson' : exchange.rowKind === 'message' ? 'txt' : 'bin'
        return { pieces: response ? bodyPieces(response) : nothing(), ending, mediaType: 'application/octet-stream' }
      }
    }
  }
}

function* nothing(): Pieces {}
