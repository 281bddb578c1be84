import type { PathSuggestion } from '../contract/assembled.ts'
import { isObject } from './json-fields.ts'
import { nameStep } from './json-path.ts'

/** Rows that are looked at. */
const lookedAtRows = 64
const leavesPerRow = 200
const knownLeaves = 400
const deepest = 10
const suggested = 6
const sampleLength = 80

interface Leaf {
  readonly values: Set<string>
  sample: string
  characters: number
}

/** Looks for strings that change from row to row in the first rows of a stream: one of them is likely its text. */
export class PathSuggester {
  readonly #leaves = new Map<string, Leaf>()
  #rows = 0

  /** Looks at one more row: its JSON value, or its text when it is none. */
  look(value: unknown, text: string): void {
    if (this.#rows >= lookedAtRows) return
    this.#rows++
    if (value === undefined) {
      this.#add('$', text)
      return
    }
    let left = leavesPerRow
    const walk = (entry: unknown, path: string, depth: number): void => {
      if (left <= 0 || depth > deepest) return
      if (typeof entry === 'string') {
        left--
        this.#add(path, entry)
      } else if (Array.isArray(entry)) {
        entry.slice(0, 8).forEach((each, index) => walk(each, `${path}[${index}]`, depth + 1))
      } else if (isObject(entry)) {
        for (const [name, each] of Object.entries(entry)) walk(each, `${path}${nameStep(name)}`, depth + 1)
      }
    }
    walk(value, '$', 0)
  }

  /** The paths whose strings vary, the likeliest first. */
  suggestions(): PathSuggestion[] {
    return [...this.#leaves]
      .filter(([path, leaf]) => leaf.characters > 0 && path.length <= 200 && (leaf.values.size > 1 || this.#rows === 1))
      .map(([path, leaf]) => ({ path, sample: leaf.sample, score: score(path, leaf) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, suggested)
      .map(({ path, sample }) => ({ path, sample }))
  }

  #add(path: string, text: string): void {
    let leaf = this.#leaves.get(path)
    if (!leaf) {
      if (this.#leaves.size >= knownLeaves) return
      leaf = { values: new Set(), sample: '', characters: 0 }
      this.#leaves.set(path, leaf)
    }
    leaf.values.add(text.slice(0, 100))
    leaf.characters += text.length
    if (leaf.sample.length < sampleLength) leaf.sample = (leaf.sample + text).slice(0, sampleLength)
  }
}

/** Text has spaces, and is where text usually is; ids and times change as well, and are not what is looked for. */
function score(path: string, { values, sample }: Leaf): number {
  const last = path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0))
  const isUsual = /content|text|delta|message|token|answer|output|completion|^\$$/i.test(last)
  const isLabel = /id|time|date|created|hash|version|type|model|event|role|status/i.test(last)
  return values.size + (isUsual ? 100 : 0) - (isLabel ? 100 : 0) + (/\s/.test(sample) ? 50 : 0)
}
