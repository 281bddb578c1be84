/** One header field as it was on the wire. */
export type Field = readonly [name: string, value: string]

/** The head of a request or a response, as it was on the wire. */
export interface Head {
  readonly startLine: string
  readonly fields: readonly Field[]
  readonly raw: string
}

/** How the end of a body is told: not at all, by a length, by a last chunk, or by the end of the connection. */
export type Framing = 'none' | 'chunked' | 'close' | { readonly lengthBytes: number }

/** What a reader tells about the messages that come by. */
export interface HttpEvents {
  /** A head is complete; the answer says how its body ends. */
  onHead(head: Head): Framing
  /** Body bytes: as they were sent, and without the framing of chunks. */
  onBody(content: Buffer, raw: Buffer): void
  /** The body is complete. */
  onEnd(trailers: readonly Field[]): void
}

/**
 * Reads HTTP/1.1 messages one after the other, strictly enough that a test notices wrong framing, and knows nothing of semantics.
 * `inBody` says whether the connection ended at a place where it may not.
 */
export class HttpReader {
  readonly #events: HttpEvents
  #pending: Buffer = Buffer.alloc(0)
  #framing: Framing | 'head' = 'head'
  #leftBytes = 0
  #part: 'size' | 'data' | 'data-end' | 'trailers' = 'size'

  constructor(events: HttpEvents) {
    this.#events = events
  }

  get isInHead(): boolean {
    return this.#framing === 'head' && this.#pending.length > 0
  }

  get isInBody(): boolean {
    return this.#framing !== 'head'
  }

  feed(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    while (this.#pending.length > 0 && this.#step());
  }

  /** The connection has ended: a body that only this can end is complete. */
  finish(): void {
    if (this.#framing === 'close') this.#complete([])
  }

  /** Takes what it can of the pending bytes; false when it needs more. */
  #step(): boolean {
    if (this.#framing === 'head') return this.#readHead()
    if (this.#framing === 'close') {
      this.#takeContent(this.#pending.length)
      return true
    }
    if (this.#framing !== 'chunked') return this.#readLength()
    switch (this.#part) {
      case 'size':
        return this.#readSize()
      case 'data':
        return this.#readData()
      case 'data-end':
        return this.#readDataEnd()
      case 'trailers':
        return this.#readTrailers()
    }
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf('\r\n\r\n')
    if (end === -1) return false
    const raw = this.#take(end + 4).toString('latin1')
    const [startLine = '', ...lines] = raw.slice(0, -4).split('\r\n')
    this.#framing = this.#events.onHead({ startLine, fields: lines.map(parseField), raw })
    this.#part = 'size'
    if (this.#framing === 'none') this.#complete([])
    else if (typeof this.#framing === 'object') {
      this.#leftBytes = this.#framing.lengthBytes
      if (this.#leftBytes === 0) this.#complete([])
    }
    return true
  }

  #readLength(): boolean {
    this.#takeContent(Math.min(this.#leftBytes, this.#pending.length))
    if (this.#leftBytes === 0) this.#complete([])
    return true
  }

  #readSize(): boolean {
    const line = this.#takeLine()
    if (line === null) return false
    const size = /^[0-9a-fA-F]+(?=$|;|[ \t])/.exec(line)?.[0]
    if (size === undefined) throw new Error(`This is not the size of a chunk: ${JSON.stringify(line)}.`)
    this.#leftBytes = Number.parseInt(size, 16)
    this.#part = this.#leftBytes === 0 ? 'trailers' : 'data'
    return true
  }

  #readData(): boolean {
    this.#takeContent(Math.min(this.#leftBytes, this.#pending.length))
    if (this.#leftBytes === 0) this.#part = 'data-end'
    return true
  }

  #readDataEnd(): boolean {
    const line = this.#takeLine()
    if (line === null) return false
    if (line !== '') throw new Error(`A chunk is longer than its size says: ${JSON.stringify(line)} follows.`)
    this.#part = 'size'
    return true
  }

  #readTrailers(): boolean {
    const end = this.#pending.indexOf('\r\n')
    const block = end === 0 ? 0 : this.#pending.indexOf('\r\n\r\n')
    if (end === -1 || block === -1) return false
    const raw = this.#take(block === 0 ? 2 : block + 4)
    this.#events.onBody(Buffer.alloc(0), raw)
    const lines = raw.toString('latin1').split('\r\n')
    this.#complete(lines.filter((line) => line !== '').map(parseField))
    return true
  }

  #complete(trailers: readonly Field[]): void {
    this.#framing = 'head'
    this.#events.onEnd(trailers)
  }

  #takeContent(count: number): void {
    const bytes = this.#take(count)
    this.#leftBytes -= count
    this.#events.onBody(bytes, bytes)
  }

  #takeLine(): string | null {
    const end = this.#pending.indexOf('\r\n')
    if (end === -1) return null
    const raw = this.#take(end + 2)
    this.#events.onBody(Buffer.alloc(0), raw)
    return raw.toString('latin1', 0, end)
  }

  #take(count: number): Buffer {
    const bytes = this.#pending.subarray(0, count)
    this.#pending = this.#pending.subarray(count)
    return bytes
  }
}

/** The values of a field, joined as RFC 9110 §5.2 joins them; null when it is not there. */
export function fieldValue(fields: readonly Field[], name: string): string | null {
  const values = fields.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return values.length === 0 ? null : values.join(', ')
}

/** The lines of a head, from its parts. */
export function headText(startLine: string, fields: readonly Field[]): string {
  return `${startLine}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** Fields as a test writes them: a record, or a list where order or repetition matters. */
export type FieldsInput = Readonly<Record<string, string>> | readonly Field[]

/** The list form of fields. */
export function fieldList(input: FieldsInput): readonly Field[] {
  return Array.isArray(input) ? (input as readonly Field[]) : Object.entries(input as Readonly<Record<string, string>>)
}

/** The bytes of one chunk of a chunked body. */
export function chunkBytes(data: Uint8Array | string): Buffer {
  const content = Buffer.from(data as Uint8Array)
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')])
}

function parseField(line: string): Field {
  const colon = line.indexOf(':')
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()]
}
