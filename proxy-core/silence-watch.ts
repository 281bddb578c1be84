/** Waits for an upstream that has fallen silent in the middle of its response. What it was made to wait for is no silence of its own. */
export class SilenceWatch {
  readonly #limitMs: number
  readonly #onSilent: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #isPaused = false
  #isDue = false

  constructor(limitMs: number, onSilent: () => void) {
    this.#limitMs = limitMs
    this.#onSilent = onSilent
    this.heard()
  }

  /** Something came, so that the time starts anew. */
  heard(): void {
    if (this.#isPaused) return
    this.#isDue = false
    // Rather than a new timer for every chunk.
    if (this.#timer === null) this.#timer = setTimeout(() => this.#elapsed(), this.#limitMs)
    else this.#timer.refresh()
  }

  /** The upstream is made to wait, or may go on: then it has all of the time again. */
  throttled(isPaused: boolean): void {
    this.#isPaused = isPaused
    if (isPaused) this.stop()
    else this.heard()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#isDue = false
  }

  #elapsed(): void {
    this.#timer = null
    this.#isDue = true
    // What came while the loop was busy is read first.
    setImmediate(() => {
      if (this.#isDue) this.#onSilent()
    })
  }
}
