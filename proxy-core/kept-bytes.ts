import { Column } from './column.ts'
import type { PackedBytes } from './packed-bytes.ts'

/** What one buffer costs besides its bytes: the Buffer and its ArrayBuffer. */
const bufferOverheadBytes = 256
/** What a chunk costs besides its bytes: its places in the logs. */
const chunkOverheadBytes = 64
/** Smaller chunks are copied together: a buffer for each would outlive many collections, and costs more than the copy. */
export const copyLimitBytes = 4096
/** A larger chunk is copied when it is so much smaller than the buffer that it is a part of: that would be kept whole. */
const mostOfBuffer = 0.8
/** A quiet stream takes the first block, a lively one soon fills large ones. */
const firstBlockBytes = 256
const largestBlockBytes = 16_384

/** A stretch of a body that one buffer holds; null for one that was let pass. A block has room behind its end. */
interface Stretch {
  readonly buffer: Buffer | null
  readonly start: number
  end: number
}

/**
 * The newest chunks of a body: small ones copied into blocks, large ones as they are given. Offsets count from the body's start,
 * whatever was dropped. A chunk can be let pass: it has its place and its length, and no bytes.
 */
export class KeptBytes {
  #stretches: Stretch[] = []
  readonly #ends = new Column()
  #bytes = 0
  #end: number
  #firstKept: number
  /** Stretches that were let pass. */
  #gaps = 0
  /** Length of the block that is being filled; 0 when there is none. */
  #blockBytes = 0

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
    return this.#ends.first === this.#ends.end
  }

  get hasSkipped(): boolean {
    return this.#gaps > 0
  }

  /** What is kept, as plain data; the bytes are not copied. */
  packed(): PackedBytes {
    const stretches = this.#stretches.map(({ buffer, start, end }) => {
      const from = Math.max(start, this.#firstKept)
      return buffer === null ? end - from : buffer.subarray(from - start, end - start)
    })
    return { ends: this.#ends.numbers(), stretches }
  }

  /** Takes a chunk; returns what it costs, the room that is kept ready for further ones included. */
  push(chunk: Buffer): number {
    const start = this.#end
    this.#bytes += chunk.length
    this.#end += chunk.length
    this.#ends.push(this.#end)
    if (chunk.length >= copyLimitBytes) {
      this.#blockBytes = 0
      return this.#add({ buffer: onItsOwn(chunk), start, end: this.#end })
    }
    const last = this.#blockBytes === 0 ? undefined : this.#stretches.at(-1)
    if (last && this.#end - last.start <= this.#blockBytes) {
      last.buffer?.set(chunk, start - last.start)
      last.end = this.#end
      return chunkOverheadBytes
    }
    this.#blockBytes = Math.min(this.#blockBytes * 2 || firstBlockBytes, largestBlockBytes)
    while (this.#blockBytes < chunk.length) this.#blockBytes *= 2
    const buffer = Buffer.allocUnsafeSlow(this.#blockBytes)
    buffer.set(chunk)
    return this.#add({ buffer, start, end: this.#end })
  }

  /** Lets a chunk of so many bytes pass without keeping it; returns what its place costs. */
  skip(length: number): number {
    const start = this.#end
    this.#end += length
    this.#ends.push(this.#end)
    this.#blockBytes = 0
    const last = this.#stretches.at(-1)
    if (last?.buffer !== null) return this.#add({ buffer: null, start, end: this.#end })
    last.end = this.#end
    return chunkOverheadBytes
  }

  /** Whether every byte from one offset to another is kept. */
  isWhole(from: number, to: number): boolean {
    if (from < this.#firstKept) return false
    if (this.#gaps === 0) return true
    for (let at = this.#stretchAt(from); at < this.#stretches.length; at++) {
      const { buffer, end } = this.#stretches[at] as Stretch
      if (buffer === null) return false
      if (end >= to) break
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
    const bytes = Buffer.alloc(end - start)
    for (let at = this.#stretchAt(start); at < this.#stretches.length; at++) {
      const { buffer, start: stretchStart, end: stretchEnd } = this.#stretches[at] as Stretch
      if (stretchStart >= end) break
      const partStart = Math.max(start, stretchStart)
      buffer?.copy(bytes, partStart - start, partStart - stretchStart, Math.min(end, stretchEnd) - stretchStart)
    }
    return bytes
  }

  /** Drops the oldest chunks until so much is freed; returns how much it was. */
  dropBytes(bytes: number): number {
    let freed = 0
    let end = this.#firstKept
    let index = this.#ends.first
    let at = 0
    for (; freed < bytes && index < this.#ends.end; index++) {
      const start = end
      end = this.#ends.at(index)
      freed += chunkOverheadBytes
      while ((this.#stretches[at]?.end ?? end) < end) at++
      const stretch = this.#stretches[at]
      if (stretch === undefined) continue
      if (stretch.buffer !== null) freed += end - start
      if (stretch.end === end) freed += besidesChunks(stretch)
    }
    return this.#drop(index - this.#ends.first)
  }

  /** Drops the chunks before an index; returns how much that freed. */
  dropBefore(index: number): number {
    return this.#drop(Math.min(Math.max(0, index - this.#ends.first), this.#ends.end - this.#ends.first))
  }

  #add(stretch: Stretch): number {
    // An array that is pushed to has room for seventeen, and a quiet stream has one.
    if (this.#stretches.length === 0) this.#stretches = [stretch]
    else this.#stretches.push(stretch)
    if (stretch.buffer === null) this.#gaps++
    return bufferOverheadBytes + (stretch.buffer?.length ?? 0) + chunkOverheadBytes
  }

  /** Index of the stretch with the byte at an offset. */
  #stretchAt(offset: number): number {
    let low = 0
    let high = this.#stretches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#stretches[middle] as Stretch).end <= offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The part of a block that is dropped counts as freed, though it goes only with the rest: no more than one block is amiss. */
  #drop(count: number): number {
    if (count === 0) return 0
    const firstKept = this.#ends.at(this.#ends.first + count - 1)
    this.#ends.forgetBefore(this.#ends.first + count)
    let freed = count * chunkOverheadBytes
    let dropped = 0
    for (const stretch of this.#stretches) {
      if (stretch.start >= firstKept) break
      if (stretch.buffer !== null) {
        const bytes = Math.min(firstKept, stretch.end) - Math.max(this.#firstKept, stretch.start)
        this.#bytes -= bytes
        freed += bytes
      }
      if (stretch.end > firstKept) break
      if (stretch.buffer === null) this.#gaps--
      freed += besidesChunks(stretch)
      dropped++
    }
    this.#stretches.splice(0, dropped)
    if (this.#stretches.length === 0) this.#blockBytes = 0
    this.#firstKept = firstKept
    return freed
  }
}

/** What a stretch costs besides its chunks. */
function besidesChunks({ buffer, start, end }: Stretch): number {
  return bufferOverheadBytes + (buffer === null ? 0 : buffer.length - (end - start))
}

/** A chunk that keeps no more than itself in memory: small buffers are parts of a pool, and node:http2 hands on parts of what it read at once. */
function onItsOwn(chunk: Buffer): Buffer {
  if (chunk.length >= chunk.buffer.byteLength * mostOfBuffer) return chunk
  const own = Buffer.allocUnsafeSlow(chunk.length)
  own.set(chunk)
  return own
}
