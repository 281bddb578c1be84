import type { CaptureBudget, Capturer } from './capture.ts'
import { Column } from './column.ts'
import { unknownCoding } from './content-coding.ts'
import type { DecodeError, RowKind } from './contract/exchange.ts'
import { DecodedBody } from './decoded-body.ts'
import { keptCost, KeptBytes } from './kept-bytes.ts'
import { Pace } from './pace.ts'
import { RowIndex, type RowBounds, type RowType } from './row-index.ts'
import { EventScanner } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'
import { TapDecoder } from './tap-decoder.ts'

/** Departures closer than this share one entry: a burst of writes in one turn of the loop is one moment. */
const sameMomentMs = 0.05

/** What a tap is told of an encoded body. */
export interface TapOptions {
  /** Its codings, in the order in which they were applied. */
  readonly codings?: readonly string[]
  /** Told when its rows are found, some time after their bytes arrived. */
  readonly onDecoded?: () => void
}

/**
 * Watches the body of one response go by: keeps the chunks it is given, without copying or changing them, and two logs of when which
 * bytes arrived and left. A row's two clocks are looked up in the logs when somebody asks. No text is decoded here. Of an encoded body
 * a decoded copy is made beside it, in which the rows are found; the clocks stay those of the wire.
 */
export class Tap implements Capturer {
  readonly pace = new Pace()
  readonly #budget: CaptureBudget
  readonly #rowKind: RowKind
  readonly #onDecoded: () => void
  #scanner: EventScanner | LineScanner | null
  #decoder: TapDecoder | null = null
  #decoded: DecodedBody | null = null
  #decodeError: DecodeError | null = null

  readonly #wire = new KeptBytes()
  /** By chunk: when it arrived. */
  readonly #chunkTimes = new Column()
  /** By departure: the offset up to which bytes had left, and when. */
  readonly #leftEnds = new Column()
  readonly #leftTimes = new Column()
  readonly #rows = new RowIndex()

  #leftBytes = 0
  #lastLeftAt = Number.NEGATIVE_INFINITY
  /** The budget knows that something is kept here. */
  #isListed = false
  #events = 0
  #firstRowAt: number | null = null
  #lastRowAt: number | null = null
  #arrivingAt = 0
  /** Rows and decoded bytes before the chunk that is being decoded. */
  #rowsBefore = 0
  #bytesBefore = 0

  constructor(rowKind: RowKind, budget: CaptureBudget, { codings = [], onDecoded = () => {} }: TapOptions = {}) {
    this.#budget = budget
    this.#rowKind = rowKind
    this.#onDecoded = onDecoded
    if (rowKind === 'event') this.#scanner = new EventScanner((start, end, type) => this.#addRow(start, end, type))
    else if (rowKind === 'line') this.#scanner = new LineScanner((start, end) => this.#addRow(start, end, 'line'))
    else this.#scanner = null
    if (codings.length > 0) this.#decode(codings)
  }

  get rows(): number {
    return this.#rows.count
  }
  /** Rows that an EventSource would dispatch, lines, or chunks. */
  get events(): number {
    return this.#events
  }
  get leftRows(): number {
    return this.#rows.left
  }
  get forgottenRows(): number {
    return this.#rows.forgotten
  }
  get firstRowAt(): number | null {
    return this.#firstRowAt
  }
  get lastRowAt(): number | null {
    return this.#lastRowAt
  }
  get arrivedBytes(): number {
    return this.#wire.end
  }
  /** Offset of the oldest byte from the wire that is kept. */
  get firstKept(): number {
    return this.#wire.firstKept
  }
  get decodeError(): DecodeError | null {
    return this.#decodeError
  }

  /** A chunk came from the upstream. */
  arrived(chunk: Buffer, at: number): void {
    const start = this.#wire.end
    this.#wire.push(chunk)
    this.#chunkTimes.push(at)
    if (this.#decoder !== null) {
      this.#decoder.push(chunk, at)
    } else {
      const rowsBefore = this.#rows.count
      this.#arrivingAt = at
      if (this.#scanner === null) this.#addRow(start, start + chunk.length, 'chunk')
      else this.#scanner.feed(chunk)
      this.pace.took(chunk.length, this.#rows.count - rowsBefore, this.#isInsideRow, at)
    }
    this.#keep(chunk)
  }

  /** So many further bytes left for the client. */
  left(bytes: number, at: number): void {
    this.#leftBytes += bytes
    if (at - this.#lastLeftAt < sameMomentMs) {
      this.#leftEnds.setLast(this.#leftBytes)
    } else {
      this.#leftEnds.push(this.#leftBytes)
      this.#leftTimes.push(at)
      this.#lastLeftAt = at
    }
    this.#countLeft()
  }

  /**
   * The body is over, as a whole or cut; a last line without its line end is a row.
   * `onSettled` is told when its last rows are found: at once, unless they are still being decoded.
   */
  ended(isWhole: boolean, onSettled: () => void): void {
    const settle = (): void => {
      if (this.#scanner instanceof LineScanner) this.#scanner.flush()
      this.#countLeft()
      onSettled()
    }
    if (this.#decoder === null) settle()
    else this.#decoder.end(isWhole, settle)
  }

  /** The bounds of a row that is kept. */
  row(index: number): RowBounds | null {
    return this.#rows.bounds(index)
  }

  /** When the byte before an offset in the rows' body came from the upstream; of a decoded one, the last byte that it needed. */
  arrivedAt(end: number): number {
    return this.#chunkTimes.at(this.#wire.chunkAt(this.#wireEnd(end)))
  }

  /** When that byte left; null while it is here. */
  leftAt(end: number): number | null {
    const wireEnd = this.#wireEnd(end)
    if (wireEnd > this.#leftBytes) return null
    return this.#leftTimes.at(this.#leftEnds.indexOfAtLeast(wireEnd))
  }

  /** Index of the first row that arrived at or after a time, among those that are kept. */
  firstRowSince(time: number): number {
    const chunk = this.#chunkTimes.indexOfAtLeast(time)
    if (chunk >= this.#chunkTimes.end) return this.rows
    const before = this.#wire.chunkStart(chunk)
    return this.#rows.firstEndingBehind(this.#decoded === null ? before : this.#decoded.startBehind(before))
  }

  /** The kept bytes of the body that the rows lie in, from one offset to another, copied together. */
  read(from: number, to: number): Buffer {
    return (this.#decoded?.kept ?? this.#wire).read(from, to)
  }

  /** The kept bytes as they came, from one offset to another, copied together. */
  readWire(from: number, to: number): Buffer {
    return this.#wire.read(from, to)
  }

  forgetOldest(bytes: number): void {
    const before = this.forgottenRows
    this.#drop(bytes)
    this.#budget.forgot(this.forgottenRows - before)
  }

  /** Gives everything back. */
  forgetAll(): void {
    this.#decoder?.destroy()
    this.#drop(Number.POSITIVE_INFINITY)
  }

  #decode(codings: readonly string[]): void {
    const unknown = unknownCoding(codings)
    if (unknown !== null) {
      this.#decodeError = { code: 'unknown-coding', coding: unknown, atByte: 0 }
      this.#scanner = null
      return
    }
    const decoded = new DecodedBody()
    this.#decoded = decoded
    this.#decoder = new TapDecoder(codings, {
      decoded: (bytes, wireEnd, at) => {
        decoded.push(bytes, wireEnd)
        this.#arrivingAt = at
        this.#scanner?.feed(bytes)
        this.#keepDecoded(bytes, wireEnd)
      },
      took: (chunk, _wireEnd, at) => {
        this.#arrivingAt = at
        const isRow = this.#rowKind === 'chunk' && decoded.kept.end > this.#bytesBefore
        if (isRow) this.#addRow(this.#bytesBefore, decoded.kept.end, 'chunk')
        this.#tookEncoded(chunk, at, this.#rows.count - this.#rowsBefore)
      },
      passed: (chunk, wireEnd, at) => {
        const start = decoded.kept.end
        decoded.push(chunk, wireEnd)
        this.#arrivingAt = at
        this.#addRow(start, decoded.kept.end, 'chunk')
        this.#keepDecoded(chunk, wireEnd)
        this.#tookEncoded(chunk, at, this.#rowKind === 'chunk' ? 1 : 0)
      },
      failed: (error) => {
        this.#decodeError = error
        if (this.#scanner instanceof LineScanner) this.#scanner.flush()
        this.#scanner = null
        this.#onDecoded()
      },
    })
  }

  #tookEncoded(chunk: Buffer, at: number, rows: number): void {
    this.#rowsBefore = this.#rows.count
    this.#bytesBefore = this.#decoded?.kept.end ?? 0
    this.pace.took(chunk.length, rows, this.#isInsideRow, at)
    this.#countLeft()
    this.#onDecoded()
  }

  get #isInsideRow(): boolean {
    return this.#scanner !== null && this.#scanner.pendingStart !== this.#scanner.position
  }

  #wireEnd(end: number): number {
    return this.#decoded === null ? end : this.#decoded.wireEnd(end)
  }

  #countLeft(): void {
    if (this.#leftBytes === this.#wire.end) this.#rows.allLeft()
    else this.#rows.leftUpTo(this.#decoded === null ? this.#leftBytes : this.#decoded.endWithin(this.#leftBytes))
  }

  #keep(bytes: Buffer): void {
    const keptBytes = this.#wire.bytes + (this.#decoded?.kept.bytes ?? 0)
    if (keptBytes > this.#budget.perExchangeBytes) this.forgetOldest(this.#budget.perExchangeBytes / 16)
    if (!this.#isListed) {
      this.#isListed = true
      this.#budget.add(this)
    }
    this.#budget.take(keptCost(bytes))
  }

  #keepDecoded(bytes: Buffer, wireEnd: number): void {
    this.#keep(bytes)
    // While it was being decoded, what it was decoded from was forgotten, and its clocks with it.
    if (wireEnd <= this.#wire.firstKept) this.forgetOldest(0)
  }

  #drop(bytes: number): void {
    // What was decoded from a chunk goes with it, and is the larger part.
    const wireBytes = this.#wire.bytes
    const wireShare = wireBytes === 0 ? 1 : wireBytes / (wireBytes + (this.#decoded?.kept.bytes ?? 0))
    let freed = this.#wire.dropBytes(bytes * wireShare)
    if (this.#decoded !== null) freed += this.#decoded.dropWithin(this.#wire.firstKept)
    this.#budget.free(freed)
    if (this.#wire.isEmpty && this.#decoded?.kept.isEmpty !== false) {
      this.#isListed = false
      this.#budget.remove(this)
    }
    this.#forgetIndexes()
  }

  #forgetIndexes(): void {
    this.#rows.forgetBefore((this.#decoded?.kept ?? this.#wire).firstKept)
    this.#chunkTimes.forgetBefore(this.#wire.firstChunk)
    const departure = Math.min(this.#leftEnds.indexOfAtLeast(this.#wire.firstKept + 1), this.#leftEnds.end - 1)
    this.#leftEnds.forgetBefore(departure)
    this.#leftTimes.forgetBefore(departure)
  }

  #addRow(start: number, end: number, type: RowType): void {
    this.#rows.add(start, end, type)
    if (type === this.#rowKind) this.#events++
    this.#firstRowAt ??= this.#arrivingAt
    this.#lastRowAt = this.#arrivingAt
  }
}
