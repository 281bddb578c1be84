import { useCallback, useEffect, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { RowWindow, rowClass } from '../exchanges/row-window.tsx'
import type { Column } from '../exchanges/table-columns.ts'
import type { RowReader } from '../inspector/row-reader.ts'
import { visibleLine } from '../inspector/visible-text.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { cx } from '../parts/cx.ts'
import { formatDuration } from '../text.ts'
import { saysTheSame } from './compare-numbers.ts'

type ColumnId = 'index' | 'leftA' | 'dataA' | 'differs' | 'leftB' | 'dataB'

const columns: readonly Column<ColumnId>[] = [
  { id: 'index', title: '#', widthPx: 40, alignsEnd: true },
  { id: 'leftA', title: 'A left', widthPx: 60, alignsEnd: true, rank: 1 },
  { id: 'dataA', title: 'A', widthPx: 80, grows: true },
  { id: 'differs', title: '≠', widthPx: 32 },
  { id: 'leftB', title: 'B left', widthPx: 60, alignsEnd: true, rank: 1 },
  { id: 'dataB', title: 'B', widthPx: 80, grows: true },
]

export interface CompareRowsProps {
  readonly first: Exchange
  readonly second: Exchange
  readonly readers: readonly [RowReader, RowReader]
}

/** The rows of two exchanges by their number; where they say something else, that is marked. */
export function CompareRows({ first, second, readers: [one, other] }: CompareRowsProps) {
  const [screen, setScreen] = useState<{ readonly span: RowSpan; readonly screenRows: number }>({ span: { from: 0, to: 0 }, screenRows: 0 })
  const [selected, setSelected] = useState<number | null>(null)
  const count = Math.max(first.rows, second.rows)
  const seeSpan = useCallback((span: RowSpan, screenRows: number) => setScreen({ span, screenRows }), [])
  useReading(one, first, screen)
  useReading(other, second, screen)
  if (count === 0) return <EmptyState title="Neither has rows yet">They appear here side by side as they come.</EmptyState>
  return (
    <RowWindow
      label="Rows of both, by their number"
      columns={columns}
      count={count}
      rowPx={24}
      keyAt={(index) => index}
      indexOf={(key) => Math.min(key, count - 1)}
      growsAt="end"
      opensAtStart
      selectedKey={selected}
      onSelect={setSelected}
      onSpan={seeSpan}
      className="bg-panel"
    >
      {(index, shown, rowId) => {
        const [a, b] = [one.row(index), other.row(index)]
        const isMissing = index >= first.rows || index >= second.rows
        const differs = a && b ? !saysTheSame(a, b) : isMissing
        return (
          <div
            id={rowId(index)}
            role="row"
            aria-rowindex={index + 2}
            aria-selected={index === selected}
            data-key={index}
            className={cx(rowClass, 'font-mono text-11', index === selected ? 'bg-sel' : 'hover:bg-raised')}
          >
            {shown.map(({ id, alignsEnd }) => (
              <span key={id} role="gridcell" className={cx('min-w-0 truncate', alignsEnd && 'text-right')}>
                {id === 'index' ? (
                  <span className="text-mute">{index + 1}</span>
                ) : id === 'differs' ? (
                  differs && (
                    <b role="img" aria-label="differs">
                      ≠
                    </b>
                  )
                ) : id === 'leftA' || id === 'leftB' ? (
                  <span className="text-mute">{leftWords(id === 'leftA' ? a : b, id === 'leftA' ? first : second)}</span>
                ) : (
                  <Data row={id === 'dataA' ? a : b} isThere={index < (id === 'dataA' ? first : second).rows} differs={differs} />
                )}
              </span>
            ))}
          </div>
        )
      }}
    </RowWindow>
  )
}

function Data({ row, isThere, differs }: { row: Row | undefined; isThere: boolean; differs: boolean }) {
  if (!isThere) return <i className="text-faint">none</i>
  return row && <span className={differs ? 'font-semibold' : 'text-mute'}>{visibleLine(row.preview)}</span>
}

function leftWords(row: Row | undefined, { startedAt }: Exchange): string {
  return row ? (row.leftAt === null ? 'here' : formatDuration(row.leftAt - startedAt)) : ''
}

function useReading(reader: RowReader, { rows, leftRows }: Exchange, { span, screenRows }: { span: RowSpan; screenRows: number }): void {
  useEffect(() => {
    if (screenRows > 0) reader.see({ span, screenRows, isFollowing: false, rows, leftRows })
  }, [reader, span, screenRows, rows, leftRows])
}
