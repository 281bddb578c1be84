import { bodyStart, type ScanStart } from './event-scanner.ts'

const LF = 10
const CR = 13

/** Takes one line: its first byte and the offset after its line end. */
export type OnLine = (start: number, end: number) => void

/**
 * Finds the lines of NDJSON in its bytes, whatever the chunks are. A line ends with LF or CRLF; an empty one is none.
 *
 * Offsets count bytes from the start of the body. A CR alone ends no line, since JSON may be laid out with it.
 */
export class LineScanner {
  readonly #onLine: OnLine
  #position = 0
  #lineStart = 0
  #startsWithCr = false

  /** A body whose start is lost is fed from `position` on; what lies before `firstRow`, where a line starts, is passed over. */
  constructor(onLine: OnLine, { position, firstRow }: ScanStart = bodyStart) {
    this.#onLine = onLine
    this.#position = position
    this.#lineStart = firstRow
  }

  /** How many bytes have been fed. */
  get position(): number {
    return this.#position
  }

  /** Where the line starts that has not ended yet; `position` when nothing is pending. */
  get pendingStart(): number {
    return this.#lineStart
  }

  /** Whether a row has begun and not ended. */
  get isInsideRow(): boolean {
    return this.#lineStart !== this.#position
  }

  /** Scans the next bytes of the body. The chunk is read, never kept. */
  feed(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const base = this.#position
    let index = Math.max(0, this.#lineStart - base)
    while (index < bytes.length) {
      if (this.#lineStart === base + index) this.#startsWithCr = bytes[index] === CR
      const lf = bytes.indexOf(LF, index)
      if (lf === -1) break
      index = lf + 1
      this.#endLine(base + lf, base + index)
    }
    this.#position = base + bytes.length
  }

  /** Takes a last line that has no end, when the body is over. */
  flush(): void {
    this.#endLine(this.#position, this.#position)
  }

  /** Forgets everything, for a new body. */
  reset(): void {
    this.#position = 0
    this.#lineStart = 0
    this.#startsWithCr = false
  }

  #endLine(contentEnd: number, end: number): void {
    const start = this.#lineStart
    const isEmpty = contentEnd <= start || (contentEnd === start + 1 && this.#startsWithCr)
    this.#lineStart = end
    if (!isEmpty) this.#onLine(start, end)
  }
}
