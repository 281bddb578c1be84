/** How many examples of one kind of finding are kept. */
const examples = 3

/** What was not as it must be, by kind, with a few examples of each. */
export class Findings {
  readonly #kinds = new Map<string, { count: number; readonly examples: string[] }>()

  get count(): number {
    return [...this.#kinds.values()].reduce((sum, kind) => sum + kind.count, 0)
  }

  add(kind: string, example: string): void {
    const known = this.#kinds.get(kind) ?? { count: 0, examples: [] }
    known.count++
    if (known.examples.length < examples) known.examples.push(example)
    this.#kinds.set(kind, known)
  }

  /** One line a kind, its examples below it. */
  text(): string {
    if (this.#kinds.size === 0) return 'findings: none\n'
    const lines = [...this.#kinds].flatMap(([kind, found]) => [
      `  ${String(found.count)} × ${kind}`,
      ...found.examples.map((example) => `      ${example}`),
    ])
    return `findings: ${String(this.count)}\n${lines.join('\n')}\n`
  }
}
