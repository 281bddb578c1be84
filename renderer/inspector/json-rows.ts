import { unquoted, valueText, type JsonNode, type JsonTree } from './json-tree.ts'
import { visibleLine } from './visible-text.ts'

/** A line of the tree: a value, or a piece of a long string that is shown in full. */
export interface JsonRow {
  readonly node: number
  /** The text of a piece; null on the row of the value itself. */
  readonly piece: string | null
}

/** How much of a value its own row shows, in characters. */
export const shortLength = 120
/** A tree of more values than this opens with its first levels alone. */
const openedNodes = 1000

/** Whether there is something to fold: values within, or a string longer than its row. */
export function canFold({ kind, size, from, to }: JsonNode): boolean {
  return kind === 'string' || kind === 'deep' ? to - from > shortLength : size > 0
}

/** What is folded when a tree is opened: long strings, and in a large tree all below the second level. */
export function foldedAtFirst({ nodes }: JsonTree): ReadonlySet<number> {
  const isLarge = nodes.length > openedNodes
  return foldedWhere(nodes, (node) => node.kind === 'string' || node.kind === 'deep' || (isLarge && node.depth >= 2))
}

/** Everything folded but the root. */
export function foldedAll({ nodes }: JsonTree): ReadonlySet<number> {
  return foldedWhere(nodes, ({ depth }) => depth > 0)
}

/** The rows of a tree, pieces of strings no wider than `columns` characters. */
export function jsonRows(tree: JsonTree, folded: ReadonlySet<number>, columns: number): readonly JsonRow[] {
  const { nodes } = tree
  const rows: JsonRow[] = []
  for (let index = 0; index < nodes.length;) {
    const node = nodes[index]
    if (!node) break
    rows.push({ node: index, piece: null })
    const isFolded = folded.has(index)
    if (!isFolded && (node.kind === 'string' || node.kind === 'deep') && canFold(node)) {
      const text = valueText(tree, node)
      for (const piece of pieces(node.kind === 'string' ? unquoted(text) : text, columns)) rows.push({ node: index, piece })
    }
    index = isFolded ? node.end : index + 1
  }
  return rows
}

/** Text cut into lines: where it breaks, and where it is too wide. Wide characters count twice. */
export function pieces(text: string, columns: number): readonly string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => cut(visibleLine(line), columns))
}

function cut(line: string, columns: number): string[] {
  const parts: string[] = []
  let from = 0
  let width = 0
  for (let at = 0; at < line.length;) {
    const code = line.codePointAt(at) ?? 0
    const wide = code >= 0x1100 ? 2 : 1
    if (width + wide > columns && at > from) {
      parts.push(line.slice(from, at))
      from = at
      width = 0
    }
    width += wide
    at += code > 0xffff ? 2 : 1
  }
  parts.push(line.slice(from))
  return parts
}

function foldedWhere(nodes: readonly JsonNode[], isFolded: (node: JsonNode) => boolean): ReadonlySet<number> {
  const folded = new Set<number>()
  nodes.forEach((node, index) => {
    if (canFold(node) && isFolded(node)) folded.add(index)
  })
  return folded
}
