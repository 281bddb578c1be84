/**
 * Gives the rows on screen places to be drawn in: a row stays in its place, and one that comes takes that of one that went.
 * So a scroll fills elements that are there with other words. New ones in their stead cost a page several times the time, nearly all of
 * it for their styles.
 */
export class RowSlots {
  #slots = new Map<number, number>()

  /** The place of each key, in their order; no two have the same. */
  assign(keys: readonly number[]): readonly number[] {
    const stay = keys.filter((key) => this.#slots.has(key)).length
    // An element that is moved costs as much as a new one. After a jump fewer are when all begin again in their order.
    const before = stay * 2 < keys.length ? none : this.#slots
    const taken = new Set(keys.map((key) => before.get(key)))
    let free = 0
    const slots = keys.map((key) => {
      const kept = before.get(key)
      if (kept !== undefined) return kept
      while (taken.has(free)) free++
      return free++
    })
    this.#slots = new Map(keys.map((key, index) => [key, slots[index] ?? index]))
    return slots
  }
}

const none: ReadonlyMap<number, number> = new Map()
