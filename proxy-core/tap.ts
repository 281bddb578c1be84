import { CaptureShare, type CaptureBudget, type Capturer } from './capture.ts'
import { Column } from './column.ts'
import { unknownCoding } from './content-coding.ts'
import type { DecodeError, RowKind } from './contract/exchange.ts'
import { DecodedBody } from './decoded-body.ts'
import { Departures } from './departures.ts'
import { keptCost, KeptBytes } from './kept-bytes.ts'
import { Pace } from './pace.ts'
import { RowIndex, type RowBounds, type RowType } from './row-index.ts'
import { EventScanner } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'
import { TapDecoder } from './tap-decoder.ts'
import { UnkeptSpan } from './unkept-span.ts'

/** What a tap is told of an encoded body. */
export interface TapOptions {
  /** Its codings, in the order in which they were applied. */
  readonly codings?: readonly string[]
  /** Told when its rows are found, some time after their bytes arrived. */
  readonly onDecoded?: () => void
  /** Whose body it is. */
  readonly owner?: { readonly isPinned: boolean }
}

/**
 * Watches the body of one response go by: keeps the chunks it is given, without copying or changing them, and two logs of when which
 * bytes arrived and left. A row's two clocks are looked up in the logs when somebody asks. No text is decoded here. Of an encoded body
 * a decoded copy is made beside it, in which the rows are found; the clocks stay those of the wire.
 */
export class Tap implements Capturer {
  readonly pace = new Pace()
  /** What came from the wire while capture was stopped. */
  readonly unkept = new UnkeptSpan()
  /** Rows that an EventSource would dispatch, lines, or chunks. */
  events = 0
  firstRowAt: number | null = null
  lastRowAt: number | null = null
  decodeError: DecodeError | null = null
  readonly #budget: CaptureBudget
  readonly #rowKind: RowKind
  readonly #onDecoded: () => void
  readonly #owner: { readonly isPinned: boolean }
  #scanner: EventScanner | LineScanner | null
  #decoder: TapDecoder | null = null
  #decoded: DecodedBody | null = null

  readonly #wire = new KeptBytes()
  /** By chunk: when it arrived. */
  readonly #chunkTimes = new Column()
  readonly #departures = new Departures()
  readonly #rows = new RowIndex()

  readonly #share: CaptureShare
  #arrivingAt = 0
  /** Rows and decoded bytes before the chunk that is being decoded. */
  #rowsBefore = 0
  #bytesBefore = 0

  constructor(rowKind: RowKind, budget: CaptureBudget, { codings = [], onDecoded = () => {}, owner = unpinned }: TapOptions = {}) {
    this.#budget = budget
    this.#share = new CaptureShare(budget, this)
    this.#owner = owner
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
  get leftRows(): number {
    return this.#rows.left
  }
  get forgottenRows(): number {
    return this.#rows.forgotten
  }
  get arrivedBytes(): number {
    return this.#wire.end
  }
  /** Offset of the oldest byte from the wire that is kept. */
  get firstKept(): number {
    return this.#wire.firstKept
  }
  get isPinned(): boolean {
    return this.#owner.isPinned
  }
  /** What the budget counts for it. */
  get usedBytes(): number {
    return this.#share.usedBytes
  }

  /** A chunk came from the upstream. */
  arrived(chunk: Buffer, at: number): void {
    const start = this.#wire.end
    const kept = this.#budget.isKeeping ? chunk : null
    if (kept === null) {
      this.#wire.skip(chunk.length)
      this.unkept.add(chunk.length, at)
    } else {
      this.#wire.push(kept)
    }
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
    this.#keep(kept)
  }

  /** So many further bytes left for the client. */
  left(bytes: number, at: number): void {
    this.#departures.add(bytes, at)
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
    return this.#departures.timeOf(this.#wireEnd(end))
  }

  /** Index of the first row that arrived at or after a time, among those that are kept. */
  firstRowSince(time: number): number {
    const chunk = this.#chunkTimes.indexOfAtLeast(time)
    if (chunk >= this.#chunkTimes.end) return this.rows
    const before = this.#wire.chunkStart(chunk)
    return this.#rows.firstEndingBehind(this.#decoded === null ? before : this.#decoded.startBehind(before))
  }

  /** Whether all bytes from one offset to another of the rows' body are kept. */
  isWhole(from: number, to: number): boolean {
    return (this.#decoded?.kept ?? this.#wire).isWhole(from, to)
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

  /** Forgets what has come so far; what comes is kept again. */
  forgetSoFar(): void {
    this.#drop(Number.POSITIVE_INFINITY)
  }

  /** Gives everything back. */
  forgetAll(): void {
    this.#decoder?.destroy()
    this.#drop(Number.POSITIVE_INFINITY)
  }

  #decode(codings: readonly string[]): void {
    const unknown = unknownCoding(codings)
    if (unknown !== null) {
      this.decodeError = { code: 'unknown-coding', coding: unknown, atByte: 0 }
      this.#scanner = null
      return
    }
    const decoded = new DecodedBody()
    this.#decoded = decoded
    this.#decoder = new TapDecoder(codings, {
      decoded: (bytes, wireEnd, at) => {
        this.#arrivingAt = at
        const kept = this.#pushDecoded(decoded, bytes, wireEnd)
        this.#scanner?.feed(bytes)
        this.#keepDecoded(kept, wireEnd)
      },
      took: (chunk, _wireEnd, at) => {
        this.#arrivingAt = at
        const isRow = this.#rowKind === 'chunk' && decoded.kept.end > this.#bytesBefore
        if (isRow) this.#addRow(this.#bytesBefore, decoded.kept.end, 'chunk')
        this.#tookEncoded(chunk, at, this.#rows.count - this.#rowsBefore)
      },
      passed: (chunk, wireEnd, at) => {
        const start = decoded.kept.end
        const kept = this.#pushDecoded(decoded, chunk, wireEnd)
        this.#arrivingAt = at
        this.#addRow(start, decoded.kept.end, 'chunk')
        this.#keepDecoded(kept, wireEnd)
        this.#tookEncoded(chunk, at, this.#rowKind === 'chunk' ? 1 : 0)
      },
      failed: (error) => {
        this.decodeError = error
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
    const { bytes } = this.#departures
    if (bytes === this.#wire.end) this.#rows.allLeft()
    else this.#rows.leftUpTo(this.#decoded === null ? bytes : this.#decoded.endWithin(bytes))
  }

  #pushDecoded(decoded: DecodedBody, bytes: Buffer, wireEnd: number): Buffer | null {
    if (this.#budget.isKeeping) {
      decoded.push(bytes, wireEnd)
      return bytes
    }
    decoded.skip(bytes.length, wireEnd)
    return null
  }

  #keep(bytes: Buffer | null): void {
    const keptBytes = this.#wire.bytes + (this.#decoded?.kept.bytes ?? 0)
    if (keptBytes > this.#budget.perExchangeBytes) this.forgetOldest(this.#budget.perExchangeBytes / 16)
    this.#share.take(keptCost(bytes))
  }

  #keepDecoded(bytes: Buffer | null, wireEnd: number): void {
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
    this.#share.free(freed, this.#wire.isEmpty && this.#decoded?.kept.isEmpty !== false)
    this.#forgetIndexes()
  }

  #forgetIndexes(): void {
    this.#rows.forgetBefore((this.#decoded?.kept ?? this.#wire).firstKept)
    this.#chunkTimes.forgetBefore(this.#wire.firstChunk)
    this.#departures.forgetBefore(this.#wire.firstKept)
  }

  #addRow(start: number, end: number, type: RowType): void {
    this.#rows.add(start, end, type)
    if (type === this.#rowKind) this.events++
    this.firstRowAt ??= this.#arrivingAt
    this.lastRowAt = this.#arrivingAt
  }
}

const unpinned = { isPinned: false }
