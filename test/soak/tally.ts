/** Counts by name, for the table at the end. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(name: string, count = 1): void {
    this.#counts.set(name, this.get(name) + count)
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** All counts whose names start so, largest first, as a line of text. */
  text(prefix: string): string {
    return [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name.slice(prefix.length)} ${count.toLocaleString('en')}`)
      .join(', ')
  }
}
