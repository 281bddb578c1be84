const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const longestKey = 24

/** Who takes what is cut out of a HAR file. */
export interface HarSink {
  /** The lists of an entry that may be long: their objects come one by one, before their entry, in which the list is empty. */
  readonly lists: readonly string[]
  item(list: string, json: string): void
  entry(json: string): void
}

/**
 * Cuts the entries out of a HAR file while it comes in, so that no more than one of them is parsed at a time: each complete object in the
 * first array called `entries` that lies at the depth of `log.entries`. Of an entry's own long lists no more than one object is.
 */
export class HarEntries {
  readonly #sink: HarSink
  #depth = 0
  #isInString = false
  #isEscaped = false
  /** The last string outside the entries or straight in one: the key of what follows. */
  #key: number[] = []
  /** Depth of the array of entries; 0 before it and -1 behind it. */
  #entriesDepth = 0
  #entry: Buffer[] = []
  #isInEntry = false
  /** The list that is being cut out of the entry. */
  #list: string | null = null
  #item: Buffer[] = []
  #isInItem = false

  constructor(sink: HarSink) {
    this.#sink = sink
  }

  /** The array of entries has been read to its end. */
  get isComplete(): boolean {
    return this.#entriesDepth === -1
  }

  feed(bytes: Buffer): void {
    // Where what is being cut out goes on in these bytes.
    let start = 0
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (this.#isInString) this.#string(byte)
      else if (byte === quote) {
        this.#isInString = true
        if (this.#hasKeys) this.#key = []
      } else if (byte === openBrace || byte === openBracket) {
        if (this.#opens(byte, bytes, start, index)) start = this.#list !== null && !this.#isInItem ? index + 1 : index
        this.#depth++
        const isEntries = byte === openBracket && this.#depth === 3 && this.#entriesDepth === 0
        if (isEntries && this.#keyText() === 'entries') this.#entriesDepth = this.#depth
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--
        if (this.#closes(bytes, start, index)) start = index
      }
    }
    if (this.#isInItem) this.#item.push(Buffer.from(bytes.subarray(start)))
    else if (this.#isInEntry && this.#list === null) this.#entry.push(Buffer.from(bytes.subarray(start)))
  }

  /** Whether a string that begins here may be a key that is looked for. */
  get #hasKeys(): boolean {
    return !this.#isInEntry || (this.#list === null && this.#depth === this.#entriesDepth + 1)
  }

  /** Something opens; returns whether from here on something else is cut out. */
  #opens(byte: number, bytes: Buffer, start: number, index: number): boolean {
    if (this.#entriesDepth <= 0) return false
    if (byte === openBrace && this.#depth === this.#entriesDepth) {
      this.#isInEntry = true
      return true
    }
    if (byte === openBrace && this.#list !== null && this.#depth === this.#entriesDepth + 2) {
      this.#isInItem = true
      return true
    }
    if (byte !== openBracket || this.#list !== null || this.#depth !== this.#entriesDepth + 1) return false
    const key = this.#keyText()
    if (!this.#sink.lists.includes(key)) return false
    this.#entry.push(Buffer.from(bytes.subarray(start, index + 1)))
    this.#list = key
    return true
  }

  /** Something closes; returns whether from here on the entry goes on. */
  #closes(bytes: Buffer, start: number, index: number): boolean {
    if (this.#isInItem && this.#depth === this.#entriesDepth + 2) {
      this.#isInItem = false
      this.#sink.item(this.#list ?? '', this.#text(this.#item, bytes.subarray(start, index + 1)))
      this.#item = []
    } else if (this.#list !== null && this.#depth === this.#entriesDepth + 1) {
      this.#list = null
      return true
    } else if (this.#isInEntry && this.#depth === this.#entriesDepth) {
      this.#isInEntry = false
      const json = this.#text(this.#entry, bytes.subarray(start, index + 1))
      this.#entry = []
      this.#sink.entry(json)
    } else if (this.#entriesDepth > 0 && this.#depth < this.#entriesDepth) this.#entriesDepth = -1
    return false
  }

  #string(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isInString = false
    else if (this.#hasKeys && this.#key.length < longestKey) this.#key.push(byte)
  }

  #keyText(): string {
    return Buffer.from(this.#key).toString('latin1')
  }

  #text(parts: readonly Buffer[], rest: Buffer): string {
    return Buffer.concat([...parts, rest]).toString('utf8')
  }
}
