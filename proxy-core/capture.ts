/** Something that keeps captured bytes and can forget its oldest. */
export interface Capturer {
  /** Forgets about so many of its oldest bytes. */
  forgetOldest(bytes: number): void
}

/** What all captures together may keep. The capture that began first is forgotten first. */
export class CaptureBudget {
  readonly limitBytes: number
  readonly perExchangeBytes: number
  #usedBytes = 0
  #forgottenRows = 0
  readonly #oldestFirst = new Set<Capturer>()

  constructor(limitBytes: number, perExchangeBytes: number) {
    this.limitBytes = limitBytes
    this.perExchangeBytes = perExchangeBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Rows that were forgotten for want of room. */
  get forgottenRows(): number {
    return this.#forgottenRows
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
    if (this.#usedBytes > this.limitBytes) this.#makeRoom()
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
    const goal = this.limitBytes - this.limitBytes / 16
    for (const capturer of this.#oldestFirst) {
      if (this.#usedBytes <= goal) return
      capturer.forgetOldest(this.#usedBytes - goal)
    }
  }
}
