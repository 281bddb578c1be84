/** A stretch of time, in epoch milliseconds. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** What the strip shows: the last so many milliseconds, moving on, or a stretch that stays. */
export type StripView =
  { readonly mode: 'live'; readonly spanMs: number } | { readonly mode: 'fixed'; readonly from: number; readonly to: number }

/** The live strip shows between 5 s and a minute. */
export const liveSpanMs = { least: 5000, most: 60_000, usual: 15_000 } as const

/**
 * How far the live strip runs behind the clock: what has just happened is then known before it comes into view,
 * and nothing appears in the middle of the strip.
 */
export const liveLagMs = 160

const leastSpanMs = 2

/** The view to open with: an open stream moves on, an ended one is seen whole. */
export function firstView(life: TimeSpan, isOpen: boolean): StripView {
  return isOpen ? { mode: 'live', spanMs: liveSpanMs.usual } : { mode: 'fixed', ...padded(life) }
}

/** The stretch of time that a view shows now. */
export function spanShown(view: StripView, edge: number): TimeSpan {
  return view.mode === 'fixed' ? view : { from: edge - view.spanMs, to: edge }
}

/** Zooms around a place between 0 (left) and 1 (right); a live strip keeps its right edge at now. */
export function zoomed(view: StripView, factor: number, { at, life }: { at: number; life: TimeSpan }): StripView {
  if (view.mode === 'live') {
    return { mode: 'live', spanMs: Math.min(liveSpanMs.most, Math.max(liveSpanMs.least, view.spanMs * factor)) }
  }
  const old = view.to - view.from
  const whole = padded(life)
  const span = Math.min(Math.max(leastSpanMs, old * factor), Math.max(old, whole.to - whole.from))
  const pivot = view.from + old * at
  return { mode: 'fixed', ...within({ from: pivot - span * at, to: pivot + span * (1 - at) }, whole) }
}

/** Moves a view by a part of its width; later is positive. A live strip stands still from then on. */
export function panned(view: StripView, parts: number, { edge, life }: { edge: number; life: TimeSpan }): StripView {
  const { from, to } = spanShown(view, edge)
  const by = (to - from) * parts
  return { mode: 'fixed', ...within({ from: from + by, to: to + by }, padded({ from: Math.min(life.from, from), to: life.to })) }
}

/** The stretch between two places of a view, each between 0 and 1. */
export function selected(view: StripView, [one, other]: readonly [number, number], edge: number): StripView {
  const { from, to } = spanShown(view, edge)
  const place = (at: number) => from + (to - from) * Math.min(1, Math.max(0, at))
  const start = place(Math.min(one, other))
  return { mode: 'fixed', from: start, to: Math.max(start + leastSpanMs, place(Math.max(one, other))) }
}

function padded({ from, to }: TimeSpan): TimeSpan {
  const pad = Math.max(2, (to - from) * 0.02)
  return { from: from - pad, to: to + pad }
}

/** Shifts a span so that it lies within another, as far as it fits. */
function within({ from, to }: TimeSpan, limits: TimeSpan): TimeSpan {
  const span = to - from
  if (span >= limits.to - limits.from) return { from: limits.from, to: limits.from + span }
  const start = Math.min(Math.max(from, limits.from), limits.to - span)
  return { from: start, to: start + span }
}
