import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'

const leastMsBetween = 250

/** Says which exchanges are on screen: only when that changed, and at most four times a second. */
export class LookReporter {
  readonly #say: (ids: readonly ExchangeId[]) => void
  #said = ''
  #next: readonly ExchangeId[] = []
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(say: (ids: readonly ExchangeId[]) => void) {
    this.#say = say
  }

  see(ids: readonly ExchangeId[]): void {
    this.#next = ids
    if (this.#timer === null) this.#report()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #report(): void {
    const ids = this.#next
    const key = ids.join()
    if (key === this.#said) return
    this.#said = key
    this.#say(ids)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#report()
    }, leastMsBetween)
  }
}
