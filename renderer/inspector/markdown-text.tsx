import { memo, useMemo, type ReactNode } from 'react'
import { cx } from '../parts/cx.ts'
import { isSame } from '../state/keep-same.ts'
import { markdownBlocks, type MarkdownBlock } from './markdown-blocks.ts'
import { markdownRuns, type MarkdownRun } from './markdown-inline.ts'
import { visibleProse } from './visible-text.ts'

const deepest = 6

/** Markdown as React elements: no HTML, no pictures, nothing that can be followed; a link is its text with its address. */
export function MarkdownText({ text, depth = 0 }: { text: string; depth?: number }) {
  const blocks = useMemo(() => (depth < deepest ? markdownBlocks(text) : [{ kind: 'paragraph', text } as const]), [text, depth])
  return (
    <div className={cx('flex min-w-0 flex-col', depth === 0 ? 'gap-2.5' : 'gap-1.5')}>
      {blocks.map((block, index) => (
        <Block key={index} block={block} depth={depth} />
      ))}
    </div>
  )
}

// A text grows at its end: all blocks but the last stay as they were drawn.
const Block = memo(
  function Block({ block, depth }: { block: MarkdownBlock; depth: number }): ReactNode {
    switch (block.kind) {
      case 'paragraph':
        return (
          <p className="whitespace-pre-wrap">
            <Runs text={block.text} />
          </p>
        )
      case 'heading':
        return (
          <p role="heading" aria-level={Math.min(6, block.level + 3)} className={cx('mt-1 font-semibold', block.level <= 2 && 'text-15')}>
            <Runs text={block.text} />
          </p>
        )
      case 'code':
        return (
          <pre className="rounded-control border border-line bg-bg px-2.5 py-2 font-mono text-12 leading-[1.5] whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:4]">
            {block.language !== '' && <span className="block text-11 text-faint select-none">{visibleProse(block.language)}</span>}
            {visibleProse(block.text)}
          </pre>
        )
      case 'quote':
        return (
          <blockquote className="border-l-2 border-edge pl-3 text-mute">
            <MarkdownText text={block.text} depth={depth + 1} />
          </blockquote>
        )
      case 'list': {
        const items = block.items.map((item, index) => (
          <li key={index}>
            <MarkdownText text={item} depth={depth + 1} />
          </li>
        ))
        const look = 'flex flex-col gap-1 pl-6 marker:text-faint'
        return block.start === null ? (
          <ul className={cx(look, 'list-disc')}>{items}</ul>
        ) : (
          <ol start={block.start} className={cx(look, 'list-decimal')}>
            {items}
          </ol>
        )
      }
      case 'table':
        return <Table head={block.head} rows={block.rows} />
      case 'rule':
        return <hr className="border-line" />
      default:
        return block satisfies never
    }
  },
  (before, after) => before.depth === after.depth && isSame(before.block, after.block),
)

function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  const cell = 'border border-line px-2 py-1 text-left align-top'
  return (
    <table className="w-fit max-w-full border-collapse text-12">
      <thead>
        <tr>
          {head.map((text, index) => (
            <th key={index} className={cx(cell, 'bg-raised font-semibold')}>
              <Runs text={text} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((text, column) => (
              <td key={column} className={cell}>
                <Runs text={text} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Runs({ text }: { text: string }) {
  return useMemo(() => drawn(markdownRuns(text)), [text])
}

function drawn(runs: readonly MarkdownRun[]): ReactNode {
  return runs.map((run, index) => <Run key={index} run={run} />)
}

function Run({ run }: { run: MarkdownRun }): ReactNode {
  switch (run.kind) {
    case 'text':
      return visibleProse(run.text)
    case 'code':
      return <code className="rounded-tag border border-line bg-bg px-1 font-mono text-12">{visibleProse(run.text)}</code>
    case 'strong':
      return <strong className="font-semibold">{drawn(run.runs)}</strong>
    case 'emphasis':
      return <em>{drawn(run.runs)}</em>
    case 'struck':
      return <s>{drawn(run.runs)}</s>
    case 'link':
      return (
        <>
          {run.text !== '' && run.text !== run.url && <>{visibleProse(run.text)} </>}
          <span className="font-mono text-12 text-mute">
            {run.text !== run.url && run.text !== '' ? `(${visibleProse(run.url)})` : visibleProse(run.url)}
          </span>
        </>
      )
    default:
      return run satisfies never
  }
}
