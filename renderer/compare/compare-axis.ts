import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { panned, zoomed, type TimeSpan } from '../inspector/strip-view.ts'

/** What zero is on the time axis of a comparison: the start of each exchange, or of the epoch for both. */
export type AxisMode = 'start' | 'clock'

type Lived = Pick<Exchange, 'startedAt' | 'endedAt' | 'lastRowAt'>

/** Where the axis is zero for an exchange. */
export function zeroOf({ startedAt }: Pick<Exchange, 'startedAt'>, mode: AxisMode): number {
  return mode === 'start' ? startedAt : 0
}

/** The stretch of the axis on which both exchanges lie; while one is open it grows in steps, so that the picture stands still between. */
export function wholeAxis(exchanges: readonly Lived[], mode: AxisMode, now: number): TimeSpan {
  const from = mode === 'start' ? 0 : Math.min(...exchanges.map(({ startedAt }) => startedAt))
  const to = Math.max(...exchanges.map((exchange) => lastOf(exchange, now) - zeroOf(exchange, mode)))
  const length = Math.max(10, to - from) * 1.02
  const isOpen = exchanges.some(({ endedAt }) => endedAt === null)
  return { from, to: from + (isOpen ? stepAbove(length) : length) }
}

/** A stretch of the axis zoomed around a place between 0 and 1, as far as both exchanges reach; null is the whole. */
export function zoomedAxis(view: TimeSpan | null, whole: TimeSpan, factor: number, at: number): TimeSpan | null {
  const { from, to } = view ?? whole
  const next = zoomed({ mode: 'fixed', from, to }, factor, { at, edge: to, life: whole })
  return next.mode === 'fixed' && next.to - next.from < (whole.to - whole.from) * 0.995 ? { from: next.from, to: next.to } : null
}

/** A stretch of the axis moved by a part of its width; the whole does not move. */
export function pannedAxis(view: TimeSpan | null, whole: TimeSpan, parts: number): TimeSpan | null {
  if (view === null) return null
  const next = panned({ mode: 'fixed', ...view }, parts, { edge: view.to, life: whole })
  return next.mode === 'fixed' ? { from: next.from, to: next.to } : view
}

function lastOf({ endedAt, lastRowAt, startedAt }: Lived, now: number): number {
  return Math.max(endedAt ?? now, lastRowAt ?? startedAt)
}

/** The next round length: 1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3 or 8 of a power of ten. */
function stepAbove(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length))
  return power * ([1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8].find((factor) => power * factor >= length) ?? 10)
}
