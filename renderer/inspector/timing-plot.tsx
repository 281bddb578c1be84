import { useState } from 'react'
import type { Timing } from '../../proxy-core/contract/timing.ts'
import { formatDuration, plural } from '../text.ts'

const heightPx = 96

/** Rows over time on both clocks: from the upstream upwards, to the client downwards. */
export function TimingPlot({ timing, noun }: { timing: Timing; noun: string }) {
  const [column, setColumn] = useState<number | null>(null)
  const { arrived, left, columns, columnMs } = timing
  const most = Math.max(1, ...arrived.rows, ...left.rows)
  const bars = (rows: Float64Array, direction: 1 | -1) =>
    Array.from(rows, (count, at) => `M${at + 0.5} ${heightPx / 2}v${((-direction * count) / most) * (heightPx / 2 - 2)}`).join('')
  const at = (series: Float64Array) => series[column ?? 0] ?? 0
  const held = at(timing.longestHeldMs)
  const words =
    column === null
      ? `${noun}s in steps of ${formatDuration(columnMs)}: from the upstream above, to the client below`
      : `after ${formatDuration(column * columnMs)}: ${plural(at(arrived.rows), noun)} in, ${at(left.rows)} out${Number.isNaN(held) ? '' : `, longest held ${formatDuration(held)}`}`
  return (
    <figure className="m-0">
      <svg
        role="img"
        aria-label={`Rate. ${words}`}
        viewBox={`0 0 ${columns} ${heightPx}`}
        preserveAspectRatio="none"
        className="block h-24 w-full rounded-control border border-line bg-bg"
        onPointerMove={(event) => {
          const { left: start, width } = event.currentTarget.getBoundingClientRect()
          setColumn(Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - start) / width) * columns))))
        }}
        onPointerLeave={() => setColumn(null)}
      >
        <path d={bars(arrived.rows, 1)} className="stroke-flow" strokeWidth="0.8" />
        <path d={bars(left.rows, -1)} className="stroke-out" strokeWidth="0.8" />
      </svg>
      <figcaption className="mt-1 text-11 text-mute">{words}</figcaption>
    </figure>
  )
}
