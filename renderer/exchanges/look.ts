import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'

const leastMsBetween = 250

/** Says which exchanges are on screen, and which of them are followed: only when that changed, and at most four times a second. */
export class LookReporter {
  readonly #say: (ids: readonly ExchangeId[], followedIds: readonly ExchangeId[]) => void
  #said = ''
  #next: readonly ExchangeId[] = []
  #followed: readonly ExchangeId[] = []
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(say: (ids: readonly ExchangeId[], followedIds: readonly ExchangeId[]) => void) {
    this.#say = say
  }

  see(ids: readonly ExchangeId[], followedIds: readonly ExchangeId[]): void {
    this.#next = ids
    this.#followed = followedIds
    if (this.#timer === null) this.#report()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #report(): void {
    const ids = this.#next
    const followedIds = this.#followed
    const key = `${ids.join()};${followedIds.join()}`
    if (key === this.#said) return
    this.#said = key
    this.#say(ids, followedIds)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#report()
    }, leastMsBetween)
  }
}
