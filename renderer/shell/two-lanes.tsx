const stepPx = 14
const count = 26
const heldFrom = 9
const releases = [15, 20]

/** The idea in a drawing: events arrive above and leave below; while they are held, the lines between become a fan. */
export function TwoLanes() {
  return (
    <svg viewBox={`0 0 ${count * stepPx} 92`} className="mb-1 w-[22.75rem] max-w-full" aria-hidden="true">
      <rect x={x(heldFrom) - 7} y="12" width={x(releases[1] ?? 0) - x(heldFrom) + 8} height="68" rx="3" className="fill-held-bg" />
      <text x="0" y="9" className="fill-faint text-[11px]">
        from upstream
      </text>
      <text x="0" y="90" className="fill-faint text-[11px]">
        to client
      </text>
      <text x={x(heldFrom) - 2} y="90" className="fill-held text-[11px]">
        buffering on
      </text>
      {Array.from({ length: count }, (_, index) => {
        const left = leavesAt(index)
        const isHeld = index >= heldFrom && index <= (releases.at(-1) ?? 0)
        return (
          <g key={index}>
            <line
              x1={x(index)}
              y1="32"
              x2={x(left)}
              y2="60"
              className={isHeld ? 'stroke-held' : 'stroke-edge'}
              strokeWidth="1"
              opacity={isHeld ? 0.7 : 0.6}
            />
            <rect x={x(index) - 1} y="18" width="2" height="14" className="fill-flow" />
            <rect x={x(left) - 1} y="60" width="2" height="14" className={isHeld ? 'fill-held' : 'fill-out'} />
          </g>
        )
      })}
    </svg>
  )
}

function x(place: number): number {
  return 4 + place * stepPx
}

function leavesAt(place: number): number {
  if (place < heldFrom) return place
  return releases.find((release) => place <= release) ?? place
}
