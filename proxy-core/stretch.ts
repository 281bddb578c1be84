import { now } from './clock.ts'
import type { Stretch } from './contract/timing.ts'
import { inSlices } from './in-slices.ts'
import { firstLeftSince, type RowSource } from './row-source.ts'

const rowsPerStep = 2000

/** Adds up what arrived and left from one time to another; `endedAt` is null while the exchange is open. */
export async function readStretch(
  tap: RowSource,
  { from, to, endedAt }: { from: number; to: number; endedAt: number | null },
): Promise<Stretch> {
  const first = tap.firstRowSince(from)
  const end = tap.firstRowSince(Math.max(from, to))
  const heldUntil = endedAt ?? now()
  let bytes = 0
  let longestHeldMs = 0
  let longestGapMs = 0
  let beforeAt = Number.NaN
  let leftRows = 0
  // What left in it may have arrived before.
  let index = Math.min(first, firstLeftSince(tap, from))
  await inSlices(() => {
    for (const stop = Math.min(end, index + rowsPerStep); index < stop; index++) {
      const bounds = tap.row(index)
      if (!bounds) continue
      const leftAt = tap.leftAt(bounds.end)
      if (leftAt !== null && leftAt >= from && leftAt < to) leftRows++
      if (index < first) continue
      const arrivedAt = tap.arrivedAt(bounds.end)
      bytes += bounds.end - bounds.start
      longestHeldMs = Math.max(longestHeldMs, (leftAt ?? heldUntil) - arrivedAt)
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
    leftRows,
    firstRow: rows === 0 ? null : first,
    longestHeldMs: rows === 0 ? null : longestHeldMs,
    longestGapMs: rows < 2 ? null : longestGapMs,
  }
}
