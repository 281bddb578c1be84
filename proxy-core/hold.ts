import type { Decision } from './contract/buffering.ts'
import { HoldQueue, type HoldRoom } from './hold-queue.ts'

/** Where released bytes go. */
export interface HoldSink {
  /** Takes a chunk; never refuses one. */
  write(chunk: Buffer): void
  /** Whether bytes it was given still wait for the client's socket; `Hold.drained` is called when they are gone. */
  readonly isBlocked: boolean
}

/** Who is told what the hold does. All are called synchronously. */
export interface HoldObserver {
  /** So many further bytes were taken by the client's socket. */
  left(bytes: number, at: number): void
  /** Written bytes wait for the client's socket. */
  blocked(at: number): void
  /** Held bytes were released; the oldest of them was held for so long. */
  released(bytes: number, heldMs: number): void
  /** The amount of held bytes changed. */
  heldChanged(heldBytes: number, oldestHeldAt: number | null): void
  /** The upstream should wait, or go on. */
  throttle(isPaused: boolean): void
  /** Everything has left after `finish`. */
  finished(): void
  /** Spooled bytes can't be read back: what was sent can't be continued. */
  lost(): void
}

/** Why nothing more comes. */
type Finish = 'running' | 'finishing' | 'finished' | 'abandoned'

/**
 * Holds the bytes of one response back, or hands them on, as a decision says, which may change at any moment.
 * Whatever happens in between, the sink gets exactly the bytes that were pushed, once and in order.
 */
export class Hold {
  readonly #sink: HoldSink
  readonly #observer: HoldObserver
  readonly #now: () => number
  readonly #room: HoldRoom
  /** What waits here; a response that is handed on as it comes never has one. */
  #queue: HoldQueue | null = null

  #mode: 'off' | 'on' = 'off'
  #holdBytes: number | null = null
  #holdMs: number | null = null

  /** So many of the first bytes in the queue are released but not yet written; the rest is held. */
  #releasedBytes = 0
  /** Bytes that were written but still wait for the socket. */
  #writtenBytes = 0
  #oldestHeldAt: number | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #isPaused = false
  #finish: Finish = 'running'

  constructor(sink: HoldSink, observer: HoldObserver, options: { room: HoldRoom; now: () => number }) {
    this.#sink = sink
    this.#observer = observer
    this.#room = options.room
    this.#now = options.now
  }

  get heldBytes(): number {
    return this.#queuedBytes() - this.#releasedBytes
  }

  get oldestHeldAt(): number | null {
    return this.#oldestHeldAt
  }

  /** Bytes that have not been taken by the client's socket. */
  get pendingBytes(): number {
    return this.#queuedBytes() + this.#writtenBytes
  }

  /** Puts a decision in force, for the bytes that are here too. */
  follow(decision: Decision): void {
    this.#mode = decision.mode
    this.#holdBytes = decision.holdBytes
    this.#holdMs = decision.holdMs
    this.#stopTimer()
    if (this.#mode === 'off') this.release()
    else this.#holdOrRelease()
    this.#balance()
  }

  /** Takes a chunk that has just arrived from the upstream. */
  push(chunk: Buffer, at: number): void {
    if (this.#finish !== 'running' || chunk.length === 0) return
    if (this.#mode === 'off' && this.#queuedBytes() === 0 && !this.#sink.isBlocked) {
      if (!this.#write(chunk)) this.#balance()
      return
    }
    const queue = this.#openQueue()
    queue.push(chunk, this.#mode === 'on')
    if (this.#mode === 'off') {
      this.#releasedBytes = queue.bytes
      this.#pump()
    } else {
      this.#oldestHeldAt ??= at
      this.#holdOrRelease()
    }
    this.#balance()
  }

  /** Releases all that is held now; later bytes are held again. */
  release(): void {
    const held = this.heldBytes
    this.#stopTimer()
    if (held > 0) {
      const heldMs = this.#oldestHeldAt === null ? 0 : this.#now() - this.#oldestHeldAt
      this.#releasedBytes = this.#queuedBytes()
      this.#oldestHeldAt = null
      this.#observer.released(held, heldMs)
      this.#observer.heldChanged(0, null)
    }
    this.#pump()
  }

  /** Nothing more comes: all goes out, and `finished` is told when it has left. */
  finish(): void {
    if (this.#finish !== 'running') return
    this.#finish = 'finishing'
    this.release()
    this.#settle()
  }

  /** The sink has been emptied into the client's socket. */
  drained(): void {
    if (this.#finish === 'abandoned') return
    if (this.#writtenBytes > 0) {
      const bytes = this.#writtenBytes
      this.#writtenBytes = 0
      this.#observer.left(bytes, this.#now())
    }
    this.#queueChanged()
  }

  /** The client is gone: everything is freed. */
  abandon(): void {
    this.#stopTimer()
    const held = this.heldBytes
    this.#finish = 'abandoned'
    this.#queue?.close()
    this.#releasedBytes = 0
    this.#writtenBytes = 0
    this.#oldestHeldAt = null
    if (held > 0) this.#observer.heldChanged(0, null)
  }

  // Not a private getter: each read of one is a call into the runtime.
  #queuedBytes(): number {
    return this.#queue === null ? 0 : this.#queue.bytes
  }

  #openQueue(): HoldQueue {
    return (this.#queue ??= new HoldQueue(
      this.#room,
      () => this.#queueChanged(),
      () => this.#observer.lost(),
    ))
  }

  #holdOrRelease(): void {
    const held = this.heldBytes
    if (held === 0) return
    const isFull = this.#holdBytes !== null && held >= this.#holdBytes
    // Without this a hold that fills the memory would wait for the end, and the end for room.
    const isOutOfRoom = this.#openQueue().isFull && this.#releasedBytes === 0
    const restMs = this.#holdMs === null || this.#oldestHeldAt === null ? null : this.#oldestHeldAt + this.#holdMs - this.#now()
    if (isFull || isOutOfRoom || (restMs !== null && restMs <= 0)) {
      this.release()
      return
    }
    if (restMs !== null && this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.release()
        this.#balance()
      }, restMs)
    }
    this.#observer.heldChanged(held, this.#oldestHeldAt)
  }

  #stopTimer(): void {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
  }

  #queueChanged(): void {
    if (this.#finish === 'abandoned') return
    this.#pump()
    if (this.#mode === 'on') this.#holdOrRelease()
    this.#balance()
    this.#settle()
  }

  /** Writes what is released for as long as the socket takes it. */
  #pump(): void {
    while (this.#releasedBytes > 0 && !this.#sink.isBlocked) {
      const chunk = this.#openQueue().take(this.#releasedBytes)
      if (chunk === null) return
      this.#releasedBytes -= chunk.length
      this.#write(chunk)
    }
  }

  /** Returns whether the client's socket took it at once. */
  #write(chunk: Buffer): boolean {
    this.#sink.write(chunk)
    const at = this.#now()
    if (!this.#sink.isBlocked) {
      this.#observer.left(chunk.length, at)
      return true
    }
    this.#writtenBytes += chunk.length
    this.#observer.blocked(at)
    return false
  }

  /** Off: the client's pace is the upstream's. On: the upstream is read ahead as far as there is room. */
  #balance(): void {
    if (this.#finish !== 'running') return
    const isPaused = this.#mode === 'off' ? this.#sink.isBlocked || this.#queuedBytes() > 0 : !this.#openQueue().hasRoom
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    this.#observer.throttle(isPaused)
  }

  #settle(): void {
    if (this.#finish !== 'finishing' || this.pendingBytes > 0 || this.#sink.isBlocked) return
    this.#finish = 'finished'
    this.#queue?.close()
    this.#observer.finished()
  }
}
