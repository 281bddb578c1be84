import type { Direction, FramingFault } from '../contract/messages.ts'
import { packMark, type PackedMark } from '../web-socket/message-marks.ts'
import type { MessagesRecord } from '../web-socket/message-record.ts'
import type { PackedWire } from '../wire-body.ts'

/** A message as a file tells of it. */
export interface MessageTold extends PackedMark {
  readonly direction: Direction
  /** How long it was in the tunnel. */
  readonly wireBytes: number
  /** Its text; the length of it where that was not kept. */
  readonly text: Buffer | number
  readonly arrivedAt: number
  readonly leftAt: number | null
}

/** One direction as it is put together again. */
class ImportedSide {
  readonly #ends: number[] = []
  readonly #arrivedAt: number[] = []
  readonly #leftEnds: number[] = []
  readonly #leftAt: number[] = []
  #isLeaving = true
  #leftLast = Number.NEGATIVE_INFINITY
  end = 0

  add(bytes: number, arrivedAt: number, leftAt: number | null): void {
    this.end += bytes
    this.#ends.push(this.end)
    this.#arrivedAt.push(arrivedAt)
    if (leftAt === null) this.#isLeaving = false
    if (leftAt === null || !this.#isLeaving) return
    this.#leftLast = Math.max(this.#leftLast, leftAt, arrivedAt)
    this.#leftEnds.push(this.end)
    this.#leftAt.push(this.#leftLast)
  }

  /** A file tells of messages and not of their frames: their bytes have a length, and are not kept. */
  record(): PackedWire {
    const stretches = this.#ends.map((end, index) => end - (this.#ends[index - 1] ?? 0))
    const bytes = { ends: this.#ends, stretches }
    return { from: 0, bytes, arrivedAt: this.#arrivedAt, leftEnds: this.#leftEnds, leftAt: this.#leftAt }
  }
}

/** The messages of a WebSocket, put together again from what a file says of them. */
export class ImportedMessages {
  readonly #firstRow: number
  readonly #faults: readonly FramingFault[]
  readonly #sides = { toUpstream: new ImportedSide(), toClient: new ImportedSide() }
  readonly #rows = {
    directions: [] as Direction[],
    starts: [] as number[],
    ends: [] as number[],
    textBytes: [] as number[],
    marks: [] as number[],
    inflatedAt: [] as number[],
  }
  readonly #texts: Buffer[] = []
  #textEnd = 0
  #arrivedLast = Number.NEGATIVE_INFINITY

  constructor({ firstRow = 0, faults = [] }: { readonly firstRow?: number; readonly faults?: readonly FramingFault[] } = {}) {
    this.#firstRow = firstRow
    this.#faults = faults
  }

  /** Times never go back, whatever a file says: what is looked up by time relies on it. */
  add(message: MessageTold): void {
    const { direction, text, leftAt } = message
    // Two rows of one direction must not end at one place.
    const wireBytes = Math.max(1, Math.trunc(message.wireBytes))
    const side = this.#sides[direction]
    this.#arrivedLast = Math.max(this.#arrivedLast, message.arrivedAt)
    const { directions, starts, ends, textBytes, marks, inflatedAt } = this.#rows
    directions.push(direction)
    starts.push(side.end)
    side.add(wireBytes, this.#arrivedLast, leftAt)
    ends.push(side.end)
    textBytes.push(typeof text === 'number' ? text : text.length)
    marks.push(packMark(message))
    inflatedAt.push(typeof text === 'number' ? -1 : this.#textEnd)
    if (typeof text === 'number' || text.length === 0) return
    this.#texts.push(text)
    this.#textEnd += text.length
  }

  record(): MessagesRecord {
    const ends = this.#texts.map((text) => text.length)
    for (let index = 1; index < ends.length; index++) ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0)
    return {
      toUpstream: this.#sides.toUpstream.record(),
      toClient: this.#sides.toClient.record(),
      firstRow: this.#firstRow,
      rows: this.#rows,
      inflated: { from: 0, bytes: { ends, stretches: this.#texts } },
      faults: this.#faults,
    }
  }
}
