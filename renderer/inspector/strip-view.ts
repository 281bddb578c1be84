/** A stretch of time, in epoch milliseconds. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** What the strip shows: the last so many milliseconds, moving on, or a stretch that stays. */
export type StripView =
  { readonly mode: 'live'; readonly spanMs: number } | { readonly mode: 'fixed'; readonly from: number; readonly to: number }

/** The live strip shows between a second and five minutes. */
export const liveSpanMs = { least: 1000, most: 300_000, usual: 15_000 } as const

/**
 * How far the live strip runs behind the clock: what has just happened is then known before it comes into view,
 * and nothing appears in the middle of the strip.
 */
export const liveLagMs = 160

const leastSpanMs = 2

/** The view to open with: an open stream moves on, an ended one is seen whole. */
export function firstView(life: TimeSpan, isOpen: boolean): StripView {
  return isOpen ? { mode: 'live', spanMs: liveSpanMs.usual } : whole(life)
}

/** The view of a whole stream, as it is now. */
export function whole(life: TimeSpan): StripView {
  return { mode: 'fixed', ...padded(life) }
}

/** Moves on with the stream again, as wide as the view was. */
export function following(view: StripView): StripView {
  const spanMs = view.mode === 'live' ? view.spanMs : view.to - view.from
  return { mode: 'live', spanMs: Math.min(liveSpanMs.most, Math.max(liveSpanMs.least, spanMs)) }
}

/** The stretch of time that a view shows now. */
export function spanShown(view: StripView, edge: number): TimeSpan {
  return view.mode === 'fixed' ? view : { from: edge - view.spanMs, to: edge }
}

/** Zooms around a place between 0 (left) and 1 (right), which keeps its time; a live strip stands still from then on. */
export function zoomed(view: StripView, factor: number, { at, edge, life }: { at: number; edge: number; life: TimeSpan }): StripView {
  const { from, to } = spanShown(view, edge)
  const old = to - from
  const all = padded({ from: Math.min(life.from, from), to: Math.max(life.to, to) })
  const span = Math.min(Math.max(leastSpanMs, old * factor), all.to - all.from)
  const pivot = from + old * at
  return { mode: 'fixed', ...within({ from: pivot - span * at, to: pivot + span * (1 - at) }, all) }
}

/** Moves a view by a part of its width; later is positive. A live strip stands still from then on. */
export function panned(view: StripView, parts: number, { edge, life }: { edge: number; life: TimeSpan }): StripView {
  const { from, to } = spanShown(view, edge)
  const by = (to - from) * parts
  return { mode: 'fixed', ...within({ from: from + by, to: to + by }, padded({ from: Math.min(life.from, from), to: life.to })) }
}

/** The stretch between two places of a view, each between 0 and 1. */
export function stretchBetween(view: StripView, [one, other]: readonly [number, number], edge: number): TimeSpan {
  const { from, to } = spanShown(view, edge)
  const place = (at: number) => from + (to - from) * Math.min(1, Math.max(0, at))
  const start = place(Math.min(one, other))
  return { from: start, to: Math.max(start + leastSpanMs, place(Math.max(one, other))) }
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
