import type { Direction } from '../contract/messages.ts'
import type { MessageInflater } from './message-inflater.ts'
import type { NewRow } from './message-rows.ts'

/** How far inflating may fall behind. */
const behindLimitBytes = 8_388_608
/** How long the end of an exchange is announced late at most, while the last of its messages are inflated. */
const catchUpLimitMs = 2000

/** A row on its way to the index. */
export interface QueuedRow {
  readonly row: NewRow
  readonly at: number
  readonly isKept: boolean
  /** What is to be inflated; null when nothing is, or can be. */
  readonly compressed: Buffer | null
}

/** Inflates compressed messages beside their way, and hands on all rows in the order in which they came. Nobody waits for it. */
export class MessageQueue {
  readonly #inflaters: Readonly<Record<Direction, MessageInflater>> | null
  readonly #ready: (queued: QueuedRow, inflated: Buffer | null) => void
  #waiting: QueuedRow[] = []
  /** Index of the next that waits, and the compressed bytes of those. */
  #next = 0
  #waitingBytes = 0
  #isRunning = false
  #isOver = false
  #onEmpty: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(inflaters: Readonly<Record<Direction, MessageInflater>> | null, ready: (queued: QueuedRow, inflated: Buffer | null) => void) {
    this.#inflaters = inflaters
    this.#ready = ready
  }

  push(queued: QueuedRow): void {
    if (!this.#isRunning && queued.compressed === null) {
      this.#handOn(queued, null)
      return
    }
    this.#waiting.push(queued)
    this.#waitingBytes += queued.compressed?.length ?? 0
    if (this.#waitingBytes > behindLimitBytes) this.#giveUp()
    if (!this.#isRunning) void this.#run()
  }

  /** Tells when all rows have been handed on, now or soon. */
  end(onEmpty: () => void): void {
    if (!this.#isRunning) {
      onEmpty()
      return
    }
    this.#onEmpty = onEmpty
    this.#timer = setTimeout(() => this.#giveUp(), catchUpLimitMs)
  }

  /** Hands nothing on any more. */
  stop(): void {
    this.#isOver = true
    this.#waiting = []
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let queued = this.#waiting[this.#next]; queued !== undefined; queued = this.#waiting[this.#next]) {
      this.#next++
      this.#waitingBytes -= queued.compressed?.length ?? 0
      // Not shift(): that moves what is left, thousands of messages when inflating is behind.
      if (this.#next >= 1024) this.#dropTaken()
      const { compressed, row } = queued
      const inflater = this.#inflaters?.[row.direction]
      if (compressed === null || inflater === undefined || inflater.isLost) {
        this.#handOn(queued, null)
        continue
      }
      const { bytes, issue } = await inflater.inflate(compressed)
      this.#handOn({ ...queued, row: { ...row, issue } }, bytes)
    }
    this.#dropTaken()
    this.#isRunning = false
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#onEmpty?.()
    this.#onEmpty = null
  }

  #handOn(queued: QueuedRow, inflated: Buffer | null): void {
    if (this.#isOver) return
    const { row } = queued
    const isLeft = row.isCompressed && inflated === null
    this.#ready(isLeft ? { ...queued, row: { ...row, issue: 'not-inflated' } } : queued, inflated)
  }

  /** What waits is not inflated. */
  #giveUp(): void {
    this.#dropTaken()
    for (const { compressed, row } of this.#waiting) if (compressed !== null) this.#inflaters?.[row.direction].skip()
    this.#waiting = this.#waiting.map((queued) => ({ ...queued, compressed: null }))
    this.#waitingBytes = 0
  }

  #dropTaken(): void {
    if (this.#next > 0) this.#waiting = this.#waiting.slice(this.#next)
    this.#next = 0
  }
}
