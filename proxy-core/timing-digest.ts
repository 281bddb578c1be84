import type { Timing, TimingLane } from './contract/timing.ts'
import { inSlices } from './in-slices.ts'
import { SpreadTally } from './spread-tally.ts'
import type { RowSource } from './row-source.ts'
import { TimeColumns } from './time-columns.ts'

const rowsPerStep = 2000

/** One clock, as far as its rows were counted. */
interface Lane {
  readonly rows: number
  readonly bytes: number
  readonly longestGap: number
  readonly gaps: SpreadTally
  lastAt: number
  lastGapMs: number
  gapChangesMs: number
}

/**
 * Counts the rows of one tap into columns of time and into percentiles, each row once: who looks at a long stream again pays for what
 * came since, and rows that are forgotten meanwhile stay counted.
 */
export class TimingDigest {
  readonly #tap: RowSource
  readonly #columns: TimeColumns
  readonly #arrived: Lane
  readonly #left: Lane
  readonly #longestHeld: number
  readonly #held = new SpreadTally()
  #nextToArrive: number
  #nextToLeave: number
  #uncounted: number
  #work: Promise<void> | null = null

  constructor(tap: RowSource) {
    this.#tap = tap
    this.#uncounted = tap.forgottenRows
    this.#nextToArrive = this.#uncounted
    this.#nextToLeave = this.#uncounted
    const first = tap.row(this.#uncounted)
    this.#columns = new TimeColumns(first ? tap.arrivedAt(first.end) : (tap.firstRowAt ?? 0))
    this.#arrived = newLane(this.#columns)
    this.#left = newLane(this.#columns)
    this.#longestHeld = this.#columns.maxima()
  }

  /** The series in at most so many columns, with all rows that there are when it is asked. */
  async read(columns: number): Promise<Timing> {
    this.#work ??= this.#catchUp().finally(() => (this.#work = null))
    await this.#work
    const factor = Math.max(1, Math.ceil(this.#columns.used / columns))
    const { firstAt } = this.#tap.pace.summary()
    return {
      from: this.#columns.origin,
      columnMs: this.#columns.columnMs * factor,
      columns: Math.ceil(this.#columns.used / factor),
      arrived: this.#readLane(this.#arrived, factor),
      left: this.#readLane(this.#left, factor),
      longestHeldMs: this.#columns.read(this.#longestHeld, factor),
      held: this.#held.summary(),
      firstByteAt: Number.isNaN(firstAt) ? null : firstAt,
      rows: this.#nextToArrive - this.#uncounted,
      uncountedRows: this.#uncounted,
    }
  }

  #catchUp(): Promise<void> {
    const rows = this.#tap.rows
    return inSlices(() => {
      this.#skipForgotten()
      for (const end = Math.min(rows, this.#nextToArrive + rowsPerStep); this.#nextToArrive < end; this.#nextToArrive++) {
        const bounds = this.#tap.row(this.#nextToArrive)
        if (bounds) this.#count(this.#arrived, this.#tap.arrivedAt(bounds.end), bounds.end - bounds.start)
      }
      const leftRows = Math.min(this.#tap.settledRows, this.#nextToArrive)
      for (const end = Math.min(leftRows, this.#nextToLeave + rowsPerStep); this.#nextToLeave < end; this.#nextToLeave++) {
        const bounds = this.#tap.row(this.#nextToLeave)
        if (bounds) this.#countDeparture(bounds.end, bounds.end - bounds.start)
      }
      return this.#nextToArrive < rows || this.#nextToLeave < leftRows
    })
  }

  /** Rows may be forgotten before they were looked at. */
  #skipForgotten(): void {
    const first = this.#tap.forgottenRows
    if (first > this.#nextToArrive) {
      this.#uncounted += first - this.#nextToArrive
      this.#nextToArrive = first
      this.#arrived.lastAt = Number.NaN
    }
    if (first > this.#nextToLeave) {
      this.#nextToLeave = first
      this.#left.lastAt = Number.NaN
    }
  }

  #countDeparture(end: number, bytes: number): void {
    const leftAt = this.#tap.leftAt(end)
    if (leftAt === null) return
    this.#count(this.#left, leftAt, bytes)
    const arrivedAt = this.#tap.arrivedAt(end)
    const heldMs = Math.max(0, leftAt - arrivedAt)
    this.#held.add(heldMs)
    this.#columns.add(this.#longestHeld, arrivedAt, heldMs)
  }

  #count(lane: Lane, at: number, bytes: number): void {
    this.#columns.add(lane.rows, at, 1)
    this.#columns.add(lane.bytes, at, bytes)
    // What goes two ways does not leave in one order.
    const gapMs = at < lane.lastAt ? 0 : at - lane.lastAt
    if (!(at < lane.lastAt)) lane.lastAt = at
    if (Number.isNaN(gapMs)) return
    this.#columns.add(lane.longestGap, at, gapMs)
    lane.gaps.add(gapMs)
    if (!Number.isNaN(lane.lastGapMs)) lane.gapChangesMs += Math.abs(gapMs - lane.lastGapMs)
    lane.lastGapMs = gapMs
  }

  #readLane(lane: Lane, factor: number): TimingLane {
    const gaps = lane.gaps.summary()
    return {
      rows: this.#columns.read(lane.rows, factor),
      bytes: this.#columns.read(lane.bytes, factor),
      longestGapMs: this.#columns.read(lane.longestGap, factor),
      gaps,
      jitterMs: gaps.count < 2 ? 0 : lane.gapChangesMs / (gaps.count - 1),
    }
  }
}

function newLane(columns: TimeColumns): Lane {
  return {
    rows: columns.sums(),
    bytes: columns.sums(),
    longestGap: columns.maxima(),
    gaps: new SpreadTally(),
    lastAt: Number.NaN,
    lastGapMs: Number.NaN,
    gapChangesMs: 0,
  }
}
