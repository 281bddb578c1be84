import { randomBytes } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes that wait for the disk before the upstream has to. */
const pendingLimitBytes = 1_048_576

/** A first-in-first-out store of bytes beyond what memory should keep. */
export interface SpoolStore {
  /** Bytes that are in here. */
  readonly bytes: number
  /** Whether more can be put in without growing in memory: false while it is full, while the disk is slow, and for good once it has failed. */
  readonly hasRoom: boolean
  /** Whether only taking bytes out can help, if anything. */
  readonly isFull: boolean
  append(chunk: Buffer): void
  /** Takes the oldest bytes out, at least one and at most `maxBytes`; null when they can't be read. */
  take(maxBytes: number): Promise<Buffer | null>
  close(): void
}

/**
 * Keeps bytes in a temporary file of its own. A byte that could not be written stays in memory, so that a full disk costs none; `hasRoom`
 * is false from then on. The file has no name any more once it is open, where the system allows it, so that not even a crash leaves it behind.
 */
export class Spool implements SpoolStore {
  readonly #limitBytes: number
  readonly #onChange: () => void
  readonly #onFailed: (error: Error) => void
  #file: Promise<FileHandle> | null = null
  #path: string | null = null
  #readAt = 0
  #writtenAt = 0
  /** Not on disk yet, oldest first; the first `#writing` of them are on their way. */
  #pending: Buffer[] = []
  #pendingBytes = 0
  #writing: Promise<void> | null = null
  #error: Error | null = null
  #isClosed = false

  /** `onChange` is told when there is room again, or when there never will be; then `onFailed` is told why. */
  constructor(limitBytes: number, onChange: () => void, onFailed: (error: Error) => void = () => undefined) {
    this.#limitBytes = limitBytes
    this.#onChange = onChange
    this.#onFailed = onFailed
  }

  get bytes(): number {
    return this.#writtenAt - this.#readAt + this.#pendingBytes
  }

  get hasRoom(): boolean {
    return !this.isFull && this.#pendingBytes < pendingLimitBytes
  }

  get isFull(): boolean {
    return this.#error !== null || this.bytes >= this.#limitBytes
  }

  /** Why nothing more can be spooled, or null. */
  get error(): Error | null {
    return this.#error
  }

  append(chunk: Buffer): void {
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    this.#write()
  }

  async take(maxBytes: number): Promise<Buffer | null> {
    if (this.#readAt < this.#writtenAt) return this.#readBack(Math.min(maxBytes, this.#writtenAt - this.#readAt))
    if (this.#writing !== null) {
      await this.#writing
      return this.take(maxBytes)
    }
    const chunk = this.#pending.shift()
    if (chunk === undefined) return null
    const taken = chunk.subarray(0, maxBytes)
    if (taken.length < chunk.length) this.#pending.unshift(chunk.subarray(maxBytes))
    this.#pendingBytes -= taken.length
    return taken
  }

  close(): void {
    this.#isClosed = true
    this.#pending = []
    this.#pendingBytes = 0
    const path = this.#path
    void this.#file
      ?.then((file) => file.close())
      .catch(() => undefined)
      .then(() => (path === null ? undefined : rm(path, { force: true })))
      .catch(() => undefined)
  }

  #write(): void {
    if (this.#writing !== null || this.#error !== null || this.#isClosed || this.#pending.length === 0) return
    const batch = this.#pending
    this.#pending = []
    this.#writing = this.#writeBatch(batch).then(() => {
      this.#writing = null
      if (this.#isClosed) return
      this.#onChange()
      this.#write()
    })
  }

  async #writeBatch(batch: Buffer[]): Promise<void> {
    const bytes = batch.length === 1 ? (batch[0] as Buffer) : Buffer.concat(batch)
    let done = 0
    try {
      this.#file ??= this.#create()
      const file = await this.#file
      // The file starts anew whenever all of it was read, so that a long stream does not grow it without end.
      if (this.#readAt === this.#writtenAt && this.#readAt > 0) {
        await file.truncate(0)
        this.#readAt = 0
        this.#writtenAt = 0
      }
      while (done < bytes.length) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#writtenAt + done)
        done += bytesWritten
      }
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error))
      if (!this.#isClosed) this.#onFailed(this.#error)
    }
    if (this.#isClosed) return
    this.#writtenAt += done
    this.#pendingBytes -= done
    if (done < bytes.length) this.#pending.unshift(bytes.subarray(done))
  }

  async #readBack(length: number): Promise<Buffer | null> {
    try {
      const file = await (this.#file as Promise<FileHandle>)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, this.#readAt)
      if (this.#isClosed || bytesRead === 0) return null
      this.#readAt += bytesRead
      return buffer.subarray(0, bytesRead)
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error))
      return null
    }
  }

  async #create(): Promise<FileHandle> {
    const path = join(tmpdir(), `sluice-spool-${process.pid}-${randomBytes(8).toString('hex')}`)
    const file = await open(path, 'wx+', 0o600)
    // Windows may refuse while it is open; then it goes when it is closed.
    await rm(path).catch(() => (this.#path = path))
    return file
  }
}
