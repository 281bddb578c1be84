/** What came of a body while capture was stopped: it was passed on, timed and counted, and not kept. */
export class UnkeptSpan {
  #bytes = 0
  #from: number | null = null
  #to: number | null = null

  get bytes(): number {
    return this.#bytes
  }

  /** When the first of it came. */
  get from(): number | null {
    return this.#from
  }

  /** When the last of it came. */
  get to(): number | null {
    return this.#to
  }

  add(bytes: number, at: number): void {
    this.#bytes += bytes
    this.#from ??= at
    this.#to = at
  }
}
