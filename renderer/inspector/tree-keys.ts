import { listMove, rowAfterMove } from '../exchanges/list-keys.ts'
import { canFold, type JsonRow } from './json-rows.ts'
import type { JsonTree } from './json-tree.ts'

/** What a key does in a tree: to another row, fold or unfold one, or unfold everything. */
export type TreeMove =
  | { readonly type: 'go'; readonly at: number }
  | { readonly type: 'fold'; readonly node: number; readonly isFolded: boolean }
  | { readonly type: 'unfold-all' }

/** How a tree stands when a key comes. */
export interface TreeStanding {
  readonly tree: JsonTree
  readonly rows: readonly JsonRow[]
  readonly at: number
  readonly folded: ReadonlySet<number>
  readonly pageRows: number
}

/** The move that a key asks for, as trees have it everywhere (WAI-ARIA tree view); null for a key that the tree leaves alone. */
export function treeMove(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { tree, rows, at, folded, pageRows }: TreeStanding,
): TreeMove | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const row = rows[at]
  const node = row && tree.nodes[row.node]
  if (!row || !node) return null
  const folds = row.piece === null && canFold(node)
  const isFolded = folded.has(row.node)
  const parentAt = () => rows.findIndex((other) => other.piece === null && other.node === (row.piece === null ? node.parent : row.node))
  switch (event.key) {
    case 'ArrowRight':
      if (folds && isFolded) return { type: 'fold', node: row.node, isFolded: false }
      return { type: 'go', at: folds ? at + 1 : at }
    case 'ArrowLeft':
      if (folds && !isFolded) return { type: 'fold', node: row.node, isFolded: true }
      return { type: 'go', at: Math.max(0, parentAt()) }
    case 'Enter':
    case ' ':
      return folds ? { type: 'fold', node: row.node, isFolded: !isFolded } : { type: 'go', at }
    case '*':
      return { type: 'unfold-all' }
  }
  const move = listMove(event)
  if (!move || move === 'open' || move === 'close') return null
  const next = rowAfterMove(move, at, { count: rows.length, pageRows })
  return next === null ? null : { type: 'go', at: next }
}
