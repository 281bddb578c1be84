import { contains, wordCharacters, type CharSet } from './char-set.ts'
import { PatternError, type PatternNode } from './read-pattern.ts'

const stateLimit = 2000

/** Where the end of the text is treated as one more kind of character. */
export const endOfText = 0

/** A state: takes a character, parts in two, asserts something of its place, or is the end of a match. */
export type State =
  | { readonly type: 'take'; readonly takes: Uint8Array; next: number }
  | { readonly type: 'part'; next: number; other: number }
  | { readonly type: 'assert'; readonly place: 'start' | 'end' | 'edge' | 'no-edge'; next: number }
  | { readonly type: 'match' }

/** What comes before a place in the text. */
export type Before = 'nothing' | 'word' | 'other'

/** A pattern as states, over kinds of characters that no set of the pattern tells apart. */
export class Automaton {
  readonly states: State[] = [{ type: 'match' }]
  readonly start: number
  readonly kinds: number
  readonly #starts: readonly number[]
  readonly #isWord: readonly boolean[]
  readonly #table = new Uint16Array(256)

  constructor(root: PatternNode) {
    const edges = new Set<number>([0])
    for (const set of [wordCharacters, ...setsOf(root)]) {
      for (let index = 0; index < set.length; index += 2) edges.add(set[index] ?? 0).add((set[index + 1] ?? 0) + 1)
    }
    this.#starts = [...edges].filter((edge) => edge <= 0xffff).sort((one, other) => one - other)
    this.kinds = this.#starts.length + 1
    this.#isWord = [false, ...this.#starts.map((from) => contains(wordCharacters, from))]
    for (let unit = 0; unit < 256; unit++) this.#table[unit] = this.#search(unit)
    this.start = this.#build(root, 0)
  }

  /** The kind of a character; `endOfText` is none of them. */
  kindOf(unit: number): number {
    return unit < 256 ? (this.#table[unit] ?? 0) : this.#search(unit)
  }

  isWord(kind: number): boolean {
    return this.#isWord[kind] ?? false
  }

  /** Whether an assertion holds between what came before and the character of a kind. */
  holds(place: 'start' | 'end' | 'edge' | 'no-edge', before: Before, kind: number): boolean {
    if (place === 'start') return before === 'nothing'
    if (place === 'end') return kind === endOfText
    return ((before === 'word') !== this.isWord(kind)) === (place === 'edge')
  }

  #search(unit: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) <= unit) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Adds the states of a node that leads to `next`; returns where it begins. */
  #build(node: PatternNode, next: number): number {
    switch (node.type) {
      case 'set':
        return this.#add({ type: 'take', takes: this.#kindsIn(node.set), next })
      case 'assert':
        return this.#add({ type: 'assert', place: node.place, next })
      case 'sequence':
        return node.nodes.reduceRight((following, part) => this.#build(part, following), next)
      case 'choice':
        return node.nodes
          .map((part) => this.#build(part, next))
          .reduceRight((other, first) => this.#add({ type: 'part', next: first, other }))
      case 'repeat':
        return this.#repeat(node, next)
      default:
        return node satisfies never
    }
  }

  #repeat({ node, least, most }: Extract<PatternNode, { type: 'repeat' }>, next: number): number {
    let from = next
    if (most === Number.POSITIVE_INFINITY) {
      from = this.#add({ type: 'part', next, other: next })
      const loop = this.states[from] as Extract<State, { type: 'part' }>
      loop.next = this.#build(node, from)
    } else {
      for (let count = least; count < most; count++) from = this.#add({ type: 'part', next: this.#build(node, from), other: next })
    }
    for (let count = 0; count < least; count++) from = this.#build(node, from)
    return from
  }

  #kindsIn(set: CharSet): Uint8Array {
    return Uint8Array.from([false, ...this.#starts.map((from) => contains(set, from))], Number)
  }

  #add(state: State): number {
    if (this.states.length >= stateLimit) throw new PatternError('The pattern is too large; use smaller counts.')
    this.states.push(state)
    return this.states.length - 1
  }
}

function setsOf(node: PatternNode): readonly CharSet[] {
  if (node.type === 'set') return [node.set]
  if (node.type === 'repeat') return setsOf(node.node)
  return node.type === 'assert' ? [] : node.nodes.flatMap(setsOf)
}
