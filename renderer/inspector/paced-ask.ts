/** How a paced ask asks, and where the answers go. */
export interface PacedAskOptions<Q, A> {
  readonly ask: (question: Q) => Promise<A>
  readonly take: (answer: A, question: Q) => void
  readonly fail: (error: unknown) => void
  readonly leastMsBetween: number
}

/** Asks one question at a time and at most every so often; of what is wanted meanwhile only the newest is asked. */
export class PacedAsk<Q, A> {
  readonly #options: PacedAskOptions<Q, A>
  #next: Q | null = null
  #isAsking = false
  #askedAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | null = null
  #isStopped = false

  constructor(options: PacedAskOptions<Q, A>) {
    this.#options = options
  }

  /** Wants an answer, or with null none any more; an urgent question waits for no pace, only for the one that is being answered. */
  want(question: Q | null, { isUrgent = false }: { isUrgent?: boolean } = {}): void {
    this.#next = question
    if (isUrgent) this.#askedAt = Number.NEGATIVE_INFINITY
    this.#step()
  }

  /** Nothing is asked or taken from now on, until `resume`. */
  stop(): void {
    this.#isStopped = true
    this.#next = null
    this.#clearTimer()
  }

  resume(): void {
    this.#isStopped = false
  }

  #step(): void {
    this.#clearTimer()
    if (this.#next === null || this.#isAsking || this.#isStopped) return
    const waitMs = this.#askedAt + this.#options.leastMsBetween - performance.now()
    if (waitMs > 0) this.#timer = setTimeout(() => this.#step(), waitMs)
    else void this.#askNext(this.#next)
  }

  async #askNext(question: Q): Promise<void> {
    this.#next = null
    this.#isAsking = true
    this.#askedAt = performance.now()
    try {
      const answer = await this.#options.ask(question)
      if (!this.#isStopped) this.#options.take(answer, question)
    } catch (error) {
      if (!this.#isStopped) this.#options.fail(error)
    } finally {
      this.#isAsking = false
      this.#step()
    }
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
