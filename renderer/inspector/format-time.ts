import type { TimeFormat } from '../state/view-store.ts'
import { formatClockMs, formatDayClock, formatOffset } from '../text.ts'

/** Writes a time of an event in the format that was chosen; `startedAt` is when its exchange began. */
export function formatTime(at: number, format: TimeFormat, startedAt: number): string {
  switch (format) {
    case 'compact':
      return formatClockMs(at)
    case 'full':
      return formatDayClock(at)
    case 'relative':
      return formatOffset(at - startedAt)
    default:
      return format satisfies never
  }
}
