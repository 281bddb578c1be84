import { visibleLine } from '../inspector/visible-text.ts'
import { cx } from '../parts/cx.ts'

const tailLength = 18

/** Text on one line that loses its middle where there is no room: both ends of a path tell most. The title has it all. */
export function MiddleElided({ text, className }: { text: string; className?: string }) {
  const line = visibleLine(text)
  const head = line.length > tailLength * 2 ? line.slice(0, -tailLength) : line
  return (
    <span className={cx('flex min-w-0', className)} title={line}>
      <span className="truncate">{head}</span>
      {head.length < line.length && <span className="shrink-0 whitespace-pre">{line.slice(head.length)}</span>}
    </span>
  )
}
