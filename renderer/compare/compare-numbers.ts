import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import type { Stretch } from '../../proxy-core/contract/timing.ts'
import { formatBytes, formatCount, formatDuration } from '../text.ts'

/** One of two exchanges that are compared, with what was asked of the gateway besides. */
export interface ComparedSide {
  readonly exchange: Exchange
  /** Its first row. */
  readonly firstRow: Row | undefined
  /** All of its life. */
  readonly stretch: Stretch | null
}

/** One line of the numbers of a comparison, all as text. */
export interface ComparedNumber {
  readonly name: string
  readonly first: string
  readonly second: string
  /** How the second differs from the first; empty where nothing can be said. */
  readonly difference: string
}

/** The numbers of two exchanges beside one another. */
export function comparedNumbers(first: ComparedSide, second: ComparedSide, now: number): readonly ComparedNumber[] {
  const line = (name: string, read: (side: ComparedSide) => number | null, write: (value: number) => string): ComparedNumber => {
    const [a, b] = [read(first), read(second)]
    return {
      name,
      first: a === null ? '–' : write(a),
      second: b === null ? '–' : write(b),
      difference: a === null || b === null ? '' : differenceOf(b - a, write),
    }
  }
  const since = (at: number | null | undefined, { exchange }: ComparedSide): number | null =>
    at === null || at === undefined ? null : at - exchange.startedAt
  return [
    line('Time to head', (side) => since(side.exchange.respondedAt, side), formatDuration),
    line('First row arrived', (side) => since(side.exchange.firstRowAt, side), formatDuration),
    line('First row left', (side) => since(side.firstRow?.leftAt, side), formatDuration),
    line('Longest held', ({ stretch }) => stretch?.longestHeldMs ?? null, formatDuration),
    line('Longest gap', ({ stretch }) => stretch?.longestGapMs ?? null, formatDuration),
    line('Rows', ({ exchange }) => exchange.rows, formatCount),
    line('Events', ({ exchange }) => exchange.events, formatCount),
    line('Bytes', ({ exchange }) => exchange.arrivedBytes, formatBytes),
    line('Duration', ({ exchange }) => (exchange.endedAt ?? now) - exchange.startedAt, formatDuration),
  ]
}

/** Whether two rows say the same; ids may differ, as they do from one run to the next. */
export function saysTheSame(one: Row, other: Row): boolean {
  if (one.type !== other.type || one.eventType !== other.eventType || one.preview !== other.preview) return false
  // The preview is the beginning alone; what follows differs where the lengths do.
  return one.bytes === other.bytes || one.eventId !== other.eventId
}

function differenceOf(by: number, write: (value: number) => string): string {
  const words = write(Math.abs(by))
  return words === write(0) ? 'same' : `${by > 0 ? '+' : '−'}${words}`
}
