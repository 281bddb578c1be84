import { Column } from '../column.ts'
import type { Direction, MessageMark } from '../contract/messages.ts'
import { KeptBytes } from '../kept-bytes.ts'
import type { RowBounds } from '../row-index.ts'
import { readPayload } from './frame-payload.ts'
import { isControl, packMark, unpackMark, type PackedMark } from './message-marks.ts'
import { MessageSide, type SideRow } from './message-side.ts'

/** What a row costs besides its bytes: its places in the index. */
const rowBytes = 64
const lineFeed = 10

/** A row to be added: where it lies in its direction, and what it is. */
export interface NewRow extends PackedMark {
  readonly direction: Direction
  readonly start: number
  readonly end: number
  /** How long its text is that lies in its frames. */
  readonly payloadBytes: number
}

/** How the rows of an index are forgotten: as many of the oldest as free so many bytes; `pendingStarts` is where what is no row yet begins. */
export interface Forgetting {
  readonly bytes: number
  readonly pendingStarts: Readonly<Record<Direction, number>>
}

/** Where a restored index begins: what is before is forgotten. */
export interface RowsStart {
  readonly firstRow: number
  readonly wires: Readonly<Record<Direction, number>>
  readonly inflated: number
}

const atStart: RowsStart = { firstRow: 0, wires: { toUpstream: 0, toClient: 0 }, inflated: 0 }

/**
 * The rows of a WebSocket, both directions in the order in which they were complete, in a space of offsets of their own: a row's text is
 * as long as its payload, and a byte that is nobody's lies behind each, so that no two rows end at one offset. Texts are put together
 * from the frames when somebody looks; those that were inflated are kept beside them.
 */
export class MessageRows {
  readonly sides: Readonly<Record<Direction, MessageSide>>
  readonly inflated: KeptBytes
  readonly #starts: Column
  readonly #ends: Column
  /** By row: its position in its direction, and which that is. */
  readonly #places: Column
  #nextStart = 0

  constructor(start: RowsStart = atStart) {
    const { firstRow, wires, inflated } = start
    const isRecorded = start !== atStart
    this.sides = {
      toUpstream: new MessageSide('toUpstream', wires.toUpstream, isRecorded),
      toClient: new MessageSide('toClient', wires.toClient, isRecorded),
    }
    this.inflated = new KeptBytes(inflated)
    this.#starts = new Column(firstRow)
    this.#ends = new Column(firstRow)
    this.#places = new Column(firstRow)
  }

  /** Rows so far, forgotten ones included. */
  get count(): number {
    return this.#ends.end
  }

  get forgotten(): number {
    return this.#ends.first
  }

  get left(): number {
    const { toUpstream, toClient } = this.sides
    return this.count - toUpstream.waiting - toClient.waiting
  }

  /** All rows before this one have left. */
  get settled(): number {
    const { toUpstream, toClient } = this.sides
    return Math.min(this.count, toUpstream.firstWaiting, toClient.firstWaiting)
  }

  /** Bytes that are kept. */
  get keptBytes(): number {
    const { toUpstream, toClient } = this.sides
    return toUpstream.wire.kept.bytes + toClient.wire.kept.bytes + this.inflated.bytes
  }

  get isEmpty(): boolean {
    const { toUpstream, toClient } = this.sides
    return toUpstream.wire.kept.isEmpty && toClient.wire.kept.isEmpty && this.inflated.isEmpty && this.count === this.forgotten
  }

  /** Adds a row; `inflated` is its text where that does not lie in its frames. Returns what that costs. */
  add(row: NewRow, inflated: Buffer | null, isKept: boolean): number {
    const inflatedAt = inflated === null ? -1 : this.inflated.end
    let cost = rowBytes
    if (inflated !== null && inflated.length > 0) cost += isKept ? this.inflated.push(inflated) : this.inflated.skip(inflated.length)
    this.addPlaced({ ...row, mark: packMark(row), inflatedAt, textBytes: inflated?.length ?? row.payloadBytes })
    return cost
  }

  /** Adds a row whose text is here already. */
  addPlaced(row: Omit<SideRow, 'index'> & { readonly direction: Direction; readonly textBytes: number }): void {
    const side = this.sides[row.direction]
    this.#places.push(side.count * 2 + (side === this.sides.toClient ? 1 : 0))
    side.add({ ...row, index: this.#starts.end })
    this.#starts.push(this.#nextStart)
    this.#ends.push(this.#nextStart + row.textBytes)
    this.#nextStart += row.textBytes + 1
  }

  bounds(index: number): RowBounds | null {
    const place = this.#place(index)
    if (place === null) return null
    const { side, row } = place
    const { opcode, frames, isCompressed, issue } = unpackMark(row.mark)
    const start = this.#starts.at(index)
    const end = this.#ends.at(index)
    const hasCode = opcode === 'close' && end - start >= 2 && this.isWhole(start, end)
    const closeCode = hasCode ? this.read(start, start + 2).readUInt16BE() : null
    const { direction } = side
    const message: MessageMark = { direction, opcode, frames, wireBytes: row.end - row.start, isCompressed, issue, closeCode }
    return { type: opcode === null ? 'chunk' : 'message', start, end, message }
  }

  directionOf(index: number): Direction | null {
    return this.#place(index)?.side.direction ?? null
  }

  /** A row of a direction as it is recorded. */
  recordOf(index: number): { readonly direction: Direction; readonly row: SideRow; readonly textBytes: number } | null {
    const place = this.#place(index)
    return place && { direction: place.side.direction, row: place.row, textBytes: this.#ends.at(index) - this.#starts.at(index) }
  }

  /** When the row came that ends at an offset. */
  arrivedAt(end: number): number {
    const place = this.#place(this.#ends.indexOfAtLeast(end))
    return place === null ? Number.NaN : place.side.wire.arrivedAt(place.row.end)
  }

  leftAt(end: number): number | null {
    const place = this.#place(this.#ends.indexOfAtLeast(end))
    return place === null ? null : place.side.wire.departures.timeOf(place.row.end)
  }

  firstSince(time: number): number {
    let low = this.forgotten
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.arrivedAt(this.#ends.at(middle)) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  firstLeftSince(time: number): number {
    const { toUpstream, toClient } = this.sides
    return Math.min(this.count, toUpstream.firstLeftSince(time), toClient.firstLeftSince(time))
  }

  isWhole(from: number, to: number): boolean {
    if (from < this.#starts.at(this.forgotten)) return false
    for (let index = this.#ends.indexOfAtLeast(from); index < this.count && this.#starts.at(index) <= to; index++) {
      const { side, row } = this.#place(index) as Place
      const textBytes = this.#ends.at(index) - this.#starts.at(index)
      const isKept =
        row.inflatedAt < 0
          ? side.wire.kept.isWhole(row.start, row.end)
          : textBytes === 0 || this.inflated.isWhole(row.inflatedAt, row.inflatedAt + textBytes)
      if (!isKept) return false
    }
    return true
  }

  read(from: number, to: number): Buffer {
    if (this.count === this.forgotten) return Buffer.alloc(0)
    const start = Math.max(from, this.#starts.at(this.forgotten))
    const end = Math.min(to, this.#ends.at(this.count - 1))
    if (end <= start) return Buffer.alloc(0)
    const bytes = Buffer.alloc(end - start, lineFeed)
    for (let index = this.#ends.indexOfAtLeast(start + 1); index < this.count && this.#starts.at(index) < end; index++) {
      const rowStart = this.#starts.at(index)
      const partStart = Math.max(start, rowStart)
      const target = bytes.subarray(partStart - start, Math.min(end, this.#ends.at(index)) - start)
      this.#readText(this.#place(index) as Place, partStart - rowStart, target)
    }
    return bytes
  }

  /** Forgets the oldest rows, and the bytes that are no other's; of a direction without rows also those. Returns what that freed. */
  forget({ bytes, pendingStarts }: Forgetting): number {
    let index = this.forgotten
    let found = 0
    let inflatedEnd = this.inflated.firstKept
    const positions = { toUpstream: this.sides.toUpstream.forgotten, toClient: this.sides.toClient.forgotten }
    for (; index < this.count && found < bytes; index++) {
      const { side, row } = this.#place(index) as Place
      positions[side.direction]++
      const textBytes = row.inflatedAt < 0 ? 0 : this.#ends.at(index) - this.#starts.at(index)
      if (textBytes > 0) inflatedEnd = row.inflatedAt + textBytes
      found += rowBytes + row.end - row.start + textBytes
    }
    let freed = (index - this.forgotten) * rowBytes
    for (const column of [this.#starts, this.#ends, this.#places]) column.forgetBefore(index)
    for (const direction of ['toUpstream', 'toClient'] as const) {
      freed += this.sides[direction].forgetBefore(positions[direction], pendingStarts[direction])
      // No row is left to forget: what is left is a message that has not ended.
      if (found < bytes) freed += this.sides[direction].wire.drop(bytes - found)
    }
    return freed + this.inflated.dropBefore(this.inflated.chunkAt(inflatedEnd + 1))
  }

  #place(index: number): Place | null {
    const place = this.#places.at(index)
    if (Number.isNaN(place)) return null
    const side = this.sides[place % 2 === 0 ? 'toUpstream' : 'toClient']
    return { side, row: side.at(Math.floor(place / 2)) }
  }

  #readText({ side, row }: Place, skip: number, target: Buffer): void {
    const { kept } = side.wire
    const { opcode } = unpackMark(row.mark)
    if (row.inflatedAt >= 0) this.inflated.read(row.inflatedAt + skip, row.inflatedAt + skip + target.length).copy(target)
    else if (opcode === null) kept.read(row.start + skip, row.start + skip + target.length).copy(target)
    // Without all of its heads, the frames of a message can't be told apart.
    else if (!kept.isWhole(row.start, row.end)) target.fill(0)
    else readPayload(kept, { start: row.start, end: row.end, isControl: isControl(opcode) }, skip, target)
  }
}

interface Place {
  readonly side: MessageSide
  readonly row: SideRow
}
