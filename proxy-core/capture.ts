/** Something that keeps captured bytes and can forget its oldest. */
export interface Capturer {
  /** Asked to forget only when nothing else is left that could. */
  readonly isPinned: boolean
  /** Forgets about so many of its oldest bytes. */
  forgetOldest(bytes: number): void
}

/** What one capturer has taken of a budget. */
export class CaptureShare {
  readonly #budget: CaptureBudget
  readonly #capturer: Capturer
  #usedBytes = 0
  /** The budget knows that something is kept here. */
  #isListed = false

  constructor(budget: CaptureBudget, capturer: Capturer) {
    this.#budget = budget
    this.#capturer = capturer
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  take(bytes: number): void {
    if (!this.#isListed) {
      this.#isListed = true
      this.#budget.add(this.#capturer)
    }
    this.#usedBytes += bytes
    this.#budget.take(bytes)
  }

  /** Gives back some of it, or the last of it. */
  free(bytes: number, isLast: boolean): void {
    this.#usedBytes -= bytes
    this.#budget.free(bytes)
    if (!isLast) return
    this.#isListed = false
    this.#budget.remove(this.#capturer)
  }
}

/** What all captures together may keep. The capture that began first is forgotten first, a pinned one last. */
export class CaptureBudget {
  /** False while capture is stopped: what passes is timed and counted, and not kept. */
  isKeeping = true
  #limitBytes: number
  #perExchangeBytes: number
  #usedBytes = 0
  #forgottenRows = 0
  readonly #oldestFirst = new Set<Capturer>()

  constructor(limitBytes: number, perExchangeBytes: number) {
    this.#limitBytes = limitBytes
    this.#perExchangeBytes = perExchangeBytes
  }

  get limitBytes(): number {
    return this.#limitBytes
  }

  get perExchangeBytes(): number {
    return this.#perExchangeBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Rows that were forgotten for want of room. */
  get forgottenRows(): number {
    return this.#forgottenRows
  }

  /** Changes the limits; what is over them is forgotten at once. */
  setLimits(limitBytes: number, perExchangeBytes: number): void {
    this.#limitBytes = limitBytes
    this.#perExchangeBytes = perExchangeBytes
    if (this.#usedBytes > limitBytes) this.#makeRoom()
  }

  forgot(rows: number): void {
    this.#forgottenRows += rows
  }

  /** A capturer that begins to keep something. */
  add(capturer: Capturer): void {
    this.#oldestFirst.add(capturer)
  }

  /** Counts bytes that a capturer has taken, and makes room for them. */
  take(bytes: number): void {
    this.#usedBytes += bytes
    if (this.#usedBytes > this.#limitBytes) this.#makeRoom()
  }

  /** Counts bytes that a capturer no longer keeps. */
  free(bytes: number): void {
    this.#usedBytes -= bytes
  }

  /** A capturer that keeps nothing any more. */
  remove(capturer: Capturer): void {
    this.#oldestFirst.delete(capturer)
  }

  #makeRoom(): void {
    // In steps of a sixteenth, so that the work is done seldom and not per chunk.
    const goal = this.#limitBytes - this.#limitBytes / 16
    for (const isPinned of [false, true]) {
      for (const capturer of this.#oldestFirst) {
        if (this.#usedBytes <= goal) return
        if (capturer.isPinned === isPinned) capturer.forgetOldest(this.#usedBytes - goal)
      }
    }
  }
}
