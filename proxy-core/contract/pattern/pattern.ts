import { Automaton, endOfText, type Before } from './automaton.ts'
import { PatternError, readPattern } from './read-pattern.ts'

/** The longest pattern that is read. */
export const longestPattern = 300
/** Places that are remembered; beyond this they are forgotten and found anew. */
const placeLimit = 2000

/** Where a match of a text stands: which states could be in force. Opaque to all but the pattern that made it. */
export interface PatternPlace {
  readonly states: readonly number[]
  readonly before: Before
  readonly next: (PatternPlace | undefined)[]
}

/** The place of a text that matches, whatever follows. */
export const matched: PatternPlace = { states: [], before: 'nothing', next: [] }

/**
 * A regular expression that takes linear time whatever the pattern and the text: the text is read once, and all ways to match it are
 * followed together. So there is no pattern that stalls whoever runs it.
 */
export class Pattern {
  /** Where every text begins. */
  readonly initial: PatternPlace
  readonly #automaton: Automaton
  readonly #places = new Map<string, PatternPlace>()
  readonly #seen: Uint32Array
  #round = 0

  /** Throws a `PatternError` that says what is wrong with the source. */
  constructor(source: string, { ignoresCase }: { ignoresCase: boolean }) {
    if (source.length > longestPattern) throw new PatternError(`A pattern has at most ${longestPattern} characters.`)
    this.#automaton = new Automaton(readPattern(source, ignoresCase))
    this.#seen = new Uint32Array(this.#automaton.states.length)
    this.initial = { states: [], before: 'nothing', next: [] }
  }

  /** Whether some part of a text matches. */
  test(text: string): boolean {
    return this.ends(this.advance(this.initial, text, 0, text.length))
  }

  /** Reads a stretch of a text; a long text can be read stretch by stretch. */
  advance(place: PatternPlace, text: string, from: number, to: number): PatternPlace {
    let here = place
    for (let index = from; index < to && here !== matched; index++) {
      const kind = this.#automaton.kindOf(text.charCodeAt(index))
      here = here.next[kind] ?? this.#step(here, kind)
    }
    return here
  }

  /** Whether a text that ends at this place matches. */
  ends(place: PatternPlace): boolean {
    return place === matched || (place.next[endOfText] ?? this.#step(place, endOfText)) === matched
  }

  /** The first match at or after a place in the text, as long as it can be; null when there is none. */
  find(text: string, from: number): readonly [start: number, end: number] | null {
    const { states } = this.#automaton
    let threads: (readonly [state: number, start: number])[] = []
    let best: readonly [number, number] | null = null
    for (let index = from; index <= text.length; index++) {
      if (best === null) threads.push([this.#automaton.start, index])
      else if (threads.length === 0) break
      const kind = index < text.length ? this.#automaton.kindOf(text.charCodeAt(index)) : endOfText
      const taken: (readonly [number, number])[] = []
      this.#round++
      for (const [first, start] of threads) {
        if (best !== null && start > best[0]) continue
        this.#follow(first, this.#beforeAt(text, index), kind, (state) => {
          const found = states[state]
          if (found?.type === 'match' && (best === null || start <= best[0])) best = [start, index]
          else if (found?.type === 'take' && found.takes[kind]) taken.push([found.next, start])
        })
      }
      threads = taken
    }
    return best
  }

  #step(place: PatternPlace, kind: number): PatternPlace {
    const { states, start } = this.#automaton
    const taken: number[] = []
    let isMatch = false
    this.#round++
    for (const first of [...place.states, start]) {
      this.#follow(first, place.before, kind, (index) => {
        const state = states[index]
        if (state?.type === 'match') isMatch = true
        else if (state?.type === 'take' && state.takes[kind]) taken.push(state.next)
      })
    }
    const next = isMatch ? matched : this.#placeOf(taken, this.#automaton.isWord(kind) ? 'word' : 'other')
    place.next[kind] = next
    return next
  }

  /** Tells of every state that is reached without taking a character, each once a round. */
  #follow(first: number, before: Before, kind: number, reached: (state: number) => void): void {
    const open = [first]
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#seen[index] === this.#round) continue
      this.#seen[index] = this.#round
      const state = this.#automaton.states[index]
      if (state?.type === 'part') open.push(state.other, state.next)
      else if (state?.type === 'assert') {
        if (this.#automaton.holds(state.place, before, kind)) open.push(state.next)
      } else reached(index)
    }
  }

  #placeOf(taken: number[], before: Before): PatternPlace {
    const states = [...new Set(taken)].sort((one, other) => one - other)
    const key = `${before} ${states.join()}`
    const known = this.#places.get(key)
    if (known) return known
    if (this.#places.size >= placeLimit) {
      for (const old of this.#places.values()) old.next.length = 0
      this.#places.clear()
      this.initial.next.length = 0
    }
    const place: PatternPlace = { states, before, next: [] }
    this.#places.set(key, place)
    return place
  }

  #beforeAt(text: string, index: number): Before {
    if (index === 0) return 'nothing'
    return this.#automaton.isWord(this.#automaton.kindOf(text.charCodeAt(index - 1))) ? 'word' : 'other'
  }
}

/** A pattern, or what is wrong with it. */
export function compilePattern(source: string, options: { ignoresCase: boolean }): Pattern | string {
  try {
    return new Pattern(source, options)
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}
