import { Column } from '../column.ts'
import type { Direction } from '../contract/messages.ts'
import { WireBody } from '../wire-body.ts'

/** A row of one direction: its place in both directions' order, and where it lies in the bytes of its own. */
export interface SideRow {
  readonly index: number
  readonly start: number
  readonly end: number
  /** As `packMark` makes it. */
  readonly mark: number
  /** Offset of its text in what was inflated; -1 when its text is that of its frames. */
  readonly inflatedAt: number
}

/** The bytes of one direction as they came, and the rows in them. */
export class MessageSide {
  readonly direction: Direction
  readonly wire: WireBody
  readonly #indexes = new Column()
  readonly #starts = new Column()
  readonly #ends = new Column()
  readonly #marks = new Column()
  readonly #inflatedAt = new Column()
  #left = 0

  /** Bytes before `from` are forgotten from the start. */
  constructor(direction: Direction, from: number, isRecorded: boolean) {
    this.direction = direction
    this.wire = new WireBody(from, isRecorded)
  }

  /** Rows so far, forgotten ones included. */
  get count(): number {
    return this.#ends.end
  }

  get forgotten(): number {
    return this.#ends.first
  }

  /** Index, in both directions' order, of the first row of this one that has not left; infinite when all have. */
  get firstWaiting(): number {
    return this.#left < this.count ? this.#indexes.at(this.#left) : Number.POSITIVE_INFINITY
  }

  get waiting(): number {
    return this.count - this.#left
  }

  add({ index, start, end, mark, inflatedAt }: SideRow): void {
    this.#indexes.push(index)
    this.#starts.push(start)
    this.#ends.push(end)
    this.#marks.push(mark)
    this.#inflatedAt.push(inflatedAt)
  }

  /** A row that is kept. */
  at(position: number): SideRow {
    return {
      index: this.#indexes.at(position),
      start: this.#starts.at(position),
      end: this.#ends.at(position),
      mark: this.#marks.at(position),
      inflatedAt: this.#inflatedAt.at(position),
    }
  }

  endOf(position: number): number {
    return this.#ends.at(position)
  }

  /** Rows whose last byte the receiver's socket has taken have left. */
  countLeft(): void {
    const { bytes } = this.wire.departures
    while (this.#left < this.count && this.#ends.at(this.#left) <= bytes) this.#left++
  }

  /** Index, in both directions' order, of the first row that left at or after a time or has not left; infinite when there is none. */
  firstLeftSince(time: number): number {
    const position = this.#ends.indexOfAtLeast(this.wire.departures.endBefore(time) + 1)
    return position < this.count ? this.#indexes.at(position) : Number.POSITIVE_INFINITY
  }

  /** Forgets rows before one, and the bytes that no later one has; `pendingStart` is where what is no row yet begins. Returns what that freed. */
  forgetBefore(position: number, pendingStart: number): number {
    for (const column of [this.#indexes, this.#starts, this.#ends, this.#marks, this.#inflatedAt]) column.forgetBefore(position)
    this.#left = Math.max(this.#left, this.forgotten)
    return this.wire.dropBefore(this.forgotten < this.count ? this.#starts.at(this.forgotten) : pendingStart)
  }
}
