const digitBits = 16
const digits = 64 / digitBits
const radix = 1 << digitBits
const rowsPerStep = 20_000

/**
 * Sorts places by their keys, which are not negative, a step at a time: a sort that compares would stand in the way of the traffic for
 * a second at a million rows. Equal keys stay in the order of their places.
 */
export class RadixSort {
  order: Uint32Array<ArrayBuffer>
  #other: Uint32Array<ArrayBuffer>
  /** The bits of a number that is not negative rise with it. */
  readonly #keyDigits: Uint16Array
  readonly #turn: number
  readonly #starts = new Uint32Array(radix)
  #digit = 0
  #at = 0
  #isCounting = true

  constructor(keys: Float64Array, isDescending: boolean) {
    this.order = new Uint32Array(keys.length)
    for (let place = 0; place < keys.length; place++) this.order[place] = place
    this.#other = new Uint32Array(keys.length)
    this.#keyDigits = new Uint16Array(keys.buffer, keys.byteOffset, keys.length * digits)
    this.#turn = isDescending ? radix - 1 : 0
  }

  /** Goes on sorting; false once `order` is sorted. */
  step(): boolean {
    if (this.#digit === digits) return false
    const end = Math.min(this.order.length, this.#at + rowsPerStep)
    if (this.#isCounting) this.#count(end)
    else this.#place(end)
    if (end === this.order.length) this.#turnOver()
    return this.#digit < digits
  }

  #count(end: number): void {
    for (; this.#at < end; this.#at++) {
      const digit = this.#digitOf(this.#at)
      this.#starts[digit] = (this.#starts[digit] ?? 0) + 1
    }
  }

  #place(end: number): void {
    for (; this.#at < end; this.#at++) {
      const place = this.order[this.#at] ?? 0
      const digit = this.#digitOf(place)
      const to = this.#starts[digit] ?? 0
      this.#starts[digit] = to + 1
      this.#other[to] = place
    }
  }

  #turnOver(): void {
    this.#at = 0
    if (this.#isCounting) {
      const isAllAlike = this.#starts.includes(this.order.length)
      let start = 0
      for (let digit = 0; digit < radix; digit++) {
        const count = this.#starts[digit] ?? 0
        this.#starts[digit] = start
        start += count
      }
      this.#isCounting = false
      if (!isAllAlike) return
    } else {
      const placed = this.#other
      this.#other = this.order
      this.order = placed
    }
    this.#starts.fill(0)
    this.#isCounting = true
    this.#digit++
  }

  #digitOf(place: number): number {
    return (this.#keyDigits[place * digits + this.#digit] ?? 0) ^ this.#turn
  }
}
