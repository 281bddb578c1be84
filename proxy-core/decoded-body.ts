import { Column } from './column.ts'
import type { PackedDecoded } from './exchange-record.ts'
import { KeptBytes } from './kept-bytes.ts'

/** The newest decoded bytes of an encoded body, and up to which byte of the wire each of them needed. */
export class DecodedBody {
  readonly kept: KeptBytes
  /** By decoded chunk: where the chunk from the wire ends that completed it. */
  readonly #wireEnds = new Column()
  #nextToLeave = 0
  #leftEnd = 0
  #passedFrom: number | null = null

  /** Bytes before `start` are dropped from the start. */
  constructor(start = 0) {
    this.kept = new KeptBytes(start)
  }

  /** What is kept, as plain data. */
  packed(): PackedDecoded {
    const from = this.kept.firstKept
    const passedFrom = this.#passedFrom === null ? null : Math.max(this.#passedFrom, from)
    return { from, bytes: this.kept.packed(), wireEnds: this.#wireEnds.numbers(), passedFrom }
  }

  /** Takes bytes that stay as they came; returns what that costs. */
  pass(bytes: Buffer, wireEnd: number, isKept: boolean): number {
    this.#passedFrom ??= this.kept.end
    return this.take(bytes, wireEnd, isKept)
  }

  /** Takes decoded bytes, or lets them pass without keeping them; returns what that costs. */
  take(bytes: Buffer, wireEnd: number, isKept: boolean): number {
    this.#wireEnds.push(wireEnd)
    return isKept ? this.kept.push(bytes) : this.kept.skip(bytes.length)
  }

  /** The wire offset that the decoded byte before an offset needed. */
  wireEnd(end: number): number {
    return this.#wireEnds.at(this.kept.chunkAt(end))
  }

  /** Where the bytes begin that needed more of the wire than up to an offset. */
  startBehind(wireOffset: number): number {
    return this.kept.chunkStart(this.#wireEnds.indexOfAtLeast(wireOffset + 1))
  }

  /** The end of what can be decoded from so many bytes of the wire, for a number that only grows. */
  endWithin(wireBytes: number): number {
    if (this.#nextToLeave < this.#wireEnds.first) this.#nextToLeave = this.#wireEnds.first
    while (this.#wireEnds.at(this.#nextToLeave) <= wireBytes) {
      this.#leftEnd = this.kept.chunkEnd(this.#nextToLeave)
      this.#nextToLeave++
    }
    return this.#leftEnd
  }

  /** Drops what needed no more of the wire than up to an offset; returns how much that freed. */
  dropWithin(wireOffset: number): number {
    const index = this.#wireEnds.indexOfAtLeast(wireOffset + 1)
    const freed = this.kept.dropBefore(index)
    this.#wireEnds.forgetBefore(index)
    return freed
  }
}
