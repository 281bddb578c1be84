import { now } from './clock.ts'
import type { Stretch } from './contract/timing.ts'
import { inSlices } from './in-slices.ts'
import { firstRowLeftSince } from './rows.ts'
import type { Tap } from './tap.ts'

const rowsPerStep = 2000

/** Adds up what arrived and left from one time to another; `endedAt` is null while the exchange is open. */
export async function readStretch(tap: Tap, { from, to, endedAt }: { from: number; to: number; endedAt: number | null }): Promise<Stretch> {
  const first = tap.firstRowSince(from)
  const end = tap.firstRowSince(Math.max(from, to))
  const heldUntil = endedAt ?? now()
  let bytes = 0
  let longestHeldMs = 0
  let longestGapMs = 0
  let beforeAt = Number.NaN
  let index = first
  await inSlices(() => {
    for (const stop = Math.min(end, index + rowsPerStep); index < stop; index++) {
      const bounds = tap.row(index)
      if (!bounds) continue
      const arrivedAt = tap.arrivedAt(bounds.end)
      bytes += bounds.end - bounds.start
      longestHeldMs = Math.max(longestHeldMs, (tap.leftAt(bounds.end) ?? heldUntil) - arrivedAt)
      if (arrivedAt - beforeAt > longestGapMs) longestGapMs = arrivedAt - beforeAt
      beforeAt = arrivedAt
    }
    return index < end
  })
  const rows = end - first
  return {
    from,
    to,
    rows,
    bytes,
    leftRows: firstRowLeftSince(tap, to) - firstRowLeftSince(tap, from),
    firstRow: rows === 0 ? null : first,
    longestHeldMs: rows === 0 ? null : longestHeldMs,
    longestGapMs: rows < 2 ? null : longestGapMs,
  }
}
