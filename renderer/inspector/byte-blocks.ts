import type { BodyRange } from '../../proxy-core/contract/rows.ts'

/** Bytes that are fetched at a time. */
export const blockBytes = 65_536

/** The blocks of a body that were fetched last; a block that the body has grown past never changes again. */
export class ByteBlocks {
  readonly #capacity: number
  readonly #blocks = new Map<number, BodyRange>()

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Takes in a block, fetched from a multiple of `blockBytes`. */
  put(block: number, range: BodyRange): void {
    this.#blocks.delete(block)
    this.#blocks.set(block, range)
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= this.#capacity) break
      this.#blocks.delete(oldest)
    }
  }

  /** The first block within a stretch that is not here in full, of a body of `total` bytes. */
  missing(from: number, to: number, total: number): number | null {
    for (let block = Math.floor(from / blockBytes); block * blockBytes < to; block++) {
      const range = this.#blocks.get(block)
      const end = Math.min(total, (block + 1) * blockBytes)
      if (!range || range.from + range.bytes.length < end) return block
    }
    return null
  }

  /** The bytes of a stretch, or null while some of them are not here. */
  read(from: number, to: number): Uint8Array | null {
    const bytes = new Uint8Array(to - from)
    for (let block = Math.floor(from / blockBytes); block * blockBytes < to; block++) {
      const range = this.#blocks.get(block)
      const start = Math.max(from, block * blockBytes)
      const end = Math.min(to, (block + 1) * blockBytes)
      if (!range || range.from > start || range.from + range.bytes.length < end) return null
      bytes.set(range.bytes.subarray(start - range.from, end - range.from), start - from)
    }
    return bytes
  }
}
