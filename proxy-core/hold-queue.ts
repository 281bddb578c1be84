import type { SpoolStore } from './spool.ts'

/** Bytes that are read back from the spool at a time. */
const readBackBytes = 65_536

/** How much a hold may keep, and where. */
export interface HoldRoom {
  /** How far the upstream is read ahead in memory. */
  readonly memoryBytes: number
  /** Where bytes go beyond that; null when there is no such place, so that the upstream waits instead. */
  readonly openSpool: ((onChange: () => void) => SpoolStore) | null
}

/** The bytes that wait in a hold, first in, first out: the oldest in memory, and behind them what no longer found room there, in the spool. */
export class HoldQueue {
  readonly #room: HoldRoom
  readonly #onChange: () => void
  readonly #onLost: () => void
  #chunks: Buffer[] = []
  #head = 0
  #memoryUsedBytes = 0
  #spool: SpoolStore | null = null
  #isReadingBack = false
  #bytes = 0

  /** `onChange` is told when bytes were read back or the spool has room again; `onLost` when spooled bytes can't be read back. */
  constructor(room: HoldRoom, onChange: () => void, onLost: () => void) {
    this.#room = room
    this.#onChange = onChange
    this.#onLost = onLost
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether the upstream may go on. */
  get hasRoom(): boolean {
    return this.#hasMemory || (this.#spool === null ? this.#room.openSpool !== null : this.#spool.hasRoom)
  }

  /** Whether nothing but taking bytes out can make room. */
  get isFull(): boolean {
    return !this.#hasMemory && (this.#spool === null ? this.#room.openSpool === null : this.#spool.isFull)
  }

  /** Adds a chunk at the end; `maySpool` is false where the reader sets the pace and the upstream is about to wait. */
  push(chunk: Buffer, maySpool: boolean): void {
    this.#bytes += chunk.length
    const isTooMuch = this.#memoryUsedBytes > 0 && this.#memoryUsedBytes + chunk.length > this.#room.memoryBytes
    if (isTooMuch && maySpool) this.#spool ??= this.#room.openSpool?.(() => this.#onChange()) ?? null
    // Once something is spooled, all that follows goes behind it.
    if (this.#spool !== null && (isTooMuch || this.#spool.bytes > 0 || this.#isReadingBack)) {
      this.#spool.append(chunk)
      return
    }
    this.#chunks.push(chunk)
    this.#memoryUsedBytes += chunk.length
  }

  /** Takes out the oldest bytes, at most so many; null when there are none in memory: then they are read back, and `onChange` follows. */
  take(maxBytes: number): Buffer | null {
    const chunk = this.#chunks[this.#head]
    if (chunk === undefined) {
      this.#readBack()
      return null
    }
    const taken = chunk.length > maxBytes ? chunk.subarray(0, maxBytes) : chunk
    if (taken === chunk) this.#dropHead()
    else this.#chunks[this.#head] = chunk.subarray(maxBytes)
    this.#memoryUsedBytes -= taken.length
    this.#bytes -= taken.length
    return taken
  }

  /** Frees everything. */
  close(): void {
    this.#chunks = []
    this.#head = 0
    this.#memoryUsedBytes = 0
    this.#bytes = 0
    this.#spool?.close()
    this.#spool = null
  }

  get #hasMemory(): boolean {
    return this.#memoryUsedBytes < this.#room.memoryBytes && (this.#spool === null || this.#spool.bytes === 0)
  }

  #dropHead(): void {
    this.#chunks[this.#head] = empty
    this.#head++
    if (this.#head < this.#chunks.length && this.#head < 1024) return
    this.#chunks = this.#chunks.slice(this.#head)
    this.#head = 0
  }

  #readBack(): void {
    const spool = this.#spool
    if (spool === null || this.#isReadingBack || spool.bytes === 0) return
    this.#isReadingBack = true
    void spool.take(readBackBytes).then((bytes) => {
      this.#isReadingBack = false
      if (this.#spool !== spool) return
      if (bytes === null) {
        this.#onLost()
        return
      }
      this.#chunks.push(bytes)
      this.#memoryUsedBytes += bytes.length
      this.#onChange()
    })
  }
}

const empty = Buffer.alloc(0)
