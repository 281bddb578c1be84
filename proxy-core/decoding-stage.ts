import type { Transform } from 'node:stream'
import type { DecodeErrorCode } from './contract/exchange.ts'
import { createDecodingEngine } from './content-coding.ts'

/** What a stage may make of one chunk from the wire: 64 KiB, the largest that comes, at 250 to 1. */
const outputPerChunkBytes = 16_777_216
/** Text shrinks to a twentieth, repeated text to a hundredth; beyond this, and beyond the first bytes, it is a bomb. */
const ratioLimit = 200
const ratioCountsFromBytes = 4_194_304

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Who takes what a stage yields. */
export interface StageOutput {
  decoded(bytes: Buffer): void
  /** All that was written has come out. */
  idle(): void
  /** All has come out after `finish`, and it was whole. */
  finished(): void
  failed(code: DecodeErrorCode): void
}

/** Undoes one coding of a body, on the thread pool: what is written comes out later, in order. Makes its engine when bytes come. */
export class DecodingStage {
  readonly coding: string
  readonly #output: StageOutput
  readonly #queue: Buffer[] = []
  #engine: Transform | null = null
  /** Bytes that the engine in use was given, and has taken. */
  #givenBytes = 0
  #isBusy = false
  #hasEnded = false
  #isFinishing = false
  #isOver = false
  #inBytes = 0
  #outBytes = 0
  #chunkOutBytes = 0

  constructor(coding: string, output: StageOutput) {
    this.coding = coding
    this.#output = output
  }

  get isIdle(): boolean {
    return !this.#isBusy && this.#queue.length === 0
  }

  /** What comes out from here on is counted against the limit of one chunk from the wire. */
  startChunk(): void {
    this.#chunkOutBytes = 0
  }

  write(bytes: Buffer): void {
    this.#queue.push(bytes)
    if (!this.#isBusy) this.#next()
  }

  /** Nothing more is written. */
  finish(): void {
    if (this.#isFinishing) return
    this.#isFinishing = true
    if (this.#engine === null || this.#hasEnded) this.#output.finished()
    else this.#engine.end()
  }

  destroy(): void {
    this.#isOver = true
    this.#queue.length = 0
    this.#engine?.destroy()
  }

  #next(): void {
    const bytes = this.#queue.shift()
    if (bytes === undefined) {
      this.#output.idle()
      return
    }
    if (this.#hasEnded) {
      this.#goOnBehindEnd(bytes)
      return
    }
    this.#engine ??= this.#createEngine(bytes)
    this.#inBytes += bytes.length
    this.#give(this.#engine, bytes)
  }

  #give(engine: Transform, bytes: Buffer): void {
    this.#isBusy = true
    engine.write(bytes, (error) => {
      if (error || this.#isOver || engine !== this.#engine) return
      this.#isBusy = false
      const takenBytes = (engine as Transform & { readonly bytesWritten: number }).bytesWritten - this.#givenBytes
      this.#givenBytes += takenBytes
      if (this.#hasEnded && takenBytes < bytes.length) this.#goOnBehindEnd(bytes.subarray(takenBytes))
      else this.#next()
    })
  }

  /** RFC 8878 §3.1: frames may follow each other, but the engine stops behind the first when the next is in the same chunk. */
  #goOnBehindEnd(bytes: Buffer): void {
    if (this.coding !== 'zstd' || !zstdMagic.subarray(0, bytes.length).equals(bytes.subarray(0, zstdMagic.length))) {
      this.#fail('invalid')
      return
    }
    this.#engine?.destroy()
    this.#engine = this.#createEngine(bytes)
    this.#give(this.#engine, bytes)
  }

  #createEngine(first: Buffer): Transform {
    const engine = createDecodingEngine(this.coding, first)
    this.#givenBytes = 0
    this.#hasEnded = false
    engine.on('data', (bytes: Buffer) => {
      if (engine === this.#engine) this.#came(bytes)
    })
    engine.on('end', () => {
      if (engine !== this.#engine || this.#isOver) return
      this.#hasEnded = true
      if (this.#isFinishing) this.#output.finished()
    })
    engine.on('error', (error: NodeJS.ErrnoException) => {
      if (engine === this.#engine) this.#fail(error.code === 'Z_BUF_ERROR' ? 'truncated' : 'invalid')
    })
    return engine
  }

  #came(bytes: Buffer): void {
    if (this.#isOver) return
    this.#outBytes += bytes.length
    this.#chunkOutBytes += bytes.length
    const isBomb = this.#outBytes > ratioCountsFromBytes && this.#outBytes > this.#inBytes * ratioLimit
    if (isBomb || this.#chunkOutBytes > outputPerChunkBytes) this.#fail('too-large')
    else this.#output.decoded(bytes)
  }

  #fail(code: DecodeErrorCode): void {
    if (this.#isOver) return
    this.destroy()
    this.#output.failed(code)
  }
}
