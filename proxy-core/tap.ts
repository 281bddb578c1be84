import type { CaptureBudget, Capturer } from './capture.ts'
import { Column } from './column.ts'
import type { RowKind } from './contract/exchange.ts'
import { EventScanner } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'

/** What a kept chunk costs besides its bytes: the Buffer, its ArrayBuffer and its place in the logs. */
const chunkOverheadBytes = 256

/** Departures closer than this share one entry: a burst of writes in one turn of the loop is one moment. */
const sameMomentMs = 0.05

/** Rows that arrive closer than this belong to one burst. */
const burstGapMs = 5
/** So many rows at once make a burst; fewer are how events come. */
const burstRows = 5

/** How the rows of a stream were grouped when they came from the upstream. */
export interface BurstCounts {
  readonly bursts: number
  readonly rowsInBursts: number
  readonly largestBurstRows: number
}

/** What a row is, as the scanner saw it without decoding anything. */
export type RowType = RowKind | 'comment' | 'fields'
const rowTypes: readonly RowType[] = ['event', 'comment', 'fields', 'line', 'chunk']

/** Where a row lies in the body. `end` is just after the byte that completes it, the one whose times are the row's. */
export interface RowBounds {
  readonly type: RowType
  readonly start: number
  readonly end: number
}

/**
 * Watches the body of one response go by: keeps the chunks it is given, without copying or changing them, and two logs of when which
 * bytes arrived and left. A row's two clocks are looked up in the logs when somebody asks; nothing is decoded here.
 */
export class Tap implements Capturer {
  readonly #budget: CaptureBudget
  readonly #scanner: EventScanner | LineScanner | null
  readonly #chunks: Buffer[] = []
  #chunkBase = 0
  #keptBytes = 0

  /** By chunk: the offset where it ends, and when it arrived. */
  readonly #chunkEnds = new Column()
  readonly #chunkTimes = new Column()
  /** By departure: the offset up to which bytes had left, and when. */
  readonly #leftEnds = new Column()
  readonly #leftTimes = new Column()
  /** By row: its start and type in one number, and its end. */
  readonly #rowStarts = new Column()
  readonly #rowEnds = new Column()

  #arrivedBytes = 0
  #leftBytes = 0
  #events = 0
  #leftRows = 0
  #firstRowAt: number | null = null
  #lastRowAt: number | null = null
  #arrivingAt = 0
  #runRows = 0
  #bursts = 0
  #rowsInBursts = 0
  #largestBurstRows = 0

  constructor(rowKind: RowKind, budget: CaptureBudget) {
    this.#budget = budget
    if (rowKind === 'event') this.#scanner = new EventScanner((start, end, type) => this.#addRow(start, end, type))
    else if (rowKind === 'line') this.#scanner = new LineScanner((start, end) => this.#addRow(start, end, 'line'))
    else this.#scanner = null
  }

  get rows(): number {
    return this.#rowEnds.end
  }
  /** Rows that an EventSource would dispatch, lines, or chunks. */
  get events(): number {
    return this.#events
  }
  get leftRows(): number {
    return this.#leftRows
  }
  get forgottenRows(): number {
    return this.#rowEnds.first
  }
  get firstRowAt(): number | null {
    return this.#firstRowAt
  }
  get lastRowAt(): number | null {
    return this.#lastRowAt
  }
  get burstCounts(): BurstCounts {
    return { bursts: this.#bursts, rowsInBursts: this.#rowsInBursts, largestBurstRows: this.#largestBurstRows }
  }
  get arrivedBytes(): number {
    return this.#arrivedBytes
  }
  /** Offset of the oldest byte that is kept. */
  get firstKept(): number {
    return this.#arrivedBytes - this.#keptBytes
  }

  /** A chunk came from the upstream. */
  arrived(chunk: Buffer, at: number): void {
    const start = this.#arrivedBytes
    this.#arrivedBytes = start + chunk.length
    this.#arrivingAt = at
    this.#chunks.push(chunk)
    this.#keptBytes += chunk.length
    this.#chunkEnds.push(this.#arrivedBytes)
    this.#chunkTimes.push(at)
    if (this.#scanner === null) this.#addRow(start, this.#arrivedBytes, 'chunk')
    else this.#scanner.feed(chunk)
    if (this.#keptBytes > this.#budget.perExchangeBytes) this.forgetOldest(this.#budget.perExchangeBytes / 16)
    this.#budget.take(this, chunk.length + chunkOverheadBytes)
  }

  /** So many further bytes left for the client. */
  left(bytes: number, at: number): void {
    this.#leftBytes += bytes
    if (at - this.#leftTimes.last() < sameMomentMs) {
      this.#leftEnds.setLast(this.#leftBytes)
    } else {
      this.#leftEnds.push(this.#leftBytes)
      this.#leftTimes.push(at)
    }
    if (this.#leftBytes === this.#arrivedBytes) this.#leftRows = this.#rowEnds.end
    else while (this.#leftRows < this.#rowEnds.end && !(this.#rowEnds.at(this.#leftRows) > this.#leftBytes)) this.#leftRows++
  }

  /** The body is over; a last line without its line end is a row. */
  ended(): void {
    if (this.#scanner instanceof LineScanner) this.#scanner.flush()
    if (this.#leftBytes === this.#arrivedBytes) this.#leftRows = this.#rowEnds.end
  }

  /** The bounds of a row that is kept. */
  row(index: number): RowBounds | null {
    const packed = this.#rowStarts.at(index)
    if (Number.isNaN(packed)) return null
    const start = Math.floor(packed / 8)
    return { type: rowTypes[packed - start * 8] ?? 'chunk', start, end: this.#rowEnds.at(index) }
  }

  /** When the byte before an offset came from the upstream. */
  arrivedAt(end: number): number {
    return this.#chunkTimes.at(this.#chunkEnds.indexOfAtLeast(end))
  }

  /** When the byte before an offset left; null while it is here. */
  leftAt(end: number): number | null {
    if (end > this.#leftBytes) return null
    return this.#leftTimes.at(this.#leftEnds.indexOfAtLeast(end))
  }

  /** Index of the first row that arrived at or after a time, among those that are kept. */
  firstRowSince(time: number): number {
    const chunk = this.#chunkTimes.indexOfAtLeast(time)
    if (chunk >= this.#chunkTimes.end) return this.rows
    const before = chunk === this.#chunkTimes.first ? this.firstKept : this.#chunkEnds.at(chunk - 1)
    return this.#rowEnds.indexOfAtLeast(before + 1)
  }

  /** The kept bytes from one offset to another, copied together. */
  read(from: number, to: number): Buffer {
    const start = Math.max(from, this.firstKept)
    const end = Math.min(to, this.#arrivedBytes)
    if (end <= start) return Buffer.alloc(0)
    const parts: Buffer[] = []
    for (let index = this.#chunkEnds.indexOfAtLeast(start + 1); index < this.#chunkEnds.end; index++) {
      const chunk = this.#chunks[index - this.#chunkBase]
      if (chunk === undefined) break
      const chunkEnd = this.#chunkEnds.at(index)
      const chunkStart = chunkEnd - chunk.length
      parts.push(chunk.subarray(Math.max(0, start - chunkStart), Math.min(chunk.length, end - chunkStart)))
      if (chunkEnd >= end) break
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  forgetOldest(bytes: number): void {
    const before = this.forgottenRows
    this.#drop(bytes)
    this.#budget.forgot(this.forgottenRows - before)
  }

  /** Gives everything back. */
  forgetAll(): void {
    this.#drop(Number.POSITIVE_INFINITY)
  }

  #drop(bytes: number): void {
    let freed = 0
    let dropped = 0
    while (freed < bytes && dropped < this.#chunks.length) {
      const chunk = this.#chunks[dropped] as Buffer
      freed += chunk.length + chunkOverheadBytes
      this.#keptBytes -= chunk.length
      dropped++
    }
    this.#chunks.splice(0, dropped)
    this.#chunkBase += dropped
    this.#budget.free(freed)
    if (this.#chunks.length === 0) this.#budget.remove(this)
    this.#forgetIndexes()
  }

  #forgetIndexes(): void {
    const firstKept = this.firstKept
    let row = this.#rowStarts.first
    while (row < this.#rowStarts.end && Math.floor(this.#rowStarts.at(row) / 8) < firstKept) row++
    this.#rowStarts.forgetBefore(row)
    this.#rowEnds.forgetBefore(row)
    this.#chunkEnds.forgetBefore(this.#chunkBase)
    this.#chunkTimes.forgetBefore(this.#chunkBase)
    const departure = Math.min(this.#leftEnds.indexOfAtLeast(firstKept + 1), this.#leftEnds.end - 1)
    this.#leftEnds.forgetBefore(departure)
    this.#leftTimes.forgetBefore(departure)
  }

  #addRow(start: number, end: number, type: RowType): void {
    this.#rowStarts.push(start * 8 + rowTypes.indexOf(type))
    this.#rowEnds.push(end)
    if (type !== 'comment' && type !== 'fields') this.#events++
    if (this.#lastRowAt !== null && this.#arrivingAt - this.#lastRowAt < burstGapMs) this.#runRows++
    else this.#runRows = 1
    if (this.#runRows === burstRows) {
      this.#bursts++
      this.#rowsInBursts += burstRows
    } else if (this.#runRows > burstRows) {
      this.#rowsInBursts++
    }
    if (this.#runRows > this.#largestBurstRows) this.#largestBurstRows = this.#runRows
    this.#firstRowAt ??= this.#arrivingAt
    this.#lastRowAt = this.#arrivingAt
  }
}
