import type { RowBounds } from '../row-index.ts'
import { decodeEvent } from '../sse/decode-event.ts'
import { EventScanner } from '../sse/event-scanner.ts'
import type { Tap } from '../tap.ts'
import { JsonValues } from './json-values.ts'

/** A row longer than this is not read: a picture in base64, not text that somebody waits for. */
const longestRowBytes = 1_048_576

/** Who takes what the rows say. */
export interface OnRowText {
  /** The data of an event, a line, or an object in a body that is one JSON value. */
  readonly text: (text: string) => void
  readonly tooLong: () => void
  /** The body is neither events nor JSON. */
  readonly unreadable: () => void
}

/** Gets the texts of a tap's rows, whatever the rows are: events, lines, or the chunks of a body that is called neither. */
export class RowTexts {
  readonly #tap: Tap
  readonly #on: OnRowText
  #chunks: ChunkTexts | null = null

  constructor(tap: Tap, on: OnRowText) {
    this.#tap = tap
    this.#on = on
  }

  /** Reads one row. */
  read({ type, start, end }: RowBounds): void {
    if (type === 'comment' || type === 'fields') return
    if (type === 'chunk') {
      this.#chunks ??= new ChunkTexts(this.#on)
      this.#chunks.feed(this.#tap.read(start, end))
    } else if (end - start > longestRowBytes) {
      this.#on.tooLong()
    } else {
      const bytes = this.#tap.read(start, end)
      this.#on.text(type === 'event' ? decodeEvent(bytes, { isFirst: start === 0 }).data : bytes.toString('utf8'))
    }
  }
}

interface ByteReader {
  feed(bytes: Buffer): void
}

/** Finds events or JSON objects in chunks: an event stream without its media type, an array that grows, an answer that is whole. */
class ChunkTexts {
  readonly #on: OnRowText
  #start = Buffer.alloc(0)
  #reader: ByteReader | null = null
  #isUnreadable = false

  constructor(on: OnRowText) {
    this.#on = on
  }

  feed(bytes: Buffer): void {
    if (this.#isUnreadable) return
    if (this.#reader !== null) {
      this.#reader.feed(bytes)
      return
    }
    this.#start = Buffer.concat([this.#start, bytes])
    this.#reader = this.#decide()
    this.#reader?.feed(this.#start)
    if (this.#reader !== null) this.#start = Buffer.alloc(0)
  }

  /** The first bytes tell what the body is, as soon as there are enough of them. */
  #decide(): ByteReader | null {
    const start = this.#start
      .subarray(0, 256)
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .trimStart()
    if (/^[[{]/.test(start)) {
      return new JsonValues({ longest: longestRowBytes, onJson: this.#on.text, onTooLong: this.#on.tooLong })
    }
    if (/^(data|event|id|retry)?:/.test(start)) {
      return new ChunkEvents(this.#on)
    }
    if (!['data:', 'event:', 'retry:', 'id:', '\u00ef\u00bb\u00bf'].some((telltale) => telltale.startsWith(start))) {
      this.#isUnreadable = true
      this.#on.unreadable()
    }
    return null
  }
}

/** The events of a body whose bytes are kept here until the event that they are of ends. */
class ChunkEvents {
  readonly #scanner: EventScanner
  #parts: Buffer[] = []
  /** Offset of the first byte that is kept, and how many are. */
  #first = 0
  #length = 0

  constructor(on: OnRowText) {
    this.#scanner = new EventScanner((start, end, type) => {
      if (type !== 'event') return
      if (start < this.#first) on.tooLong()
      else on.text(decodeEvent(this.#together().subarray(start - this.#first, end - this.#first)).data)
    })
  }

  feed(bytes: Buffer): void {
    this.#parts.push(bytes)
    this.#length += bytes.length
    this.#scanner.feed(bytes)
    const end = this.#first + this.#length
    const needed = Math.max(this.#scanner.pendingStart, this.#first)
    const from = end - needed > longestRowBytes ? end : needed
    if (from === this.#first) return
    this.#parts = [this.#together().subarray(from - this.#first)]
    this.#first = from
    this.#length = end - from
  }

  #together(): Buffer {
    if (this.#parts.length !== 1) this.#parts = [Buffer.concat(this.#parts)]
    return this.#parts[0] as Buffer
  }
}
