const LF = 10
const CR = 13
const COLON = 58

/** What a block of an event stream is: one that dispatches an event, comments alone, or other fields without data. */
export type BlockType = 'event' | 'comment' | 'fields'

/** Takes one block: its first byte, the offset after the byte that ends its blank line, and what it is. */
export type OnBlock = (start: number, end: number, type: BlockType) => void

/** Where the bytes begin that a scanner is fed, and the first row that it is to find in them; offsets in the body. */
export interface ScanStart {
  readonly position: number
  readonly firstRow: number
}

/** A body from its first byte on. */
export const bodyStart: ScanStart = { position: 0, firstRow: 0 }

/**
 * Finds the blocks of an event stream in its bytes, by the rules of WHATWG HTML §9.2.6, whatever the chunks are.
 *
 * Offsets count bytes from the start of the body. A block ends after the LF of its blank line, or after the CR, also of a CRLF:
 * the LF then belongs to no block, so that a block is known when its last byte arrives and chunk edges change nothing.
 * Blank lines alone make no block, and a byte order mark at the very start belongs to none.
 */
export class EventScanner {
  readonly #onBlock: OnBlock
  #position = 0
  #blockStart = 0
  #lines = 0
  #lineState: LineState = lineStart
  #skipsLf = false
  #bomState = 0

  /** A body whose start is lost is fed from `position` on; what lies before `firstRow`, where a block starts, is passed over. */
  constructor(onBlock: OnBlock, { position, firstRow }: ScanStart = bodyStart) {
    this.#onBlock = onBlock
    if (position === 0) return
    this.#position = position
    this.#blockStart = firstRow
    this.#bomState = isPassingOver
  }

  /** How many bytes have been fed. */
  get position(): number {
    return this.#position
  }

  /** Where the block starts that has not ended yet; `position` when nothing is pending. */
  get pendingStart(): number {
    return this.#blockStart
  }

  /** Whether a row has begun and not ended. */
  get isInsideRow(): boolean {
    return this.#blockStart !== this.#position
  }

  /** Scans the next bytes of the body. The chunk is read, never kept. */
  feed(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    // Buffer's search is memchr: 100 KB in 1.1 µs, where Uint8Array's takes 28 µs.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const index = this.#skipsLf || this.#bomState !== bomDone ? this.#feedStart(bytes) : 0
    this.#feedLines(bytes, index)
    this.#position += bytes.length
  }

  /** Forgets everything, for a new body. */
  reset(): void {
    this.#position = 0
    this.#blockStart = 0
    this.#lines = 0
    this.#lineState = lineStart
    this.#skipsLf = false
    this.#bomState = 0
  }

  /** What the chunk before left undecided: the LF of a split CRLF, and a split byte order mark. Returns where the lines go on. */
  #feedStart(bytes: Buffer): number {
    if (this.#skipsLf) {
      this.#skipsLf = false
      if (bytes[0] !== LF) return 0
      if (this.#blockStart === this.#position) this.#blockStart++
      return 1
    }
    if (this.#bomState === isPassingOver) {
      const toPass = this.#blockStart - this.#position
      if (toPass > bytes.length) return bytes.length
      this.#bomState = bomDone
      return toPass
    }
    let index = 0
    while (index < bytes.length && bytes[index] === byteOrderMark[this.#bomState]) {
      index++
      this.#bomState++
      // Until it is whole it is the start of a line like any other.
      this.#lineState = otherLine
      if (this.#bomState === bomDone) {
        this.#lineState = lineStart
        this.#blockStart = bomDone
        return index
      }
    }
    if (index < bytes.length) this.#bomState = bomDone
    return index
  }

  #feedLines(bytes: Buffer, from: number): void {
    const { length } = bytes
    let index = from
    let lf = unknown
    let cr = unknown
    while (index < length) {
      let lineEnd = unknown
      let state = this.#lineState
      while (state < decided && index < length) {
        const byte = bytes[index] as number
        if (byte === LF || byte === CR) {
          lineEnd = index
          break
        }
        state = nextLineState(state, byte)
        index++
      }
      this.#lineState = state

      if (lineEnd === unknown) {
        if (lf < index) lf = find(bytes, LF, index)
        if (cr < index) cr = find(bytes, CR, index)
        lineEnd = Math.min(lf, cr)
        if (lineEnd === length) return
      }
      index = this.#endLine(bytes, lineEnd)
    }
  }

  /** Takes the line terminator at `index`, and a LF that completes it. Returns where the next line starts. */
  #endLine(bytes: Buffer, index: number): number {
    const isBlank = this.#lineState === lineStart
    const next = index + 1
    if (isBlank) {
      const end = this.#position + next
      if (this.#lines !== 0) this.#onBlock(this.#blockStart, end, blockType(this.#lines))
      this.#lines = 0
      this.#blockStart = end
    } else {
      this.#lines |= lineFlag(this.#lineState)
      this.#lineState = lineStart
    }
    if (bytes[index] === LF) return next
    if (next === bytes.length) {
      this.#skipsLf = true
      return next
    }
    if (bytes[next] !== LF) return next
    if (isBlank) this.#blockStart++
    return next + 1
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf]
const bomDone = byteOrderMark.length
const isPassingOver = -1
const unknown = -1

/** How far a line has been told apart: 0 to 4 bytes of `data` seen, then decided. */
type LineState = number
const lineStart: LineState = 0
const dataName: LineState = 4
const decided: LineState = 5
const dataLine: LineState = 5
const commentLine: LineState = 6
const otherLine: LineState = 7
const dataBytes = [0x64, 0x61, 0x74, 0x61]

/** Names are compared literally: `data` must be followed by a colon or by the end of the line. */
function nextLineState(state: LineState, byte: number): LineState {
  if (state === dataName) return byte === COLON ? dataLine : otherLine
  if (byte === dataBytes[state]) return state + 1
  return byte === COLON && state === lineStart ? commentLine : otherLine
}

const hasData = 1
const hasComment = 2
const hasOther = 4

function lineFlag(state: LineState): number {
  if (state === dataLine || state === dataName) return hasData
  return state === commentLine ? hasComment : hasOther
}

function blockType(lines: number): BlockType {
  if ((lines & hasData) !== 0) return 'event'
  return lines === hasComment ? 'comment' : 'fields'
}

/** Where the byte is next; the length when it is nowhere, so that the search is not repeated. */
function find(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from)
  return index === -1 ? bytes.length : index
}
