import { compilePattern, type Pattern } from '../../proxy-core/contract/pattern/pattern.ts'

/** The keys that a term may begin with. */
export const filterKeys = [
  'route',
  'status',
  'method',
  'path',
  'host',
  'is',
  'held',
  'events',
  'bytes',
  'duration',
  'type',
  'verdict',
] as const
export type FilterKey = (typeof filterKeys)[number]

/** What `is:` may say. */
export const filterStates = ['open', 'complete', 'failed', 'aborted', 'held', 'pinned'] as const
export type FilterState = (typeof filterStates)[number]

/** What a term asks for, once it is read. */
export type Wanted =
  | { readonly kind: 'text'; readonly key: FilterKey | null; readonly has: (text: string) => boolean }
  | { readonly kind: 'number'; readonly key: FilterKey; readonly fits: (value: number) => boolean }
  | { readonly kind: 'state'; readonly state: FilterState }

/** One term of a filter, and where it stands in the text. */
export interface FilterTerm {
  readonly from: number
  readonly to: number
  readonly key: FilterKey | null
  readonly isNegated: boolean
  /** Null where it can't be read; `problem` then says why. */
  readonly wanted: Wanted | null
  readonly problem: string | null
}

/** Texts are looked at so far. */
const longestText = 2048
const numericKeys: readonly FilterKey[] = ['held', 'events', 'bytes', 'duration']
const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  held: { '': 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  duration: { '': 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  bytes: { '': 1, b: 1, kb: 1000, mb: 1e6, gb: 1e9, kib: 1024, mib: 1_048_576, gib: 1_073_741_824 },
  events: { '': 1, k: 1000, m: 1e6 },
}

/** Takes the text of a filter apart; a term that makes no sense says why and asks for nothing. */
export function readFilterTerms(text: string): readonly FilterTerm[] {
  const terms: FilterTerm[] = []
  for (let from = 0; from < text.length;) {
    if (/\s/.test(text[from] ?? '')) from++
    else {
      const to = endOfTerm(text, from)
      terms.push({ from, to, ...readTerm(text.slice(from, to)) })
      from = to
    }
  }
  return terms
}

function endOfTerm(text: string, from: number): number {
  const start = /^-?([a-z]+:)?/i.exec(text.slice(from))?.[0].length ?? 0
  const rest = text.slice(from + start)
  const whole = /^"[^"]*("|$)/.exec(rest) ?? /^\/(?:[^/\\\n]|\\.)+\/i?(?=\s|$)/.exec(rest)
  if (whole) return from + start + whole[0].length
  return from + start + (/^\S*/.exec(rest)?.[0].length ?? 0)
}

function readTerm(term: string): Pick<FilterTerm, 'key' | 'isNegated' | 'wanted' | 'problem'> {
  const isNegated = term.length > 1 && term.startsWith('-')
  const body = isNegated ? term.slice(1) : term
  const [, name, value = ''] = /^([a-z]+):(.*)$/is.exec(body) ?? []
  const isText = name === undefined || value.startsWith('//') || /^\d+$/.test(value)
  const key = filterKeys.find((known) => known === name?.toLowerCase()) ?? null
  if (key === null && !isText) {
    return { key, isNegated, wanted: null, problem: `There is no key ${name}. Put the term in "quotes" to look for it as text.` }
  }
  const read = key === null ? readText(null, body) : readValue(key, value)
  return typeof read === 'string' ? { key, isNegated, wanted: null, problem: read } : { key, isNegated, wanted: read, problem: null }
}

/** A term's value, a sentence that says what is wrong with it, or null while it is still to be typed. */
function readValue(key: FilterKey, value: string): Wanted | string | null {
  if (value === '') return null
  if (key === 'is') {
    const state = filterStates.find((known) => known === value.toLowerCase())
    return state ? { kind: 'state', state } : `is: takes ${filterStates.slice(0, -1).join(', ')} or ${filterStates.at(-1)}.`
  }
  if (key === 'status') return readStatus(value)
  return numericKeys.includes(key) ? readNumber(key, value) : readText(key, value)
}

function readStatus(value: string): Wanted | string {
  const group = /^([1-5])xx$/i.exec(value)?.[1]
  if (group !== undefined) return { kind: 'number', key: 'status', fits: (status) => Math.floor(status / 100) === Number(group) }
  const [, sign = '', code] = /^([<>]=?|=)?(\d{3})$/.exec(value) ?? []
  if (code === undefined) return 'status: takes a number such as 404, a group such as 4xx, or a comparison such as >=500.'
  return { kind: 'number', key: 'status', fits: comparison(sign === '' ? '=' : sign, Number(code)) }
}

function readNumber(key: FilterKey, value: string): Wanted | string {
  const [, sign = '', amount, unit = ''] = /^([<>]=?|=)?(\d+(?:\.\d+)?)([a-z]*)$/i.exec(value) ?? []
  const factor = units[key]?.[unit.toLowerCase()]
  if (amount !== undefined && factor !== undefined) {
    return { kind: 'number', key, fits: comparison(sign === '' ? '>=' : sign, Number(amount) * factor) }
  }
  const example = { held: '>500ms', duration: '>2s', bytes: '>1mb' }[key as string] ?? '>100'
  const known = Object.keys(units[key] ?? {}).filter((name) => name !== '')
  return `${key}: takes a number such as ${example}; its units are ${known.join(', ')}.`
}

function comparison(sign: string, limit: number): (value: number) => boolean {
  if (sign === '>') return (value) => value > limit
  if (sign === '<') return (value) => value < limit
  if (sign === '<=') return (value) => value <= limit
  return sign === '=' ? (value) => value === limit : (value) => value >= limit
}

function readText(key: FilterKey | null, value: string): Wanted | string {
  const [, source, flag] = /^\/((?:[^/\\]|\\.)+)\/(i?)$/s.exec(value) ?? []
  if (source !== undefined) {
    const pattern = compilePattern(source, { ignoresCase: flag === 'i' })
    return typeof pattern === 'string' ? pattern : { kind: 'text', key, has: matcher(pattern) }
  }
  const word = (value.startsWith('"') ? value.replace(/^"|"$/g, '') : value).toLowerCase()
  return { kind: 'text', key, has: (text) => text.toLowerCase().includes(word) }
}

function matcher(pattern: Pattern): (text: string) => boolean {
  return (text) => pattern.test(text.length > longestText ? text.slice(0, longestText) : text)
}
