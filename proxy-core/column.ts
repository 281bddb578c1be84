const blockBits = 10
const blockLength = 1 << blockBits

/**
 * A growing list of numbers that forgets from its front; indexes count forgotten ones too.
 * Kept in blocks, so that appending to a long list never copies it. Plain arrays, which grow with their content: a quiet stream has six
 * of these lists with an entry or two in each.
 */
export class Column {
  readonly #blocks: number[][] = [[]]
  /** Index of the first number of the first block. */
  #base = 0
  #first = 0
  #end = 0

  /** Index of the oldest number that is kept. */
  get first(): number {
    return this.#first
  }

  /** One past the index of the newest. */
  get end(): number {
    return this.#end
  }

  push(value: number): void {
    let block = this.#blocks[this.#blocks.length - 1] as number[]
    if (block.length === blockLength) {
      block = []
      this.#blocks.push(block)
    }
    block.push(value)
    this.#end++
  }

  /** The number at an index that is kept; NaN otherwise. */
  at(index: number): number {
    if (index < this.#first || index >= this.#end) return Number.NaN
    const slot = index - this.#base
    return this.#blocks[slot >>> blockBits]?.[slot & (blockLength - 1)] ?? Number.NaN
  }

  last(): number {
    return this.at(this.#end - 1)
  }

  /** Replaces the newest number. */
  setLast(value: number): void {
    const block = this.#blocks[this.#blocks.length - 1] as number[]
    if (block.length > 0) block[block.length - 1] = value
  }

  /** Forgets all before an index. */
  forgetBefore(index: number): void {
    this.#first = Math.min(Math.max(index, this.#first), this.#end)
    const whole = Math.min((this.#first - this.#base) >>> blockBits, this.#blocks.length - 1)
    if (whole === 0) return
    this.#blocks.splice(0, whole)
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
}
