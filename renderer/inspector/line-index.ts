/** A line of a body by its bytes, `to` after its line break. */
export interface ByteSpan {
  readonly from: number
  readonly to: number
}

/**
 * Where the lines of a body begin, found as its bytes come by; a line longer than `columns` bytes goes on in the next row,
 * never inside a UTF-8 character.
 */
export class LineIndex {
  readonly #columns: number
  readonly #starts: number[]
  #end: number
  #isAfterReturn = false

  constructor(columns: number, first: number) {
    this.#columns = columns
    this.#starts = [first]
    this.#end = first
  }

  /** How far the body has been looked through. */
  get end(): number {
    return this.#end
  }

  get lines(): number {
    const last = this.#starts.at(-1) ?? 0
    return last < this.#end ? this.#starts.length : this.#starts.length - 1
  }

  line(index: number): ByteSpan {
    return { from: this.#starts[index] ?? this.#end, to: this.#starts[index + 1] ?? this.#end }
  }

  /** The first line that begins at an offset or after it. */
  indexAt(offset: number): number {
    let low = 0
    let high = this.lines
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes in the bytes that follow those taken in before. */
  feed(bytes: Uint8Array): void {
    let start = this.#starts.at(-1) ?? 0
    for (let offset = 0; offset < bytes.length; offset++) {
      const byte = bytes[offset] ?? 0
      const at = this.#end + offset
      const isContinuation = (byte & 0xc0) === 0x80
      // WHATWG HTML §9.2.6: CR LF, LF and CR each end a line.
      if ((this.#isAfterReturn && byte !== 0x0a) || (at - start >= this.#columns && !isContinuation && byte !== 0x0a && byte !== 0x0d)) {
        this.#starts.push((start = at))
      }
      this.#isAfterReturn = byte === 0x0d
      if (byte === 0x0a) this.#starts.push((start = at + 1))
    }
    this.#end += bytes.length
  }
}
