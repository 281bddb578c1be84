/** Waits for an upstream that has fallen silent in the middle of its response. What it was made to wait for is no silence of its own. */
export class SilenceWatch {
  readonly #limitMs: number
  readonly #onSilent: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  /** When the silence would have begun that the timer waits for the end of. */
  #timedFrom = 0
  #heardAt = 0
  #isPaused = false
  #isDue = false

  constructor(limitMs: number, at: number, onSilent: () => void) {
    this.#limitMs = limitMs
    this.#onSilent = onSilent
    this.heard(at)
  }

  /** Something came, so that the time starts anew. */
  heard(at: number): void {
    if (this.#isPaused) return
    this.#heardAt = at
    this.#isDue = false
    // A running timer is left alone: to set it anew for every chunk moves it in a list, whose neighbours have left the processor's caches.
    if (this.#timer === null) this.#wait(this.#limitMs)
  }

  /** The upstream is made to wait, or may go on: then it has all of the time again. */
  throttled(isPaused: boolean, at: number): void {
    this.#isPaused = isPaused
    if (isPaused) this.stop()
    else this.heard(at)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#isDue = false
  }

  #wait(ms: number): void {
    this.#timedFrom = this.#heardAt
    this.#timer = setTimeout(() => this.#elapsed(), ms)
  }

  #elapsed(): void {
    this.#timer = null
    // The time for which a later silence has yet to go on. The clock is not asked: it leaps when the machine has slept, timers do not.
    const restMs = Math.min(Math.ceil(this.#heardAt - this.#timedFrom), this.#limitMs)
    if (restMs > 0) {
      this.#wait(restMs)
      return
    }
    this.#isDue = true
    // What came while the loop was busy is read first.
    setImmediate(() => {
      if (this.#isDue) this.#onSilent()
    })
  }
}
