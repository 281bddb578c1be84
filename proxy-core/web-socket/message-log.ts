import { CaptureShare, type CaptureBudget, type Capturer } from '../capture.ts'
import type { Direction, FramingFault } from '../contract/messages.ts'
import { Pace } from '../pace.ts'
import { chunksIn } from '../packed-bytes.ts'
import type { RowBounds } from '../row-index.ts'
import type { RowSource } from '../row-source.ts'
import type { WireSource } from '../rows.ts'
import { unpinned } from '../tap-options.ts'
import { UnkeptSpan } from '../unkept-span.ts'
import type { WireBody } from '../wire-body.ts'
import type { DeflateTerms } from './deflate-terms.ts'
import { unmasked } from './frame-payload.ts'
import { FrameScanner, type ScannedMessage } from './frame-scanner.ts'
import { MessageInflater } from './message-inflater.ts'
import { isControl, unpackMark, type PackedMark } from './message-marks.ts'
import { MessageQueue, type QueuedRow } from './message-queue.ts'
import { recordMessages, type MessagesRecord } from './message-record.ts'
import { MessageRows, type NewRow, type RowsStart } from './message-rows.ts'

/** A compressed message that is longer is not inflated. */
const longestCompressedBytes = 8_388_608

/** What a log is told of the WebSocket that it watches. */
export interface MessageLogOptions {
  /** How messages are compressed; null when they are not. */
  readonly deflate: DeflateTerms | null
  readonly owner?: { readonly isPinned: boolean }
  /** Told when rows are found some time after their bytes came. */
  readonly onFound?: () => void
  /** It is not live: its rows are given, from here on. */
  readonly start?: RowsStart
}

/** One direction on its way. */
interface Lane {
  readonly direction: Direction
  readonly wire: WireBody
  readonly scanner: FrameScanner
  /** The message that is coming, unmasked, when it is compressed. */
  parts: Buffer[]
  partBytes: number
}

/**
 * Watches both directions of a WebSocket go by: keeps the chunks it is given, unchanged, and where the messages lie in them. Text is
 * unmasked and put together when somebody looks; only of compressed messages a copy is inflated beside the traffic.
 */
export class MessageLog implements Capturer, RowSource {
  readonly pace = new Pace()
  readonly unkept = new UnkeptSpan()
  /** Messages that carry data, or chunks. */
  events = 0
  firstRowAt: number | null = null
  lastRowAt: number | null = null
  readonly decodeError = null
  faults: readonly FramingFault[] = []
  readonly #budget: CaptureBudget
  readonly #share: CaptureShare
  readonly #owner: { readonly isPinned: boolean }
  readonly #rows: MessageRows
  readonly #lanes: Readonly<Record<Direction, Lane>>
  readonly #inflaters: Readonly<Record<Direction, MessageInflater>> | null
  readonly #queue: MessageQueue
  readonly #onFound: () => void
  #arrivingAt = 0
  #isArriving = false
  /** Rows that the chunk completes which is being looked at. */
  #found = 0

  constructor(budget: CaptureBudget, { deflate, owner = unpinned, onFound = () => {}, start }: MessageLogOptions) {
    this.#budget = budget
    this.#share = new CaptureShare(budget, this)
    this.#owner = owner
    this.#onFound = onFound
    this.#rows = new MessageRows(start)
    this.#inflaters = deflate && { toUpstream: new MessageInflater(deflate.toUpstream), toClient: new MessageInflater(deflate.toClient) }
    this.#queue = new MessageQueue(this.#inflaters, (queued, inflated) => this.#add(queued, inflated))
    this.#lanes = { toUpstream: this.#openLane('toUpstream'), toClient: this.#openLane('toClient') }
  }

  get rows(): number {
    return this.#rows.count
  }
  get forgottenRows(): number {
    return this.#rows.forgotten
  }
  get leftRows(): number {
    return this.#rows.left
  }
  get settledRows(): number {
    return this.#rows.settled
  }
  get isPinned(): boolean {
    return this.#owner.isPinned
  }
  /** What the budget counts for it. */
  get usedBytes(): number {
    return this.#share.usedBytes
  }

  /** A chunk came that goes in a direction. */
  arrived(direction: Direction, chunk: Buffer, at: number): void {
    const lane = this.#lanes[direction]
    const start = lane.wire.kept.end
    const { isKeeping } = this.#budget
    const cost = lane.wire.take(chunk, at, isKeeping)
    if (!isKeeping) this.unkept.add(chunk.length, at)
    this.#arrivingAt = at
    this.#found = 0
    this.#isArriving = true
    if (lane.scanner.isBroken) this.#take(chunkRow(direction, start, start + chunk.length), null)
    else lane.scanner.feed(chunk)
    this.#isArriving = false
    this.pace.took(chunk.length, this.#found, lane.scanner.pendingStart < start + chunk.length, at)
    this.#keep(cost)
  }

  /** So many further bytes of a direction were taken by the receiver's socket. */
  left(direction: Direction, bytes: number, at: number): void {
    this.#lanes[direction].wire.departures.add(bytes, at)
    this.#rows.sides[direction].countLeft()
  }

  /** The tunnel is over; `onSettled` is told when its last rows are found. */
  ended(_isWhole: boolean, onSettled: () => void): void {
    this.#queue.end(onSettled)
  }

  row(index: number): RowBounds | null {
    return this.#rows.bounds(index)
  }
  directionOf(index: number): Direction | null {
    return this.#rows.directionOf(index)
  }
  arrivedAt(end: number): number {
    return this.#rows.arrivedAt(end)
  }
  leftAt(end: number): number | null {
    return this.#rows.leftAt(end)
  }
  firstRowSince(time: number): number {
    return this.#rows.firstSince(time)
  }
  firstLeftSince(time: number): number {
    return this.#rows.firstLeftSince(time)
  }
  isWhole(from: number, to: number): boolean {
    return this.#rows.isWhole(from, to)
  }
  read(from: number, to: number): Buffer {
    return this.#rows.read(from, to)
  }

  /** The bytes of a direction as they came. */
  sideSource(direction: Direction): WireSource {
    const { kept } = this.#lanes[direction].wire
    return { firstKept: kept.firstKept, arrivedBytes: kept.end, readWire: (from, to) => kept.read(from, to) }
  }

  /** Where the message begins that a direction has in part; null when it has none. */
  unfinished(direction: Direction): { readonly start: number; readonly bytes: number } | null {
    const { scanner, wire } = this.#lanes[direction]
    const bytes = wire.kept.end - scanner.pendingStart
    return scanner.isBroken || bytes === 0 ? null : { start: scanner.pendingStart, bytes }
  }

  /** Takes in the rows that are recorded; their bytes follow by `restored`. */
  restoreRows({ rows, inflated, faults }: MessagesRecord): void {
    for (const chunk of chunksIn(inflated.bytes, inflated.from))
      this.#keep(typeof chunk === 'number' ? this.#rows.inflated.skip(chunk) : this.#rows.inflated.push(asBuffer(chunk)))
    for (const [at, direction] of rows.directions.entries()) {
      const { starts, ends, textBytes, marks, inflatedAt } = rows
      const [start = 0, end = 0, length = 0, mark = 0, from = -1] = [starts[at], ends[at], textBytes[at], marks[at], inflatedAt[at]]
      this.#rows.addPlaced({ direction, start, end, textBytes: length, mark, inflatedAt: from })
      if (carriesData(unpackMark(mark))) this.events++
    }
    this.faults = faults
  }

  /** A recorded chunk of a direction, or the length of one that was not kept. */
  restored(direction: Direction, chunk: Uint8Array | number, at: number): void {
    const { wire } = this.#lanes[direction]
    const bytes = typeof chunk === 'number' ? Buffer.alloc(chunk) : asBuffer(chunk)
    this.#keep(wire.take(bytes, at, typeof chunk !== 'number'))
    this.pace.took(bytes.length, 0, false, at)
    this.firstRowAt ??= at
    this.lastRowAt = at
  }

  /** What is kept here as plain data. */
  record(): MessagesRecord {
    return recordMessages(this.#rows, this.faults)
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
    this.#queue.stop()
    this.#drop(Number.POSITIVE_INFINITY)
  }

  #openLane(direction: Direction): Lane {
    const lane: Lane = {
      direction,
      wire: this.#rows.sides[direction].wire,
      parts: [],
      partBytes: 0,
      scanner: new FrameScanner(
        { isMasked: direction === 'toUpstream', mayCompress: this.#inflaters !== null },
        {
          message: (message) => this.#message(lane, message),
          payload: (chunk, from, to, key, keyAt) => {
            lane.partBytes += to - from
            if (lane.partBytes > longestCompressedBytes) lane.parts = []
            else if (this.#inflaters?.[direction].isLost !== true) lane.parts.push(unmasked(chunk.subarray(from, to), key, keyAt))
          },
          broken: (rule, atByte) => {
            const { pendingStart } = lane.scanner
            this.faults = [...this.faults, { direction, rule, atByte }]
            this.#take(chunkRow(direction, Math.min(pendingStart, atByte), lane.wire.kept.end), null)
          },
        },
      ),
    }
    return lane
  }

  #message(lane: Lane, message: ScannedMessage): void {
    const row = { ...message, direction: lane.direction, issue: null }
    if (!message.isCompressed) {
      this.#take(row, null)
      return
    }
    const isWhole = lane.partBytes === message.payloadBytes && lane.parts.length > 0
    const compressed = isWhole || message.payloadBytes === 0 ? Buffer.concat(lane.parts) : null
    if (compressed === null) this.#inflaters?.[lane.direction].skip()
    lane.parts = []
    lane.partBytes = 0
    this.#take(row, compressed)
  }

  #take(row: NewRow, compressed: Buffer | null): void {
    this.#found++
    this.#queue.push({ row, compressed, at: this.#arrivingAt, isKept: this.#budget.isKeeping })
  }

  #add({ row, at, isKept }: QueuedRow, inflated: Buffer | null): void {
    const cost = this.#rows.add(row, inflated, isKept)
    if (carriesData(row)) this.events++
    this.firstRowAt ??= at
    this.lastRowAt = at
    this.#rows.sides[row.direction].countLeft()
    this.#keep(cost)
    if (!this.#isArriving) this.#onFound()
  }

  #keep(cost: number): void {
    this.#share.take(cost)
    if (this.#rows.keptBytes > this.#budget.perExchangeBytes) this.forgetOldest(this.#budget.perExchangeBytes / 16)
  }

  #drop(bytes: number): void {
    const { toUpstream, toClient } = this.#lanes
    const pendingStarts = { toUpstream: pendingStart(toUpstream), toClient: pendingStart(toClient) }
    const freed = this.#rows.forget({ bytes, pendingStarts })
    this.#share.free(freed, this.#rows.isEmpty)
  }
}

/** Where the bytes of a direction begin that are no row yet. */
function pendingStart({ scanner, wire }: Lane): number {
  return scanner.isBroken ? wire.kept.end : scanner.pendingStart
}

function carriesData({ opcode }: PackedMark): boolean {
  return !isControl(opcode)
}

function chunkRow(direction: Direction, start: number, end: number): NewRow {
  return { direction, start, end, payloadBytes: end - start, opcode: null, frames: 0, isCompressed: false, issue: null }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
