const blockBits = 10
const blockLength = 1 << blockBits
const firstLength = 16

/**
 * A growing list of numbers that forgets from its front; indexes count forgotten ones too.
 * Kept in blocks, so that appending to a long list never copies it, and a short one stays small.
 */
export class Column {
  #blocks: Float64Array[] = [new Float64Array(firstLength)]
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
    const slot = this.#end - this.#base
    const position = slot & (blockLength - 1)
    let block = this.#blocks[slot >>> blockBits]
    if (block === undefined) {
      block = new Float64Array(blockLength)
      this.#blocks.push(block)
    } else if (position >= block.length) {
      const grown = new Float64Array(Math.min(block.length * 4, blockLength))
      grown.set(block)
      this.#blocks[slot >>> blockBits] = grown
      block = grown
    }
    block[position] = value
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
    const slot = this.#end - 1 - this.#base
    const block = this.#blocks[slot >>> blockBits]
    if (block !== undefined) block[slot & (blockLength - 1)] = value
  }

  /** Forgets all before an index. */
  forgetBefore(index: number): void {
    this.#first = Math.min(Math.max(index, this.#first), this.#end)
    const whole = (this.#first - this.#base) >>> blockBits
    if (whole === 0) return
    this.#blocks.splice(0, whole)
    this.#base += whole * blockLength
    if (this.#blocks.length === 0) this.#blocks.push(new Float64Array(blockLength))
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
