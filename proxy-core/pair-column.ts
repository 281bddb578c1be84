import { Column } from './column.ts'

/**
 * A growing list of pairs of numbers, which lie side by side: what is written together is in one place of memory, and not in two that
 * must both be fetched. Indexes count pairs, forgotten ones too.
 */
export class PairColumn {
  readonly #numbers: Column

  /** Pairs before `first` are forgotten from the start. */
  constructor(first = 0) {
    this.#numbers = new Column(first * 2)
  }

  /** Index of the oldest pair that is kept. */
  get first(): number {
    return this.#numbers.first / 2
  }

  /** One past the index of the newest. */
  get end(): number {
    return this.#numbers.end / 2
  }

  push(left: number, right: number): void {
    this.#numbers.push(left)
    this.#numbers.push(right)
  }

  /** Replaces the newest pair. */
  setLast(left: number, right: number): void {
    this.#numbers.setLast(left, 1)
    this.#numbers.setLast(right)
  }

  /** The left number of a pair that is kept; NaN otherwise. */
  left(index: number): number {
    return this.#numbers.at(index * 2)
  }

  /** The right one. */
  right(index: number): number {
    return this.#numbers.at(index * 2 + 1)
  }

  /** The left numbers that are kept. */
  lefts(): Float64Array<ArrayBuffer> {
    const numbers = this.#numbers.numbers()
    return new Float64Array(numbers.length / 2).map((_, index) => numbers[index * 2] ?? Number.NaN)
  }

  /** The right ones. */
  rights(): Float64Array<ArrayBuffer> {
    const numbers = this.#numbers.numbers()
    return new Float64Array(numbers.length / 2).map((_, index) => numbers[index * 2 + 1] ?? Number.NaN)
  }

  /** Forgets all before an index. */
  forgetBefore(index: number): void {
    this.#numbers.forgetBefore(index * 2)
  }

  /** Index of the first pair whose left number is at least `value`, where these only rise; `end` when there is none. */
  indexOfLeftAtLeast(value: number): number {
    return this.#search((index) => !(this.left(index) < value))
  }

  /** The same by the right numbers. */
  indexOfRightAtLeast(value: number): number {
    return this.#search((index) => !(this.right(index) < value))
  }

  /** Index of the first pair that fits, where all behind it do. */
  #search(fits: (index: number) => boolean): number {
    let low = this.first
    let high = this.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (fits(middle)) high = middle
      else low = middle + 1
    }
    return low
  }
}
