import { memo } from 'react'
import { rowClass } from '../exchanges/row-window.tsx'
import { cx } from '../parts/cx.ts'
import { formatCount } from '../text.ts'
import { hexLine, hexOffset } from './hex-line.ts'
import type { RawForm } from './raw-controls.tsx'
import { visibleRuns } from './visible-text.ts'

export interface RawRowProps {
  readonly id: string
  readonly index: number
  readonly form: RawForm
  /** The offset of its first byte. */
  readonly at: number
  readonly total: number
  /** Null while they are being fetched. */
  readonly bytes: Uint8Array | null
}

/** One row of bytes. */
export const RawRow = memo(
  function RawRow({ id, index, form, at, total, bytes }: RawRowProps) {
    return (
      <div id={id} role="row" aria-rowindex={index + 2} className={cx(rowClass, 'font-mono text-11 hover:bg-raised')}>
        <span role="gridcell" className="text-right text-faint select-none">
          {form === 'hex' ? hexOffset(at, total) : formatCount(at)}
        </span>
        {form === 'hex' ? <HexCells bytes={bytes} /> : <TextCell bytes={bytes} />}
      </div>
    )
  },
  (old, next) =>
    old.index === next.index && old.form === next.form && old.at === next.at && old.id === next.id && isSameBytes(old.bytes, next.bytes),
)

function HexCells({ bytes }: { bytes: Uint8Array | null }) {
  const { hex, text } = bytes ? hexLine(bytes) : { hex: '', text: '' }
  return (
    <>
      <span role="gridcell" className="whitespace-pre">
        {hex}
      </span>
      <span role="gridcell" className="truncate whitespace-pre text-mute">
        {text}
      </span>
    </>
  )
}

function TextCell({ bytes }: { bytes: Uint8Array | null }) {
  const runs = bytes ? visibleRuns(new TextDecoder().decode(bytes)) : []
  return (
    <span role="gridcell" className="truncate whitespace-pre">
      {runs.map(({ text, isMark }, index) => (
        <span key={index} className={isMark ? 'text-faint' : undefined}>
          {text.replace(/\n$/, '')}
        </span>
      ))}
    </span>
  )
}

// Rows are read afresh at every round; the same bytes in a new array are no reason to draw.
function isSameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === null || other === null) return one === other
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
