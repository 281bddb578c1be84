import { contentCodings } from './content-coding.ts'
import { GatewayError } from './contract/errors.ts'
import type { RowKind } from './contract/exchange.ts'
import { faultRoomBytes, type FaultHit, type Faults } from './contract/faults.ts'
import { isLineType } from './decision.ts'
import { FaultLimits, type FaultStop } from './fault-limits.ts'

/** Who takes what a fault stage hands on, and is told what it does. All are called synchronously. */
export interface FaultStageOptions {
  readonly faults: Faults
  /** What `…AfterEvents` counts. */
  readonly rowKind: RowKind
  now(): number
  push(chunk: Buffer, at: number): void
  /** All has been handed on after `finish`. */
  finished(): void
  /** The client's connection is to be cut behind what was handed on; the stage is over. */
  cut(error: GatewayError): void
  /** The upstream should wait, or go on. */
  throttle(isPaused: boolean): void
  hit(hit: FaultHit): void
  /** So many bytes are kept here now. */
  keeps(bytes: number): void
}

/** Bytes that came together, and when they may go on. */
interface Piece {
  readonly chunk: Buffer
  readonly at: number
  readonly dueAt: number
}

/**
 * Stands before the hold of a route with faults on purpose: makes bytes late, joins or splits them, stops or cuts them.
 * What goes on is exactly what came, in order, as far as it goes on.
 */
export class FaultStage {
  readonly #options: FaultStageOptions
  readonly #limits: FaultLimits
  #faults: Faults
  #pieces: Piece[] = []
  /** The first so many pieces have gone on, and of the others those before `#dueEnd` may. */
  #head = 0
  #dueEnd = 0
  #dueBytes = 0
  #keptBytes = 0
  #toldBytes = 0
  #lastDueAt = 0
  /** What goes on next, perhaps in parts. */
  #batch: { readonly chunk: Buffer; readonly at: number } | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #turn: ReturnType<typeof setImmediate> | null = null
  #isPaused = false
  #isStalled = false
  #isFinishing = false
  #isOver = false
  readonly #told = new Set<string>()

  constructor(options: FaultStageOptions) {
    this.#options = options
    this.#faults = options.faults
    this.#limits = new FaultLimits(options.rowKind)
  }

  /** Whether nothing is to reach the client. */
  get isStalled(): boolean {
    return this.#isStalled
  }

  /** Puts other faults in force, for the bytes that are here too; a delay that has begun goes on. */
  follow(faults: Faults): void {
    this.#faults = faults
    this.#isStalled = false
    const stop = this.#limits.stopIn(empty, faults)
    if (stop) this.#stop(stop)
    this.#pump()
    this.#balance()
  }

  push(chunk: Buffer, at: number): void {
    if (this.#isOver || this.#isFinishing || chunk.length === 0) return
    const { delayMs, jitterMs } = this.#faults
    if (delayMs + jitterMs > 0) this.#tell({ type: 'delayed', delayMs, jitterMs })
    this.#lastDueAt = Math.max(this.#lastDueAt, at + delayMs + Math.random() * jitterMs)
    this.#pieces.push({ chunk, at, dueAt: this.#lastDueAt })
    this.#keptBytes += chunk.length
    this.#pump()
    this.#balance()
  }

  /** Nothing more comes: the rest goes on in its time, then `finished` is told. */
  finish(): void {
    this.#isFinishing = true
    this.#pump()
  }

  /** Faults are switched off: all that is here goes on at once. */
  leave(): void {
    const options = this.#options
    this.#end()
    if (this.#batch) options.push(this.#batch.chunk, this.#batch.at)
    for (const { chunk, at } of this.#pieces.slice(this.#head)) options.push(chunk, at)
    this.#free()
    this.#balance()
    if (this.#isFinishing) options.finished()
  }

  /** The client is gone: everything is freed. */
  abandon(): void {
    this.#end()
    this.#free()
    this.#tellKept()
  }

  #pump(): void {
    this.#stopTimer()
    while (!this.#isOver && !this.#isStalled && this.#turn === null) {
      this.#batch ??= this.#nextBatch()
      if (this.#batch === null) break
      this.#handOn(this.#batch)
      if (this.#batch !== null && !this.#isOver && !this.#isStalled) {
        // In a turn of its own, so that it is a piece of its own to the client too.
        this.#turn = setImmediate(() => {
          this.#turn = null
          this.#pump()
          this.#balance()
        })
      }
    }
    if (this.#isOver || this.#isStalled || this.#batch !== null) return
    const next = this.#pieces[this.#dueEnd]
    if (next) this.#timer = setTimeout(() => (this.#pump(), this.#balance()), Math.max(1, next.dueAt - this.#options.now()))
    else if (this.#isFinishing && this.#keptBytes === 0) {
      this.#tellKept()
      this.#end()
      this.#options.finished()
    }
  }

  /** What may go on now: one piece as it came, or all that are to go together. */
  #nextBatch(): { readonly chunk: Buffer; readonly at: number } | null {
    const at = this.#options.now()
    for (let piece = this.#pieces[this.#dueEnd]; piece && piece.dueAt <= at; piece = this.#pieces[this.#dueEnd]) {
      this.#dueEnd++
      this.#dueBytes += piece.chunk.length
    }
    const first = this.#pieces[this.#head]
    if (first === undefined || this.#dueBytes === 0) return null
    const { mergeBytes } = this.#faults
    if (mergeBytes === null) {
      this.#drop(this.#head + 1, first.chunk.length)
      return first
    }
    const isLast = this.#isFinishing && this.#dueEnd === this.#pieces.length
    if (this.#dueBytes < mergeBytes && !isLast) return null
    const joined = this.#pieces.slice(this.#head, this.#dueEnd)
    if (joined.length > 1) this.#tell({ type: 'merged', bytes: mergeBytes })
    this.#drop(this.#dueEnd, this.#dueBytes)
    return { chunk: joined.length === 1 ? first.chunk : Buffer.concat(joined.map(({ chunk }) => chunk)), at: first.at }
  }

  #drop(head: number, bytes: number): void {
    this.#head = head
    this.#dueBytes -= bytes
    if (this.#head < this.#pieces.length && this.#head < 1024) return
    this.#pieces = this.#pieces.slice(this.#head)
    this.#dueEnd -= this.#head
    this.#head = 0
  }

  /** Hands on the start of a batch, as far as it may go now; the rest stays. */
  #handOn({ chunk, at }: { readonly chunk: Buffer; readonly at: number }): void {
    const { splitBytes } = this.#faults
    const isSplit = splitBytes !== null && chunk.length > splitBytes
    if (isSplit) this.#tell({ type: 'split', bytes: splitBytes })
    const piece = isSplit ? chunk.subarray(0, splitBytes) : chunk
    const stop = this.#limits.stopIn(piece, this.#faults)
    const bytes = stop?.bytes ?? piece.length
    this.#limits.passed(bytes)
    this.#keptBytes -= bytes
    this.#batch = bytes === chunk.length ? null : { chunk: chunk.subarray(bytes), at }
    if (bytes > 0) this.#options.push(piece.subarray(0, bytes), at)
    if (stop) this.#stop(stop)
  }

  #stop({ type }: FaultStop): void {
    const { cutAfterBytes, cutAfterEvents, stallAfterEvents } = this.#faults
    if (type === 'stall') {
      this.#isStalled = true
      this.#tell({ type: 'stalled', events: stallAfterEvents ?? 0 })
      return
    }
    const [after, unit] = type === 'cut by bytes' ? [cutAfterBytes ?? 0, 'bytes' as const] : [cutAfterEvents ?? 0, 'events' as const]
    this.abandon()
    this.#tell({ type: 'cut', after, unit })
    const many = after === 1 ? unit.slice(0, -1) : unit
    this.#options.cut(new GatewayError('fault-on-purpose', `Fault on purpose: the connection was cut after ${after} ${many}.`))
  }

  #balance(): void {
    this.#tellKept()
    const isPaused = !this.#isOver && this.#keptBytes > faultRoomBytes
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) this.#tell({ type: 'filled', roomBytes: faultRoomBytes })
    this.#options.throttle(isPaused)
  }

  #tellKept(): void {
    if (this.#keptBytes === this.#toldBytes) return
    this.#toldBytes = this.#keptBytes
    this.#options.keeps(this.#keptBytes)
  }

  #tell(hit: FaultHit): void {
    const key = JSON.stringify(hit)
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#options.hit(hit)
  }

  #end(): void {
    this.#isOver = true
    this.#stopTimer()
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
  }

  #free(): void {
    this.#pieces = []
    this.#head = 0
    this.#batch = null
    this.#keptBytes = 0
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

/** What counts as an event of a body: in an encoded one nothing but the pieces can be told apart. */
export function countedRows(mediaType: string, receivedFields: readonly string[]): RowKind {
  if (contentCodings(receivedFields).length > 0) return 'chunk'
  return mediaType === 'text/event-stream' ? 'event' : isLineType(mediaType) ? 'line' : 'chunk'
}

const empty = Buffer.alloc(0)
