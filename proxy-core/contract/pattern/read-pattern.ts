import { anyInLine, digits, invert, spaces, unite, withBothCases, wordCharacters, type CharSet } from './char-set.ts'

/** A regular expression as a tree. */
export type PatternNode =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly node: PatternNode; readonly least: number; readonly most: number }
  | { readonly type: 'assert'; readonly place: 'start' | 'end' | 'edge' | 'no-edge' }

/** What is wrong with a pattern, as a sentence. */
export class PatternError extends Error {}

const mostRepeats = 1000
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 }
const classes: Readonly<Record<string, CharSet>> = {
  d: digits,
  D: invert(digits),
  w: wordCharacters,
  W: invert(wordCharacters),
  s: spaces,
  S: invert(spaces),
}

/** Reads the part of JavaScript's regular expressions that can be matched in linear time: all but look-around and back references. */
export function readPattern(source: string, ignoresCase: boolean): PatternNode {
  return new PatternReader(source, ignoresCase).read()
}

class PatternReader {
  readonly #source: string
  readonly #ignoresCase: boolean
  #at = 0

  constructor(source: string, ignoresCase: boolean) {
    this.#source = source
    this.#ignoresCase = ignoresCase
  }

  read(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#source.length) throw new PatternError('A closing ) has no opening one.')
    return node
  }

  #choice(): PatternNode {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? (nodes[0] as PatternNode) : { type: 'choice', nodes }
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = []
    while (this.#at < this.#source.length && !this.#is('|') && !this.#is(')')) nodes.push(this.#repeated())
    return { type: 'sequence', nodes }
  }

  #repeated(): PatternNode {
    const node = this.#atom()
    const bounds = this.#bounds()
    if (bounds === null) return node
    if (node.type === 'assert') throw new PatternError('There is nothing to repeat before a *, +, ? or {.')
    // A lazy one finds the same, only sooner.
    this.#take('?')
    if (this.#is('*') || this.#is('+') || this.#is('?')) throw new PatternError('There is nothing to repeat before a *, +, ? or {.')
    return { type: 'repeat', node, ...bounds }
  }

  #bounds(): { least: number; most: number } | null {
    if (this.#take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { least: 0, most: 1 }
    const counted = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at))
    if (!counted) return null
    this.#at += counted[0].length
    const least = Number(counted[1])
    const most = counted[2] === undefined ? least : counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3])
    if (least > mostRepeats || (most > mostRepeats && most !== Number.POSITIVE_INFINITY)) {
      throw new PatternError(`A count in braces is at most ${mostRepeats}.`)
    }
    if (most < least) throw new PatternError('The counts in braces are in the wrong order.')
    return { least, most }
  }

  #atom(): PatternNode {
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#set(this.#class())
      case '.':
        return { type: 'set', set: anyInLine }
      case '^':
        return { type: 'assert', place: 'start' }
      case '$':
        return { type: 'assert', place: 'end' }
      case '*':
      case '+':
      case '?':
        throw new PatternError('There is nothing to repeat before a *, +, ? or {.')
      case '\\':
        return this.#escape()
      default:
        return this.#unit(character.charCodeAt(0))
    }
  }

  #group(): PatternNode {
    if (this.#take('?') && !this.#take(':') && !this.#takeName()) {
      throw new PatternError('Look-ahead, look-behind and inline flags are not known here: patterns are matched in linear time.')
    }
    const node = this.#choice()
    if (!this.#take(')')) throw new PatternError('An opening ( has no closing one.')
    return node
  }

  #takeName(): boolean {
    const name = /^<[A-Za-z_$][\w$]*>/.exec(this.#source.slice(this.#at))
    this.#at += name?.[0].length ?? 0
    return name !== null
  }

  #escape(): PatternNode {
    const character = this.#next('A pattern cannot end in a single \\.')
    if (character === 'b') return { type: 'assert', place: 'edge' }
    if (character === 'B') return { type: 'assert', place: 'no-edge' }
    if (/[1-9k]/.test(character)) throw new PatternError('References back are not known here: patterns are matched in linear time.')
    const set = classes[character]
    return set ? { type: 'set', set } : this.#unit(this.#escapedUnit(character))
  }

  #escapedUnit(character: string): number {
    const control = controls[character]
    if (control !== undefined) return control
    if (character === 'x' || character === 'u') {
      const hex = (character === 'x' ? /^[\da-f]{2}/i : /^[\da-f]{4}/i).exec(this.#source.slice(this.#at))
      if (!hex) throw new PatternError(`\\${character} takes ${character === 'x' ? 'two' : 'four'} hexadecimal digits.`)
      this.#at += hex[0].length
      return Number.parseInt(hex[0], 16)
    }
    if (/[a-z]/i.test(character)) throw new PatternError(`\\${character} is not known here.`)
    return character.charCodeAt(0)
  }

  #class(): CharSet {
    const isInverted = this.#take('^')
    const sets: CharSet[] = []
    while (!this.#take(']')) {
      const from = this.#member()
      const isRange = this.#is('-') && this.#source[this.#at + 1] !== ']' && this.#at + 1 < this.#source.length
      if (!isRange || typeof from !== 'number') {
        sets.push(typeof from === 'number' ? [from, from] : from)
        continue
      }
      this.#at++
      const to = this.#member()
      if (typeof to !== 'number') sets.push([from, from], [0x2d, 0x2d], to)
      else if (to < from) throw new PatternError('A range in brackets is in the wrong order.')
      else sets.push([from, to])
    }
    const set = this.#ignoresCase ? withBothCases(unite(sets)) : unite(sets)
    return isInverted ? invert(set) : set
  }

  #member(): number | CharSet {
    const character = this.#next('An opening [ has no closing one.')
    if (character !== '\\') return character.charCodeAt(0)
    const escaped = this.#next('An opening [ has no closing one.')
    if (escaped === 'b') return 8
    return classes[escaped] ?? this.#escapedUnit(escaped)
  }

  #unit(unit: number): PatternNode {
    return this.#set(this.#ignoresCase ? withBothCases([unit, unit]) : [unit, unit])
  }

  #set(set: CharSet): PatternNode {
    return { type: 'set', set }
  }

  #next(otherwise = 'The pattern is cut short.'): string {
    const character = this.#source[this.#at++]
    if (character === undefined) throw new PatternError(otherwise)
    return character
  }

  #is(character: string): boolean {
    return this.#source[this.#at] === character
  }

  #take(character: string): boolean {
    const isThere = this.#is(character)
    if (isThere) this.#at++
    return isThere
  }
}
