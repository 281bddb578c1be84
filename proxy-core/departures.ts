import { Column } from './column.ts'
import type { Numbers } from './packed-bytes.ts'

/** Departures closer than this share one entry, with the time of the last: a burst of writes in one turn of the loop is one moment. */
const sameMomentMs = 0.05

/** When which bytes of a body left for the client. */
export class Departures {
  /** By departure: the offset up to which bytes had left, and when. */
  readonly #ends = new Column()
  readonly #times = new Column()
  #bytes = 0
  /** When the departures of the last entry began. */
  #lastAt = Number.NEGATIVE_INFINITY
  readonly #sameMomentMs: number

  /** Recorded ones share no entry with others: each was one of its own. */
  constructor(isRecorded = false) {
    this.#sameMomentMs = isRecorded ? Number.NEGATIVE_INFINITY : sameMomentMs
  }

  /** Bytes that have left so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** So many further bytes left. */
  add(bytes: number, at: number): void {
    this.#bytes += bytes
    if (at - this.#lastAt < this.#sameMomentMs) {
      this.#ends.setLast(this.#bytes)
      // The first of them would be before the last of these bytes had come.
      this.#times.setLast(at)
    } else {
      this.#ends.push(this.#bytes)
      this.#times.push(at)
      this.#lastAt = at
    }
  }

  /** When the byte before an offset left; null while it is here. */
  timeOf(end: number): number | null {
    return end > this.#bytes ? null : this.#times.at(this.#ends.indexOfAtLeast(end))
  }

  /** Offset up to which bytes had left before a time, as far as that is kept. */
  endBefore(time: number): number {
    const departure = this.#times.indexOfAtLeast(time) - 1
    return departure < this.#times.first ? 0 : this.#ends.at(departure)
  }

  /** The departures that are kept, as plain data. */
  packed(): { readonly leftEnds: Numbers; readonly leftAt: Numbers } {
    return { leftEnds: this.#ends.numbers(), leftAt: this.#times.numbers() }
  }

  /** Forgets the departures of bytes before an offset, the last one apart. */
  forgetBefore(offset: number): void {
    const departure = Math.min(this.#ends.indexOfAtLeast(offset + 1), this.#ends.end - 1)
    this.#ends.forgetBefore(departure)
    this.#times.forgetBefore(departure)
  }
}
