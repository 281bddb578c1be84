import type { BodyRange } from '../../proxy-core/contract/rows.ts'
import { blockBytes, ByteBlocks } from './byte-blocks.ts'
import { LineIndex, type ByteSpan } from './line-index.ts'
import { PacedAsk } from './paced-ask.ts'
import { Watched } from './watched.ts'

const cachedBlocks = 64
// What the gateway gives at most in one answer.
const indexedBytes = 1_048_576

interface BodyAsk extends ByteSpan {
  /** The bytes are looked through for line breaks, and not kept. */
  readonly isForIndex: boolean
}

/** What is wanted of a body. */
export interface BodySeen {
  /** The bytes on screen. */
  readonly span: ByteSpan
  /** How long the body is so far. */
  readonly total: number
  /** Whether its lines are shown. */
  readonly needsLines: boolean
}

/** Reads the bytes of a body that are on screen, and finds its lines a stretch at a time; one fetch is under way at most. */
export class BodyReader extends Watched {
  readonly #blocks = new ByteBlocks(cachedBlocks)
  readonly #asks: PacedAsk<BodyAsk, BodyRange>
  readonly #columns: number
  #lines: LineIndex | null = null
  #seen: BodySeen | null = null
  #first = 0
  #error: unknown = null

  constructor(fetchBody: (span: ByteSpan) => Promise<BodyRange>, columns: number) {
    super()
    this.#columns = columns
    this.#asks = new PacedAsk({
      ask: ({ from, to }) => fetchBody({ from, to }),
      leastMsBetween: 0,
      take: (range, { from, to, isForIndex }) => {
        this.#first = range.first
        this.#error = null
        if (isForIndex) this.#index(range)
        else this.#blocks.put(from / blockBytes, range)
        this.changed()
        // A short answer to an old total is no reason to ask the same again at once.
        if (range.from + range.bytes.length >= to || range.bytes.length > 0) this.#ask()
      },
      fail: (error) => {
        this.#error = error
        this.changed()
      },
    })
  }

  /** Bytes before this one are forgotten. */
  get first(): number {
    return this.#first
  }

  get lines(): LineIndex | null {
    return this.#lines
  }

  get error(): unknown {
    return this.#error
  }

  read({ from, to }: ByteSpan): Uint8Array | null {
    return this.#blocks.read(from, to)
  }

  see(seen: BodySeen): void {
    this.#seen = seen
    this.#ask()
  }

  #ask(): void {
    if (!this.#seen) return
    const { span, total, needsLines } = this.#seen
    const missing = this.#blocks.missing(Math.max(span.from, this.#first), Math.min(span.to, total), total)
    const indexEnd = this.#lines?.end ?? 0
    if (missing !== null) this.#asks.want({ from: missing * blockBytes, to: (missing + 1) * blockBytes, isForIndex: false })
    else if (needsLines && indexEnd < total)
      this.#asks.want({ from: indexEnd, to: Math.min(total, indexEnd + indexedBytes), isForIndex: true })
    else this.#asks.want(null)
  }

  #index({ from, bytes }: BodyRange): void {
    // What came between was forgotten before it could be looked at; lines are counted from here.
    if (!this.#lines || this.#lines.end !== from) this.#lines = new LineIndex(this.#columns, from)
    this.#lines.feed(bytes)
  }

  protected override watched(): void {
    this.#asks.resume()
  }

  protected override unwatched(): void {
    this.#asks.stop()
  }
}
