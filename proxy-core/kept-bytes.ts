import { Column } from './column.ts'

/** What a kept chunk costs besides its bytes: the Buffer, its ArrayBuffer and its place in the logs. */
const chunkOverheadBytes = 256

/** What a chunk that was let pass costs: its places in the logs. */
const skippedCostBytes = 32

/** What a capture counts for a chunk: one that it keeps, or null for one that it let pass. */
export function keptCost(chunk: Buffer | null): number {
  return chunk === null ? skippedCostBytes : chunk.length + chunkOverheadBytes
}

/**
 * The newest chunks of a body, kept as they are given, without a copy. Offsets count from the body's start, whatever was dropped.
 * A chunk can be let pass: it has its place and its length, and no bytes.
 */
export class KeptBytes {
  readonly #chunks: (Buffer | null)[] = []
  readonly #ends = new Column()
  #bytes = 0
  #end: number
  #firstKept: number
  #skipped = 0

  /** Bytes before `start` are dropped from the start. */
  constructor(start = 0) {
    this.#end = start
    this.#firstKept = start
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Offset behind the newest byte. */
  get end(): number {
    return this.#end
  }

  /** Offset of the oldest byte that is kept. */
  get firstKept(): number {
    return this.#firstKept
  }

  /** Index of the oldest chunk that is kept; indexes count dropped ones too. */
  get firstChunk(): number {
    return this.#ends.first
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  get hasSkipped(): boolean {
    return this.#skipped > 0
  }

  /** The chunks that are kept, oldest first; of one that was let pass its length. */
  chunks(): (Buffer | number)[] {
    const { first } = this.#ends
    return this.#chunks.map((chunk, index) => chunk ?? this.chunkEnd(first + index) - this.chunkStart(first + index))
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#end += chunk.length
    this.#ends.push(this.#end)
  }

  /** Lets a chunk of so many bytes pass without keeping it. */
  skip(length: number): void {
    this.#chunks.push(null)
    this.#skipped++
    this.#end += length
    this.#ends.push(this.#end)
  }

  /** Whether every byte from one offset to another is kept. */
  isWhole(from: number, to: number): boolean {
    if (from < this.#firstKept) return false
    if (this.#skipped === 0) return true
    const first = this.#ends.first
    for (let index = this.chunkAt(from + 1); index < this.#ends.end; index++) {
      if (this.#chunks[index - first] === null) return false
      if (this.#ends.at(index) >= to) break
    }
    return true
  }

  /** Index of the chunk with the byte before an offset. */
  chunkAt(end: number): number {
    return this.#ends.indexOfAtLeast(end)
  }

  /** Offset where a chunk starts; where the first that is kept starts for one that was dropped. */
  chunkStart(index: number): number {
    return index <= this.#ends.first ? this.firstKept : this.#ends.at(index - 1)
  }

  /** Offset where a chunk ends that is kept. */
  chunkEnd(index: number): number {
    return this.#ends.at(index)
  }

  /** The kept bytes from one offset to another, copied together; zeros stand for those that were let pass. */
  read(from: number, to: number): Buffer {
    const start = Math.max(from, this.firstKept)
    const end = Math.min(to, this.#end)
    if (end <= start) return Buffer.alloc(0)
    const parts: Buffer[] = []
    const first = this.#ends.first
    for (let index = this.chunkAt(start + 1); index < this.#ends.end; index++) {
      const chunk = this.#chunks[index - first]
      if (chunk === undefined) break
      const chunkEnd = this.#ends.at(index)
      const chunkStart = this.chunkStart(index)
      const partStart = Math.max(start, chunkStart)
      const partEnd = Math.min(end, chunkEnd)
      parts.push(chunk === null ? Buffer.alloc(partEnd - partStart) : chunk.subarray(partStart - chunkStart, partEnd - chunkStart))
      if (chunkEnd >= end) break
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  /** Drops the oldest chunks until so much is freed; returns how much it was. */
  dropBytes(bytes: number): number {
    let freed = 0
    let count = 0
    while (freed < bytes && count < this.#chunks.length) freed += keptCost(this.#chunks[count++] ?? null)
    return this.#drop(count)
  }

  /** Drops the chunks before an index; returns how much that freed. */
  dropBefore(index: number): number {
    return this.#drop(Math.min(Math.max(0, index - this.#ends.first), this.#chunks.length))
  }

  #drop(count: number): number {
    if (count === 0) return 0
    let freed = 0
    for (let index = 0; index < count; index++) {
      const chunk = this.#chunks[index] ?? null
      if (chunk === null) this.#skipped--
      else this.#bytes -= chunk.length
      freed += keptCost(chunk)
    }
    this.#chunks.splice(0, count)
    this.#firstKept = this.#ends.at(this.#ends.first + count - 1)
    this.#ends.forgetBefore(this.#ends.first + count)
    return freed
  }
}
