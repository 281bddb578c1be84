const BACKSLASH = 0x5c
const QUOTE = 0x22

/** Takes one JSON object as text. */
export type OnJson = (json: string) => void

/**
 * Finds the JSON objects in a body whose chunks are its only rows: in a JSON array as it grows, one after another, or a single one.
 * Works on bytes, for what it looks at is ASCII and no byte of a longer character is. An object longer than `longest` is left out.
 */
export class JsonValues {
  readonly #longest: number
  readonly #onJson: OnJson
  readonly #onTooLong: () => void
  #parts: Buffer[] = []
  #length = 0
  #depth = 0
  #isInString = false
  #isEscaped = false

  constructor(options: { readonly longest: number; readonly onJson: OnJson; readonly onTooLong: () => void }) {
    this.#longest = options.longest
    this.#onJson = options.onJson
    this.#onTooLong = options.onTooLong
  }

  /** Looks through the next bytes of the body; they are kept until the object that they are of ends. */
  feed(bytes: Buffer): void {
    let start = this.#depth > 0 ? 0 : -1
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === BACKSLASH) this.#isEscaped = true
        else if (byte === QUOTE) this.#isInString = false
      } else if (byte === QUOTE) {
        // Outside of objects a quote begins nothing that is looked for.
        this.#isInString = this.#depth > 0
      } else if (byte === 0x7b || (byte === 0x5b && this.#depth > 0)) {
        if (this.#depth++ === 0) start = at
      } else if ((byte === 0x7d || byte === 0x5d) && this.#depth > 0) {
        if (--this.#depth > 0) continue
        this.#keep(bytes.subarray(start, at + 1))
        start = -1
        this.#finish()
      }
    }
    if (start >= 0) this.#keep(bytes.subarray(start))
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#length <= this.#longest) this.#parts.push(bytes)
    else this.#parts = []
  }

  #finish(): void {
    const json = this.#length <= this.#longest ? Buffer.concat(this.#parts).toString('utf8') : null
    this.#parts = []
    this.#length = 0
    if (json === null) this.#onTooLong()
    else this.#onJson(json)
  }
}
