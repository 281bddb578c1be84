const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Cuts the entries out of a HAR file while it comes in, so that no more than one of them is parsed at a time: each complete object in the
 * first array called `entries` that lies at the depth of `log.entries`.
 */
export class HarEntries {
  readonly #onEntry: (json: string) => void
  #depth = 0
  #isInString = false
  #isEscaped = false
  /** The last string outside the entries: the key of what follows. */
  #key: number[] = []
  /** Depth of the array of entries; 0 before it and -1 behind it. */
  #entriesDepth = 0
  #entry: Buffer[] = []
  #isInEntry = false

  constructor(onEntry: (json: string) => void) {
    this.#onEntry = onEntry
  }

  /** The array of entries has been read to its end. */
  get isComplete(): boolean {
    return this.#entriesDepth === -1
  }

  feed(bytes: Buffer): void {
    let entryStart = 0
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (this.#isInString) this.#string(byte)
      else if (byte === quote) {
        this.#isInString = true
        this.#key = []
      } else if (byte === openBrace || byte === openBracket) {
        if (byte === openBrace && this.#entriesDepth > 0 && this.#depth === this.#entriesDepth) {
          this.#isInEntry = true
          entryStart = index
        }
        this.#depth++
        const isEntries = byte === openBracket && this.#depth === 3 && this.#entriesDepth === 0
        if (isEntries && Buffer.from(this.#key).toString('latin1') === 'entries') this.#entriesDepth = this.#depth
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--
        if (this.#isInEntry && this.#depth === this.#entriesDepth) {
          this.#entry.push(bytes.subarray(entryStart, index + 1))
          this.#isInEntry = false
          const json = Buffer.concat(this.#entry).toString('utf8')
          this.#entry = []
          this.#onEntry(json)
        } else if (this.#entriesDepth > 0 && this.#depth < this.#entriesDepth) this.#entriesDepth = -1
      }
    }
    if (this.#isInEntry) this.#entry.push(Buffer.from(bytes.subarray(entryStart)))
  }

  #string(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isInString = false
    else if (!this.#isInEntry && this.#key.length < 16) this.#key.push(byte)
  }
}
