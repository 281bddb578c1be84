import { Column } from './column.ts'
import { Departures } from './departures.ts'
import { KeptBytes } from './kept-bytes.ts'
import type { Numbers, PackedBytes } from './packed-bytes.ts'

/** What is kept of a body as it came, as plain data. Times are epoch milliseconds with a fraction. */
export interface PackedWire {
  /** Offset of the first kept byte. */
  readonly from: number
  readonly bytes: PackedBytes
  /** By chunk: when it arrived. */
  readonly arrivedAt: Numbers
  /** By departure: the offset up to which bytes had left, and when. */
  readonly leftEnds: Numbers
  readonly leftAt: Numbers
}

/** The newest bytes of a body as they came from the wire, and when which of them arrived and left. */
export class WireBody {
  readonly kept: KeptBytes
  readonly departures: Departures
  /** By chunk: when it arrived. */
  readonly #arrivals = new Column()

  /** Bytes before `start` are dropped from the start; of a body that is not live, what is recorded is going to be fed. */
  constructor(start = 0, isRecorded = false) {
    this.kept = new KeptBytes(start)
    this.departures = new Departures(isRecorded)
  }

  /** Takes a chunk, or lets it pass without keeping it; returns what that costs. */
  take(chunk: Buffer, at: number, isKept: boolean): number {
    this.#arrivals.push(at)
    return isKept ? this.kept.push(chunk) : this.kept.skip(chunk.length)
  }

  /** When the byte before an offset arrived. */
  arrivedAt(end: number): number {
    return this.#arrivals.at(this.kept.chunkAt(end))
  }

  /** Offset where the first kept chunk starts that arrived at or after a time; null when there is none. */
  startSince(time: number): number | null {
    const chunk = this.#arrivals.indexOfAtLeast(time)
    return chunk >= this.#arrivals.end ? null : this.kept.chunkStart(chunk)
  }

  /** Drops the oldest chunks until so much is freed; returns how much it was. */
  drop(bytes: number): number {
    return this.#forget(this.kept.dropBytes(bytes))
  }

  /** Drops the chunks that end at an offset or before; returns how much that freed. */
  dropBefore(offset: number): number {
    return this.#forget(this.kept.dropBefore(this.kept.chunkAt(offset + 1)))
  }

  /** What is kept, as plain data. */
  packed(): PackedWire {
    return { from: this.kept.firstKept, bytes: this.kept.packed(), arrivedAt: this.#arrivals.numbers(), ...this.departures.packed() }
  }

  #forget(freed: number): number {
    this.#arrivals.forgetBefore(this.kept.firstChunk)
    this.departures.forgetBefore(this.kept.firstKept)
    return freed
  }
}
