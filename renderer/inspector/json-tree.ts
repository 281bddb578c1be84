import { isJson } from './json-tokens.ts'

/** What a value in JSON is; `deep` is one that lies too deep to be taken apart, kept as it was written. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'word' | 'deep'

/** One value, in the order of the text; what it holds follows it, up to `end`. */
export interface JsonNode {
  readonly kind: JsonKind
  /** Its name as it was written, quotes included; null in an array and at the root. */
  readonly key: string | null
  /** Its place among what its parent holds. */
  readonly place: number
  /** The index of its parent; -1 for the root. */
  readonly parent: number
  readonly depth: number
  /** Where in the text it is. */
  readonly from: number
  to: number
  /** How many values it holds itself. */
  size: number
  /** The index after the last value in it. */
  end: number
}

/** A JSON text taken apart; every literal stays as it was sent, and repeated names stay repeated. */
export interface JsonTree {
  readonly text: string
  readonly nodes: readonly JsonNode[]
}

/** Deeper than this a value is left as one text. */
export const deepestLevel = 200
/** Beyond this many values a tree costs more than it helps. */
const mostNodes = 400_000
const longestText = 8_388_608

/** The tree of a JSON object or array; null when the text is something else, or holds too much. */
export function scanJson(text: string): JsonTree | null {
  if (text.length > longestText || !/^\s*[[{]/.test(text) || !isJson(text)) return null
  const nodes: JsonNode[] = []
  const open: number[] = []
  let key: string | null = null
  // The text is known to be JSON, so pairs match and names stand where they may.
  for (const { 0: literal, index: at } of text.matchAll(literals)) {
    const parent = open.at(-1) ?? -1
    const holder = nodes[parent]
    const isFull = holder?.kind === 'deep'
    if (literal === '}' || literal === ']') {
      open.pop()
      if (!holder) continue
      holder.to = at + 1
      holder.end = nodes.length
      continue
    }
    if (literal === ',' || literal === ':') continue
    const isContainer = literal === '{' || literal === '['
    if (isFull) {
      // Its pairs are counted and nothing in it is kept: the same node stands for every level below.
      if (isContainer) open.push(parent)
      continue
    }
    if (holder?.kind === 'object' && key === null) {
      key = literal
      continue
    }
    if (nodes.length === mostNodes) return null
    nodes.push({
      kind: kindOf(literal, open.length),
      key,
      place: holder?.size ?? 0,
      parent,
      depth: open.length,
      from: at,
      to: at + literal.length,
      size: 0,
      end: nodes.length + 1,
    })
    if (holder) holder.size++
    key = null
    if (isContainer) open.push(nodes.length - 1)
  }
  return { text, nodes }
}

/** A value as it was written. */
export function valueText({ text }: JsonTree, node: JsonNode): string {
  return text.slice(node.from, node.to)
}

/** What is copied of a value: a string without its quotes and escapes, everything else as it was written. */
export function copiedValue(tree: JsonTree, node: JsonNode): string {
  const text = valueText(tree, node)
  return node.kind === 'string' ? unquoted(text) : text
}

/** Where a value is, as a JSON path, in the form that the assembled text takes too. */
export function pathOf({ nodes }: JsonTree, index: number): string {
  const parts: string[] = []
  for (let node = nodes[index]; node && node.parent >= 0; node = nodes[node.parent]) parts.push(step(node))
  return `$${parts.reverse().join('')}`
}

/** A name or string without its quotes and escapes. */
export function unquoted(literal: string): string {
  const value: unknown = JSON.parse(literal)
  return typeof value === 'string' ? value : literal
}

const literals = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g

function kindOf(literal: string, depth: number): JsonKind {
  if (literal === '{' || literal === '[') return depth >= deepestLevel ? 'deep' : literal === '{' ? 'object' : 'array'
  if (literal.startsWith('"')) return 'string'
  return /^[-\d]/.test(literal) ? 'number' : 'word'
}

function step({ key, place }: JsonNode): string {
  if (key === null) return `[${place}]`
  const name = unquoted(key)
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? `.${name}` : `['${name.replace(/[\\']/g, '\\$&')}']`
}
