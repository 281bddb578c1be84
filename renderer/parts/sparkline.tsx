/** A rate over time as a small line; the number next to it says the same. */
export function Sparkline({ series, width = 56, height = 14 }: { series: readonly number[]; width?: number; height?: number }) {
  const top = Math.max(1, ...series)
  const step = series.length > 1 ? (width - 2) / (series.length - 1) : 0
  const points = series.map(
    (value, index) => `${(1 + index * step).toFixed(1)},${(height - 1.5 - (value / top) * (height - 3)).toFixed(1)}`,
  )
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      className="shrink-0 overflow-visible text-flow"
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
