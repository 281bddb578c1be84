import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { BodyRange } from '../../proxy-core/contract/rows.ts'
import type { RowSpan } from '../exchanges/row-range.ts'
import { RowWindow } from '../exchanges/row-window.tsx'
import type { Column } from '../exchanges/table-columns.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { formatBytes } from '../text.ts'
import { BodyReader } from './body-reader.ts'
import { errorMessage } from './error-message.ts'
import type { ByteSpan } from './line-index.ts'
import type { RawForm } from './raw-controls.tsx'
import { RawRow } from './raw-row.tsx'

export interface BytesViewProps {
  readonly read: (span: ByteSpan) => Promise<BodyRange>
  readonly form: RawForm
  /** Bytes in a row of hex, or at most in a row of text. */
  readonly columns: number
  readonly total: number
}

/** Bytes as rows of text or hex, read as they come into sight. */
export function BytesView({ read, form, columns, total }: BytesViewProps) {
  const [reader] = useState(() => new BodyReader(read, columns))
  useSyncExternalStore(reader.subscribe, reader.version)
  const [span, setSpan] = useState<RowSpan>({ from: 0, to: 40 })
  const seeSpan = useCallback((next: RowSpan) => setSpan(next), [])

  const { lines, first } = reader
  const isHex = form === 'hex'
  const firstRow = isHex ? Math.floor(first / columns) : (lines?.indexAt(first) ?? 0)
  const count = (isHex ? Math.ceil(total / columns) : (lines?.lines ?? 0)) - firstRow
  const bytesOf = (index: number): ByteSpan => {
    if (!isHex) return lines?.line(firstRow + index) ?? { from: 0, to: 0 }
    return { from: Math.max(first, (firstRow + index) * columns), to: Math.min(total, (firstRow + index + 1) * columns) }
  }
  const from = count > 0 ? bytesOf(Math.min(span.from, count - 1)).from : 0
  const to = count > 0 ? bytesOf(Math.min(span.to, count) - 1).to : 0
  useEffect(() => reader.see({ span: { from, to }, total, needsLines: !isHex }), [reader, from, to, total, isHex])

  const shown = useMemo(() => columnsOf(form, columns), [form, columns])
  if (reader.error !== null) return <EmptyState title="The bytes are no longer kept">{errorMessage(reader.error)}</EmptyState>
  return (
    <div className="flex h-full min-h-0 flex-col">
      {first > 0 && (
        <p className="shrink-0 border-b border-line bg-bg px-3 py-1 text-12 text-mute">
          The first {formatBytes(first)} are forgotten, the capture budget is full.
        </p>
      )}
      <div className="min-h-0 flex-1">
        <RowWindow
          label={isHex ? 'Bytes as hex' : 'Bytes as text'}
          columns={shown}
          count={count}
          rowPx={20}
          keyAt={(index) => firstRow + index}
          indexOf={(key) => Math.min(Math.max(0, key - firstRow), Math.max(0, count - 1))}
          growsAt="start"
          selectedKey={null}
          onSelect={() => undefined}
          onSpan={seeSpan}
          className="bg-panel"
        >
          {(index, _columns, rowId) => {
            const place = bytesOf(index)
            return (
              <RawRow id={rowId(firstRow + index)} index={index} form={form} at={place.from} total={total} bytes={reader.read(place)} />
            )
          }}
        </RowWindow>
      </div>
    </div>
  )
}

/** How many bytes a row holds in so much room. */
export function columnsFor(form: RawForm, widthPx: number): number {
  if (form === 'hex') return widthPx < 380 ? 4 : widthPx < 560 ? 8 : 16
  // Steps of 20, so that dragging the split does not look through the body anew at every pixel.
  return Math.max(20, Math.floor((widthPx - 110) / 7 / 20) * 20)
}

function columnsOf(form: RawForm, columns: number): readonly Column[] {
  const offset: Column = { id: 'offset', title: form === 'hex' ? 'Offset' : 'At byte', widthPx: 62, alignsEnd: true }
  if (form === 'text') return [offset, { id: 'text', title: 'Text', widthPx: 100, grows: true }]
  return [offset, { id: 'hex', title: 'Bytes', widthPx: columns * 21 + 12 }, { id: 'text', title: 'Text', widthPx: 60, grows: true }]
}
