import { CaptureShare, type CaptureBudget, type Capturer } from './capture.ts'
import { unknownCoding } from './content-coding.ts'
import type { DecodeError, RowKind } from './contract/exchange.ts'
import { DecodedBody } from './decoded-body.ts'
import type { PackedBody, RecordedBody } from './exchange-record.ts'
import type { KeptBytes } from './kept-bytes.ts'
import { Pace } from './pace.ts'
import { RecordedDecoder } from './recorded-decoder.ts'
import { RowIndex, type RowBounds, type RowType } from './row-index.ts'
import { createScanner } from './row-scanner.ts'
import type { EventScanner } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'
import { TapDecoder, type DecoderSink } from './tap-decoder.ts'
import { unpinned, type TapOptions } from './tap-options.ts'
import { UnkeptSpan } from './unkept-span.ts'
import { WireBody } from './wire-body.ts'

/**
 * Watches the body of one response go by: keeps the chunks it is given, without changing them, and two logs of when which
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
  /** Where the event lies that the body ended in the middle of. */
  pending: { readonly start: number; readonly end: number } | null = null
  readonly #budget: CaptureBudget
  readonly #rowKind: RowKind
  readonly #onDecoded: () => void
  readonly #owner: { readonly isPinned: boolean }
  #scanner: EventScanner | LineScanner | null
  #decoder: TapDecoder | RecordedDecoder | null = null
  #decoded: DecodedBody | null = null
  readonly #codings: readonly string[]
  readonly #keeping: { readonly isKeeping: boolean }
  readonly #wire: WireBody
  readonly #rows: RowIndex
  readonly #share: CaptureShare
  #arrivingAt = 0
  /** Rows and decoded bytes before the chunk that is being decoded. */
  #rowsBefore = 0
  #bytesBefore = 0

  constructor(rowKind: RowKind, budget: CaptureBudget, options: TapOptions = {}) {
    const { codings = [], onDecoded = () => {}, owner = unpinned, recorded = null } = options
    const body = recorded?.body ?? null
    this.#budget = budget
    this.#share = new CaptureShare(budget, this)
    this.#owner = owner
    this.#rowKind = rowKind
    this.#onDecoded = onDecoded
    this.#codings = codings
    this.#keeping = recorded?.keeping ?? budget
    this.#wire = new WireBody(body?.from, body !== null)
    this.#rows = new RowIndex(body?.firstRow, body?.rows)
    this.events = this.#rows.countOf(rowKind)
    const start = { position: body?.decoded?.from ?? body?.from ?? 0, firstRow: body?.rowsFrom ?? 0 }
    this.#scanner = createScanner(rowKind, start, (from, end, type) => this.#addRow(from, end, type))
    if (codings.length > 0) this.#decode(recorded)
  }

  get rows(): number {
    return this.#rows.count
  }
  get leftRows(): number {
    return this.#rows.left
  }
  get settledRows(): number {
    return this.#rows.left
  }
  get forgottenRows(): number {
    return this.#rows.forgotten
  }
  get arrivedBytes(): number {
    return this.#wire.kept.end
  }
  /** Offset of the oldest byte from the wire that is kept. */
  get firstKept(): number {
    return this.#wire.kept.firstKept
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
    const start = this.#wire.kept.end
    const isKept = this.#keeping.isKeeping
    const cost = this.#wire.take(chunk, at, isKept)
    if (!isKept) this.unkept.add(chunk.length, at)
    if (this.#decoder !== null) {
      this.#decoder.push(chunk, at)
    } else {
      const rowsBefore = this.#rows.count
      this.#arrivingAt = at
      if (this.#scanner === null) this.#addRow(start, start + chunk.length, 'chunk')
      else this.#scanner.feed(chunk)
      this.pace.took(chunk.length, this.#rows.count - rowsBefore, this.#scanner?.isInsideRow === true, at)
    }
    this.#keep(cost)
  }

  /** So many further bytes left for the client. */
  left(bytes: number, at: number): void {
    this.#wire.departures.add(bytes, at)
    this.#countLeft()
  }

  /**
   * The body is over, as a whole or cut; a last line without its line end is a row.
   * `onSettled` is told when its last rows are found: at once, unless they are still being decoded.
   */
  ended(isWhole: boolean, onSettled: () => void): void {
    const settle = (): void => {
      if (this.#scanner instanceof LineScanner) this.#scanner.flush()
      else if (this.#scanner?.isInsideRow) this.pending = { start: this.#scanner.pendingStart, end: this.#scanner.position }
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
    return this.#wire.arrivedAt(this.#wireEnd(end))
  }

  /** When that byte left; null while it is here. */
  leftAt(end: number): number | null {
    return this.#wire.departures.timeOf(this.#wireEnd(end))
  }

  /** Index of the first row that arrived at or after a time, among those that are kept. */
  firstRowSince(time: number): number {
    const before = this.#wire.startSince(time)
    if (before === null) return this.rows
    return this.#rows.firstEndingBehind(this.#decoded === null ? before : this.#decoded.startBehind(before))
  }

  /** Whether all bytes from one offset to another of the rows' body are kept. */
  isWhole(from: number, to: number): boolean {
    return this.#body.isWhole(from, to)
  }

  /** The kept bytes of the body that the rows lie in, from one offset to another, copied together. */
  read(from: number, to: number): Buffer {
    return this.#body.read(from, to)
  }

  /** The kept bytes as they came, from one offset to another, copied together. */
  readWire(from: number, to: number): Buffer {
    return this.#wire.kept.read(from, to)
  }

  /** What is kept here as plain data; `isEnded` says that nothing follows. */
  packed(isEnded: boolean): PackedBody {
    const body = this.#body
    const hasSkipped = this.#wire.kept.hasSkipped || body.hasSkipped
    return {
      rowKind: this.#rowKind,
      codings: this.#codings,
      ...this.#wire.packed(),
      ...(hasSkipped ? this.#rows.record() : this.#rows.firstWhole(body, this.#scanner?.pendingStart ?? body.end)),
      decoded: this.#decoded?.packed() ?? null,
      decodeError: this.decodeError,
      isEnded,
    }
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

  #decode(recorded: RecordedBody | null): void {
    const unknown = recorded === null ? unknownCoding(this.#codings) : null
    const record = recorded?.body.decoded
    if (unknown !== null || record === null) {
      this.decodeError = recorded?.body.decodeError ?? { code: 'unknown-coding', coding: unknown ?? '', atByte: 0 }
      this.#scanner = null
      return
    }
    const decoded = new DecodedBody(record?.from)
    this.#bytesBefore = decoded.kept.end
    this.#rowsBefore = this.#rows.count
    this.#decoded = decoded
    const sink: DecoderSink = {
      decoded: (bytes, wireEnd, at) => {
        this.#arrivingAt = at
        const cost = decoded.take(bytes, wireEnd, this.#keeping.isKeeping)
        this.#scanner?.feed(bytes)
        this.#keepDecoded(cost, wireEnd)
      },
      took: (chunk, _wireEnd, at) => {
        this.#arrivingAt = at
        if (this.#rowKind === 'chunk' && decoded.kept.end > this.#bytesBefore) this.#addRow(this.#bytesBefore, decoded.kept.end, 'chunk')
        this.#tookEncoded(chunk, at, this.#rows.count - this.#rowsBefore)
      },
      passed: (chunk, wireEnd, at) => {
        const start = decoded.kept.end
        const cost = decoded.pass(chunk, wireEnd, this.#keeping.isKeeping)
        this.#arrivingAt = at
        this.#addRow(start, decoded.kept.end, 'chunk')
        this.#keepDecoded(cost, wireEnd)
        this.#tookEncoded(chunk, at, this.#rowKind === 'chunk' ? 1 : 0)
      },
      failed: (error) => {
        this.decodeError = error
        if (this.#scanner instanceof LineScanner) this.#scanner.flush()
        this.#scanner = null
        this.#onDecoded()
      },
    }
    this.#decoder = recorded === null ? new TapDecoder(this.#codings, sink) : new RecordedDecoder(recorded, sink)
  }

  #tookEncoded(chunk: Buffer, at: number, rows: number): void {
    this.#rowsBefore = this.#rows.count
    this.#bytesBefore = this.#decoded?.kept.end ?? 0
    this.pace.took(chunk.length, rows, this.#scanner?.isInsideRow === true, at)
    this.#countLeft()
    this.#onDecoded()
  }

  #wireEnd(end: number): number {
    return this.#decoded === null ? end : this.#decoded.wireEnd(end)
  }

  #countLeft(): void {
    const { bytes } = this.#wire.departures
    if (bytes === this.#wire.kept.end) this.#rows.allLeft()
    else this.#rows.leftUpTo(this.#decoded === null ? bytes : this.#decoded.endWithin(bytes))
  }

  #keep(cost: number): void {
    const keptBytes = this.#wire.kept.bytes + (this.#decoded?.kept.bytes ?? 0) + this.#rows.keptBytes
    if (keptBytes > this.#budget.perExchangeBytes) this.forgetOldest(this.#budget.perExchangeBytes / 16)
    this.#share.take(cost + this.#rows.takeGrowth())
  }

  #keepDecoded(cost: number, wireEnd: number): void {
    this.#keep(cost)
    // While it was being decoded, what it was decoded from was forgotten, and its clocks with it.
    if (wireEnd <= this.#wire.kept.firstKept) this.forgetOldest(0)
  }

  #drop(bytes: number): void {
    // What was decoded from a chunk goes with it, and is the larger part.
    const wireBytes = this.#wire.kept.bytes
    const wireShare = wireBytes === 0 ? 1 : wireBytes / (wireBytes + (this.#decoded?.kept.bytes ?? 0))
    let freed = this.#wire.drop(bytes * wireShare)
    if (this.#decoded !== null) freed += this.#decoded.dropWithin(this.#wire.kept.firstKept)
    this.#rows.forgetBefore(this.#body.firstKept)
    this.#share.free(freed - this.#rows.takeGrowth(), this.#wire.kept.isEmpty && this.#decoded?.kept.isEmpty !== false)
  }

  /** The bytes that the rows lie in. */
  get #body(): KeptBytes {
    return this.#decoded?.kept ?? this.#wire.kept
  }

  #addRow(start: number, end: number, type: RowType): void {
    if (this.#rows.areGiven) return
    this.#rows.add(start, end, type)
    if (type === this.#rowKind) this.events++
    this.firstRowAt ??= this.#arrivingAt
    this.lastRowAt = this.#arrivingAt
  }
}
