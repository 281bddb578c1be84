import type { RowQuery } from './contract/search.ts'
import type { RowType } from './row-index.ts'
import { decodeEvent, impliedType } from './sse/decode-event.ts'

/** A row inside a block of bytes. */
export interface BlockRow {
  readonly type: RowType
  readonly from: number
  readonly to: number
}

const lineFeed = 10
const carriageReturn = 13
const colon = 58
const space = 32

/** Bytes of several rows in which text is looked for without decoding them: a place is looked at closely only where the text occurs. */
export class TextBlock {
  readonly #bytes: Buffer
  readonly #needle: Buffer
  /** One character for each byte, in lower case; null where case counts. */
  readonly #lower: string | null
  readonly #lowerNeedle: string
  /** The text is found in the type that an event has without naming one. */
  readonly #isInImpliedType: boolean
  /** Where the text occurs next; the rows are asked for in order. */
  #found = -1

  /** Where case does not count, the text is ASCII. */
  constructor(bytes: Buffer, { text, matchesCase }: RowQuery) {
    this.#bytes = bytes
    this.#needle = Buffer.from(text)
    this.#lower = matchesCase ? null : bytes.toString('latin1').toLowerCase()
    this.#lowerNeedle = text.toLowerCase()
    this.#isInImpliedType = impliedType.includes(matchesCase ? text : this.#lowerNeedle)
    this.#found = this.#search(0)
  }

  /** Whether a row has the text where it counts: in data, id, type or a comment, and not in the name of a field. */
  has(row: BlockRow): boolean {
    return this.#hasInValues(row) || (this.#isInImpliedType && row.type === 'event' && this.#isUnnamed(row))
  }

  #hasInValues({ type, from, to }: BlockRow): boolean {
    if (this.#found >= 0 && this.#found < from) this.#found = this.#search(from)
    while (this.#found >= 0 && this.#found + this.#needle.length <= to) {
      const isPlain = type === 'line' || type === 'chunk' || type === 'message'
      const next = isPlain ? this.#found : this.#placeInField(this.#found, from, to)
      if (next === this.#found) return true
      this.#found = this.#search(next)
    }
    return false
  }

  #isUnnamed({ from, to }: BlockRow): boolean {
    const bytes = this.#bytes.subarray(from, to)
    // Most events of a stream have a type each or none at all: where the word is not there, nothing needs to be decoded.
    return !bytes.includes('event') || decodeEvent(bytes).type === impliedType
  }

  /** The place itself when it is inside a value that counts; otherwise where to go on, each line being looked at once. */
  #placeInField(place: number, from: number, to: number): number {
    let lineStart = place
    while (lineStart > from && !this.#isLineEnd(lineStart - 1)) lineStart--
    let nameEnd = lineStart
    while (nameEnd < to && this.#bytes[nameEnd] !== colon && !this.#isLineEnd(nameEnd)) nameEnd++
    const valueStart = nameEnd + (this.#bytes[nameEnd + 1] === space ? 2 : 1)
    const name = this.#bytes.toString('latin1', lineStart, Math.min(nameEnd, lineStart + 6))
    if (this.#bytes[nameEnd] === colon && fields.has(name)) return Math.max(place, valueStart)
    let lineEnd = Math.max(place, nameEnd)
    while (lineEnd < to && !this.#isLineEnd(lineEnd)) lineEnd++
    return lineEnd + 1
  }

  #isLineEnd(at: number): boolean {
    return this.#bytes[at] === lineFeed || this.#bytes[at] === carriageReturn
  }

  #search(from: number): number {
    return this.#lower === null ? this.#bytes.indexOf(this.#needle, from) : this.#lower.indexOf(this.#lowerNeedle, from)
  }
}

// Without a name it is a comment.
const fields = new Set(['data', 'id', 'event', 'retry', ''])
