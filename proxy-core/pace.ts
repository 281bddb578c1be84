/** Chunks that come closer than this belong to one group: what a hop releases at once is read in several pieces. */
const groupGapMs = 5
/** A group of so many rows is a burst; fewer are how events come. */
const burstRows = 3
/** In a burst rows come as fast as the network is; a server that makes them one by one is slower than this. */
const burstRowMs = 0.2
/** A silence that a reader of the stream notices. */
const pauseFromMs = 50

/** Sizes of the buffers that hops and servers fill before they send. */
export const stepSizes = [4096, 8192, 16_384, 32_768, 65_536] as const
/** A block may have carried a head or the framing of chunks: so much of it, as a part. */
const blockLoss = 1 / 16
const blocksAtOnce = 4

/** How the bytes and rows of a stream were grouped when they came from the upstream. Durations in milliseconds. */
export interface Tally {
  rows: number
  groups: number
  groupedBytes: number
  bursts: number
  rowsInBursts: number
  bytesInBursts: number
  largestBurstRows: number
  /** The silence before the largest burst; NaN when nothing had come before it. */
  largestBurstAfterMs: number
  firstBurstAt: number
  lastBurstAt: number
  /** Silence that a reader notices, all together, and how many times. */
  pausedMs: number
  pauses: number
  longestGapMs: number
  /** How many groups fill whole blocks, by `stepSizes`. */
  stepFits: number[]
}

/** What a `Pace` has seen so far. */
export interface PaceSummary extends Readonly<Tally> {
  readonly firstAt: number
  readonly lastAt: number
  /** What comes next comes when Sluice lets it. */
  readonly isThrottled: boolean
}

interface Group {
  at: number
  lastAt: number
  /** The silence before it. */
  afterMs: number
  rows: number
  bytes: number
  isCut: boolean
  isOurs: boolean
}

/**
 * Watches when the chunks of a stream come from the upstream: the groups in which they come, and the silence between them, in numbers
 * that don't grow. Costs some additions per chunk and some comparisons per group.
 */
export class Pace {
  readonly #tally: Tally = {
    rows: 0,
    groups: 0,
    groupedBytes: 0,
    bursts: 0,
    rowsInBursts: 0,
    bytesInBursts: 0,
    largestBurstRows: 0,
    largestBurstAfterMs: Number.NaN,
    firstBurstAt: Number.NaN,
    lastBurstAt: Number.NaN,
    pausedMs: 0,
    pauses: 0,
    longestGapMs: 0,
    stepFits: noFits,
  }
  readonly #group: Group = { at: Number.NaN, lastAt: Number.NaN, afterMs: Number.NaN, rows: 0, bytes: 0, isCut: false, isOurs: false }
  #firstAt = Number.NaN
  #pausedAt: number | null = null
  #isNextOurs = false

  /** When bytes came last; NaN before any did. */
  get lastAt(): number {
    return this.#group.lastAt
  }

  /** A chunk came and completed so many rows; `isCut` when it ends inside a row. */
  took(bytes: number, rows: number, isCut: boolean, at: number): void {
    const group = this.#group
    // Not `>=`: before the first chunk the gap is no number.
    if (!(at - group.lastAt < groupGapMs)) this.#startGroup(at)
    group.bytes += bytes
    group.rows += rows
    group.isCut = isCut
    group.lastAt = at
  }

  /** Sluice makes the upstream wait, or lets it go on: what comes then, and when, is not the upstream's doing. */
  throttled(isPaused: boolean, at: number): void {
    if (isPaused) {
      this.#pausedAt = at
      return
    }
    // A shorter wait parts no group from the one before.
    if (this.#pausedAt !== null && at - this.#pausedAt >= groupGapMs) this.#isNextOurs = true
    this.#pausedAt = null
  }

  summary(): PaceSummary {
    const tally = { ...this.#tally, stepFits: [...this.#tally.stepFits] }
    // The last group may be the rest of a buffer: its size says nothing.
    addGroup(tally, this.#group)
    return { ...tally, firstAt: this.#firstAt, lastAt: this.#group.lastAt, isThrottled: this.#isNextOurs || this.#pausedAt !== null }
  }

  #startGroup(at: number): void {
    const group = this.#group
    const tally = this.#tally
    const gapMs = at - group.lastAt
    if (Number.isNaN(gapMs)) {
      this.#firstAt = at
    } else {
      addGroup(tally, group)
      if (group.bytes >= smallestFit && !group.isOurs) addStepFits(tally, group)
      if (!this.#isNextOurs) {
        if (gapMs > tally.longestGapMs) tally.longestGapMs = gapMs
        if (gapMs >= pauseFromMs) {
          tally.pauses++
          tally.pausedMs += gapMs
        }
      }
    }
    group.at = at
    group.afterMs = gapMs
    group.rows = 0
    group.bytes = 0
    group.isOurs = this.#isNextOurs
    this.#isNextOurs = false
  }
}

const noFits: number[] = []
const smallestFit = stepSizes[0] * (1 - blockLoss)

function addGroup(tally: Tally, group: Group): void {
  if (group.isOurs || Number.isNaN(group.at)) return
  const { rows } = group
  tally.groups++
  tally.groupedBytes += group.bytes
  tally.rows += rows
  if (rows < burstRows || group.lastAt - group.at > groupGapMs + rows * burstRowMs) return
  tally.bursts++
  tally.rowsInBursts += rows
  tally.bytesInBursts += group.bytes
  if (Number.isNaN(tally.firstBurstAt)) tally.firstBurstAt = group.at
  tally.lastBurstAt = group.at
  if (rows > tally.largestBurstRows) {
    tally.largestBurstRows = rows
    tally.largestBurstAfterMs = group.afterMs
  }
}

function addStepFits(tally: Tally, group: Group): void {
  if (tally.stepFits.length === 0) tally.stepFits = stepSizes.map(() => 0)
  stepSizes.forEach((size, index) => {
    const blocks = Math.ceil(group.bytes / size)
    const wholeBytes = blocks * size
    if (blocks > blocksAtOnce || blocks === 0) return
    // A server that sends whole rows in batches ends between two rows; a buffer that is full ends where it is full.
    const isFull = group.bytes === wholeBytes || (group.isCut && group.bytes >= wholeBytes * (1 - blockLoss))
    if (isFull) tally.stepFits[index] = (tally.stepFits[index] ?? 0) + 1
  })
}
