import { timelineStride, type Timeline } from '../../proxy-core/contract/rows.ts'
import { formatDuration, plural } from '../text.ts'
import type { TimeSpan } from './strip-view.ts'

/** What the strip shows, in a sentence, for those who cannot see it. */
export function timelineSummary(
  timeline: Timeline,
  { from, to }: TimeSpan,
  { edge, isKeptByFault = false }: { edge: number; isKeptByFault?: boolean },
): string {
  let arrived = 0
  let left = 0
  let waiting = 0
  let longestMs = 0
  const { points } = timeline
  for (let at = 0; at + timelineStride <= points.length; at += timelineStride) {
    const arrivedAt = points[at] ?? 0
    const leftAt = points[at + 1] ?? Number.NaN
    if (arrivedAt >= from && arrivedAt <= to) arrived++
    if (leftAt >= from && leftAt <= to) left++
    if (Number.isNaN(leftAt)) waiting++
    longestMs = Math.max(longestMs, (Number.isNaN(leftAt) ? edge : leftAt) - arrivedAt)
  }
  const isOn = timeline.decisions.some((decision) => decision.mode === 'on')
  const counts = `${plural(arrived, 'mark')} from the upstream and ${left} to the client in ${formatDuration(to - from)}.`
  const held = longestMs > 0 ? ` The longest was here for ${formatDuration(longestMs)}.` : ''
  const here = waiting > 0 ? ` ${waiting} still ${isKeptByFault ? 'kept by a fault' : 'held'}.` : ''
  return `${counts}${held}${here} Buffering was ${isOn ? 'on in this time' : 'off'}.`
}
