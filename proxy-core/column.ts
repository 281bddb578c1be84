const blockBits = 10
const blockLength = 1 << blockBits

/**
 * A growing list of numbers that forgets from its front; indexes count forgotten ones too.
 * Kept in blocks, so that appending to a long list never copies it. Plain arrays, which grow with their content: a quiet stream has six
 * of these lists with an entry or two in each, so that an array is made with its first entry.
 */
export class Column {
  /** The blocks before the last. */
  #full: number[][] = none
  /** The last block, at hand for every push. */
  #tail: number[] = empty
  /** Index of the first number of the first block. */
  #base: number
  #first: number
  #end: number

  /** Numbers before `first` are forgotten from the start. */
  constructor(first = 0) {
    this.#base = first
    this.#first = first
    this.#end = first
  }

  /** Index of the oldest number that is kept. */
  get first(): number {
    return this.#first
  }

  /** One past the index of the newest. */
  get end(): number {
    return this.#end
  }

  push(value: number): void {
    if (this.#tail.length === blockLength || this.#tail === empty) this.#startBlock(value)
    else this.#tail.push(value)
    this.#end++
  }

  /** The number at an index that is kept; NaN otherwise. */
  at(index: number): number {
    if (index < this.#first || index >= this.#end) return Number.NaN
    const slot = index - this.#base
    return this.#block(slot >>> blockBits)[slot & (blockLength - 1)] ?? Number.NaN
  }

  /** The numbers that are kept, copied block by block. */
  numbers(): Float64Array<ArrayBuffer> {
    const numbers = new Float64Array(this.#end - this.#first)
    const skipped = this.#first - this.#base
    let at = -skipped
    for (let index = 0; index <= this.#full.length; index++) {
      const block = this.#block(index)
      numbers.set(at < 0 ? block.slice(-at) : block, Math.max(0, at))
      at += block.length
    }
    return numbers
  }

  /** Replaces the newest number, or one so far before it in the last block. */
  setLast(value: number, before = 0): void {
    const slot = this.#tail.length - 1 - before
    if (slot >= 0) this.#tail[slot] = value
  }

  /** Forgets all before an index. */
  forgetBefore(index: number): void {
    this.#first = Math.min(Math.max(index, this.#first), this.#end)
    const whole = Math.min((this.#first - this.#base) >>> blockBits, this.#full.length)
    if (whole === 0) return
    this.#full.splice(0, whole)
    this.#base += whole * blockLength
  }

  /** Index of the first number that is at least `value`, in a column that only rises; `end` when there is none. */
  indexOfAtLeast(value: number): number {
    let low = this.#first
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle) < value) low = middle + 1
      else high = middle
    }
    return low
  }

  #block(index: number): number[] {
    return this.#full[index] ?? this.#tail
  }

  #startBlock(value: number): void {
    if (this.#tail !== empty) {
      if (this.#full === none) this.#full = []
      this.#full.push(this.#tail)
    }
    this.#tail = [value]
  }
}

/** What a column has before its first entry, and before its second block. */
const empty: number[] = []
const none: number[][] = []
