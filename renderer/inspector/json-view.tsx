import { ChevronRight, ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useId, useMemo, useState, type KeyboardEvent } from 'react'
import { useElementSize } from '../exchanges/element-size.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { copyText } from '../parts/copy-text.ts'
import { cx } from '../parts/cx.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useRowWindow } from '../parts/row-window.ts'
import { formatCount } from '../text.ts'
import { canFold, foldedAll, foldedAtFirst, jsonRows, shortLength, type JsonRow } from './json-rows.ts'
import { copiedValue, pathOf, unquoted, valueText, type JsonNode, type JsonTree } from './json-tree.ts'
import { treeMove } from './tree-keys.ts'
import { visibleLine } from './visible-text.ts'

const rowRem = 1.25
const stepRem = 0.875
/** Levels beyond this are not set further in: a deep tree would leave no room for its text. */
const deepestStep = 14
const charactersPerRem = 2.25

/** JSON as a tree to fold, walk by keys and copy from; only what is in sight exists as elements. */
export function JsonView({ tree }: { tree: JsonTree }) {
  const id = useId()
  const [folded, setFolded] = useState(() => foldedAtFirst(tree))
  const [chosen, setChosen] = useState<JsonRow>({ node: 0, piece: null })
  const [columns, setColumns] = useState(80)
  const rows = useMemo(() => jsonRows(tree, folded, columns), [tree, folded, columns])
  const { scroller, look, from, to, rowPx, reveal } = useRowWindow(rows.length, rowRem)
  const { widthPx, textScale } = useElementSize(scroller)
  const roomRem = widthPx / 16 / textScale - 3 - 4 * stepRem
  const fitting = Math.max(20, Math.floor((roomRem * charactersPerRem) / 10) * 10)
  if (widthPx > 0 && fitting !== columns) setColumns(fitting)

  const foundAt = rows.findIndex((row) => row === chosen)
  // A piece of a string that was cut anew stands for its value.
  const chosenAt =
    foundAt >= 0
      ? foundAt
      : Math.max(
          0,
          rows.findIndex(({ node }) => node === chosen.node),
        )
  const node = tree.nodes[chosen.node]
  const path = pathOf(tree, chosen.node)

  const choose = (at: number): void => {
    const row = rows[at]
    if (!row) return
    setChosen(row)
    reveal(at)
  }
  const fold = (index: number, isFolded: boolean): void => {
    const next = new Set(folded)
    if (isFolded) next.add(index)
    else next.delete(index)
    setFolded(next)
    setChosen({ node: index, piece: null })
  }
  const foldAll = (next: ReadonlySet<number>): void => {
    setFolded(next)
    setChosen({ node: 0, piece: null })
    reveal(0)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && node && window.getSelection()?.isCollapsed !== false) {
      event.preventDefault()
      copyText(copiedValue(tree, node))
      return
    }
    const move = treeMove(event, {
      tree,
      rows,
      at: chosenAt,
      folded,
      pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 200) / rowPx) - 1),
    })
    if (!move) return
    event.preventDefault()
    if (move.type === 'go') choose(move.at)
    else if (move.type === 'fold') fold(move.node, move.isFolded)
    else if (move.type === 'unfold-all') setFolded(new Set())
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="tree"
        aria-label="JSON"
        aria-activedescendant={chosenAt >= from && chosenAt < to ? `${id}-${chosenAt}` : undefined}
        tabIndex={0}
        data-event-start=""
        className="relative min-h-24 flex-1 overflow-x-hidden overflow-y-auto outline-none [overflow-anchor:none] focus-visible:shadow-[inset_2px_0_var(--focus)]"
        onScroll={look}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className="relative" style={{ height: rows.length * rowPx }}>
          <div role="presentation" className="absolute inset-x-0 top-0" style={{ transform: `translateY(${from * rowPx}px)` }}>
            {rows.slice(from, to).map((row, offset) => (
              <TreeRow
                key={from + offset}
                id={`${id}-${from + offset}`}
                tree={tree}
                row={row}
                isFolded={folded.has(row.node)}
                isChosen={from + offset === chosenAt}
                onChoose={() => setChosen(row)}
                onFold={(isFolded) => fold(row.node, isFolded)}
              />
            ))}
          </div>
        </div>
      </div>
      <div className="flex h-8 shrink-0 items-center gap-1 border-t border-line bg-bg pr-1.5 pl-3">
        <span className="min-w-0 flex-1 truncate font-mono text-11 text-mute" data-selectable="" title={visibleLine(path)}>
          {visibleLine(path)}
        </span>
        <CopyButton text={path} label="Copy the path" />
        {node && <CopyButton text={() => copiedValue(tree, node)} label="Copy the value" />}
        <IconButton size="small" label="Expand all" onClick={() => foldAll(new Set())}>
          <ChevronsUpDown size={13} />
        </IconButton>
        <IconButton size="small" label="Collapse all" onClick={() => foldAll(foldedAll(tree))}>
          <ChevronsDownUp size={13} />
        </IconButton>
      </div>
    </div>
  )
}

interface TreeRowProps {
  readonly id: string
  readonly tree: JsonTree
  readonly row: JsonRow
  readonly isFolded: boolean
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly onFold: (isFolded: boolean) => void
}

function TreeRow({ id, tree, row, isFolded, isChosen, onChoose, onFold }: TreeRowProps) {
  const node = tree.nodes[row.node]
  if (!node) return null
  const depth = node.depth + (row.piece === null ? 0 : 1)
  const folds = row.piece === null && canFold(node)
  const siblings = tree.nodes[node.parent]?.size ?? 1
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the tree has the focus and the keys
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={row.piece === null ? siblings : undefined}
      aria-posinset={row.piece === null ? node.place + 1 : undefined}
      aria-expanded={folds ? !isFolded : undefined}
      aria-selected={isChosen}
      className={cx('flex h-5 items-center pr-3 font-mono text-11 whitespace-pre', isChosen ? 'bg-sel' : 'hover:bg-raised')}
      style={{ paddingLeft: `${0.375 + Math.min(depth, deepestStep) * stepRem}rem` }}
      onClick={onChoose}
      onDoubleClick={() => folds && onFold(!isFolded)}
    >
      <span
        aria-hidden="true"
        className="flex h-5 w-4 shrink-0 items-center text-mute"
        onClick={(event) => {
          if (!folds) return
          event.stopPropagation()
          onFold(!isFolded)
        }}
      >
        {folds && <ChevronRight size={12} className={cx('transition-transform', !isFolded && 'rotate-90')} />}
      </span>
      {row.piece === null ? (
        <NodeText tree={tree} node={node} isFolded={isFolded} onShow={() => onFold(false)} />
      ) : (
        <span data-selectable="">{row.piece}</span>
      )}
    </div>
  )
}

function NodeText({ tree, node, isFolded, onShow }: { tree: JsonTree; node: JsonNode; isFolded: boolean; onShow: () => void }) {
  const isLong = canFold(node) && (node.kind === 'string' || node.kind === 'deep')
  return (
    <>
      {node.key !== null && <span className="max-w-1/2 shrink-0 truncate text-mute">{visibleLine(nameOf(node.key))}</span>}
      {node.key === null && node.parent >= 0 && <span className="shrink-0 text-faint">{node.place}</span>}
      {node.parent >= 0 && <span className="shrink-0 text-faint">: </span>}
      <span className={cx('min-w-0 truncate', tones[node.kind])} data-selectable="">
        {node.kind === 'object' || node.kind === 'array' ? holds(node) : visibleLine(valueText(tree, node).slice(0, shortLength))}
      </span>
      {isLong && isFolded && (
        <button
          type="button"
          tabIndex={-1}
          className="ml-2 shrink-0 rounded-tag px-1 font-sans text-mute hover:bg-raised hover:text-text"
          onClick={onShow}
        >
          … show all {formatCount(node.to - node.from)} characters
        </button>
      )}
    </>
  )
}

/** Names are shown as they mean; one that needs its escapes to be told apart keeps them. */
function nameOf(key: string): string {
  const name = unquoted(key)
  return name === '' || /^\s|\s$|[":]/.test(name) ? key : name
}

function holds({ kind, size }: JsonNode): string {
  if (size === 0) return kind === 'object' ? '{}' : '[]'
  const [opens, closes] = kind === 'object' ? ['{', '}'] : ['[', ']']
  return `${opens} ${formatCount(size)} ${closes}`
}

const tones: Readonly<Record<JsonNode['kind'], string>> = {
  object: 'text-faint',
  array: 'text-faint',
  string: '',
  number: 'font-semibold',
  word: 'font-semibold',
  deep: 'text-mute',
}
