import type { Numbers } from './packed-bytes.ts'
import { PairColumn } from './pair-column.ts'

/** Departures closer than this share one entry, with the time of the last: a burst of writes in one turn of the loop is one moment. */
const sameMomentMs = 0.05

/** When which bytes of a body left for the client. */
export class Departures {
  /** By departure: the offset up to which bytes had left, and when. */
  readonly #departures = new PairColumn()
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
      // The time of the first of them would be before the last of these bytes had come.
      this.#departures.setLast(this.#bytes, at)
    } else {
      this.#departures.push(this.#bytes, at)
      this.#lastAt = at
    }
  }

  /** When the byte before an offset left; null while it is here. */
  timeOf(end: number): number | null {
    return end > this.#bytes ? null : this.#departures.right(this.#departures.indexOfLeftAtLeast(end))
  }

  /** Offset up to which bytes had left before a time, as far as that is kept. */
  endBefore(time: number): number {
    const departure = this.#departures.indexOfRightAtLeast(time) - 1
    return departure < this.#departures.first ? 0 : this.#departures.left(departure)
  }

  /** The departures that are kept, as plain data. */
  packed(): { readonly leftEnds: Numbers; readonly leftAt: Numbers } {
    return { leftEnds: this.#departures.lefts(), leftAt: this.#departures.rights() }
  }

  /** Forgets the departures of bytes before an offset, the last one apart. */
  forgetBefore(offset: number): void {
    this.#departures.forgetBefore(Math.min(this.#departures.indexOfLeftAtLeast(offset + 1), this.#departures.end - 1))
  }
}
