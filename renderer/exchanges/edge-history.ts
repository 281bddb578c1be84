/** Where the end of a growing list was a moment ago. */
export class EdgeHistory {
  readonly #keptMs: number
  /** By time: from when on the end was where. The first one is the only one that may be older than is asked for. */
  readonly #edges: { readonly at: number; readonly px: number }[] = []

  constructor(keptMs: number) {
    this.#keptMs = keptMs
  }

  /** The end is here from now on. */
  note(px: number, at: number): void {
    this.#edges.push({ at, px })
    while ((this.#edges[1]?.at ?? at) <= at - this.#keptMs) this.#edges.shift()
  }

  /** Where the end was `keptMs` ago, or when it was first noted. */
  before(now: number): number {
    return (this.#edges.findLast(({ at }) => at <= now - this.#keptMs) ?? this.#edges[0])?.px ?? 0
  }
}
