import type { Transform } from 'node:stream'
import { constants, createBrotliCompress, createDeflate, createDeflateRaw, createGzip, createZstdCompress } from 'node:zlib'

/** How a body can be encoded; `deflate-raw` is sent under the name of deflate by some. */
export type TestCoding = 'gzip' | 'deflate' | 'deflate-raw' | 'br' | 'zstd'
export const testCodings: readonly TestCoding[] = ['gzip', 'deflate', 'deflate-raw', 'br', 'zstd']

/** Encodes a body as it goes, and flushes after each piece, as a server does that streams. */
export class StreamEncoder {
  readonly #coders: readonly { readonly engine: Transform & { flush(kind: number, done: () => void): void }; readonly flushKind: number }[]
  #out: Buffer[] = []

  /** Codings in the order in which they are applied. */
  constructor(...codings: readonly TestCoding[]) {
    this.#coders = codings.map(createCoder)
    this.#coders.at(-1)?.engine.on('data', (bytes: Buffer) => this.#out.push(bytes))
  }

  /** What goes on the wire for one piece. */
  async encode(text: string | Buffer): Promise<Buffer> {
    let bytes: Buffer = Buffer.from(text as string)
    for (const { engine, flushKind } of this.#coders.slice(0, -1)) bytes = await through(engine, flushKind, bytes)
    const last = this.#coders.at(-1)
    if (last === undefined) return bytes
    last.engine.write(bytes)
    await new Promise<void>((resolve) => last.engine.flush(last.flushKind, resolve))
    return this.#take()
  }

  /** What goes on the wire when the body ends; for one coding. */
  async end(): Promise<Buffer> {
    const last = this.#coders.at(-1)
    if (last === undefined) return Buffer.alloc(0)
    const ended = new Promise((resolve) => last.engine.once('end', resolve))
    last.engine.end()
    await ended
    return this.#take()
  }

  #take(): Buffer {
    const bytes = Buffer.concat(this.#out)
    this.#out = []
    return bytes
  }
}

async function through(
  engine: Transform & { flush(kind: number, done: () => void): void },
  flushKind: number,
  bytes: Buffer,
): Promise<Buffer> {
  const out: Buffer[] = []
  const take = (piece: Buffer): void => void out.push(piece)
  engine.on('data', take)
  engine.write(bytes)
  await new Promise<void>((resolve) => engine.flush(flushKind, resolve))
  engine.off('data', take)
  return Buffer.concat(out)
}

function createCoder(coding: TestCoding) {
  switch (coding) {
    case 'gzip':
      return { engine: createGzip(), flushKind: constants.Z_SYNC_FLUSH }
    case 'deflate':
      return { engine: createDeflate(), flushKind: constants.Z_SYNC_FLUSH }
    case 'deflate-raw':
      return { engine: createDeflateRaw(), flushKind: constants.Z_SYNC_FLUSH }
    case 'br':
      return { engine: createBrotliCompress(), flushKind: constants.BROTLI_OPERATION_FLUSH }
    case 'zstd':
      return { engine: createZstdCompress(), flushKind: constants.ZSTD_e_flush }
  }
}
