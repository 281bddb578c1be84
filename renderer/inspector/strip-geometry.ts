import type { Decision } from '../../proxy-core/contract/buffering.ts'
import { timelineStride } from '../../proxy-core/contract/rows.ts'
import type { TimeSpan } from './strip-view.ts'

/** Rows that were here for less than this passed: p99 of the relay's own latency stays below it. */
export const heldFromMs = 20

/** Where the strip draws: time runs over its width, and what has not left yet is drawn to `edge`. */
export interface StripFrame extends TimeSpan {
  readonly widthPx: number
  /** Now, or the end of the exchange. */
  readonly edge: number
  /** Marks closer than this are one mark. */
  readonly resolutionPx: number
}

/** Slanted lines closer than this are one line: each costs 10 µs to draw, and a fan shows as well with a third of them. */
const fanPx = 3

/**
 * What the strip draws, as x positions: ticks singly, lines in pairs (upstream end, client end). What goes to the upstream arrives on the
 * lane of the client, which is below, and leaves on the one above.
 */
export interface StripMarks {
  readonly arrived: readonly number[]
  readonly left: readonly number[]
  readonly leftHeld: readonly number[]
  readonly arrivedBelow: readonly number[]
  readonly leftAbove: readonly number[]
  readonly leftHeldAbove: readonly number[]
  readonly passing: readonly number[]
  readonly held: readonly number[]
  /** Lines of rows that are still here; the end where they are to go is the edge. */
  readonly waiting: readonly number[]
}

/** Turns the points of a timeline into ticks and lines; what lies off the strip on both clocks is left out. */
export function stripMarks(points: Float64Array, frame: StripFrame, upward?: Uint8Array): StripMarks {
  const below = { arrivedBelow: [], leftAbove: [], leftHeldAbove: [] }
  const marks: Record<keyof StripMarks, number[]> = { arrived: [], left: [], leftHeld: [], passing: [], held: [], waiting: [], ...below }
  const scale = frame.widthPx / (frame.to - frame.from)
  for (let at = 0; at + timelineStride <= points.length; at += timelineStride) {
    const arrivedAt = points[at] ?? 0
    const leftAt = points[at + 1] ?? Number.NaN
    const isHere = Number.isNaN(leftAt)
    const end = isHere ? Math.max(arrivedAt, frame.edge) : leftAt
    if (end < frame.from || arrivedAt > frame.to) continue
    const x1 = (arrivedAt - frame.from) * scale
    const x2 = (end - frame.from) * scale
    const isUp = upward?.[at / timelineStride] === 1
    const [above, beneath] = isUp ? [x2, x1] : [x1, x2]
    addTick(isUp ? marks.arrivedBelow : marks.arrived, x1, frame)
    if (isHere) {
      addLine(marks.waiting, above, beneath, fanPx)
      continue
    }
    const isHeld = leftAt - arrivedAt >= heldFromMs
    if (isUp) addTick(isHeld ? marks.leftHeldAbove : marks.leftAbove, x2, frame)
    else addTick(isHeld ? marks.leftHeld : marks.left, x2, frame)
    addLine(isHeld ? marks.held : marks.passing, above, beneath, isHeld ? fanPx : frame.resolutionPx)
  }
  return marks
}

/** A stretch of the strip in which a policy held bytes. */
export interface StripShade {
  readonly fromPx: number
  readonly toPx: number
  readonly decision: Decision
}

/** The stretches in which buffering was on. */
export function stripShades(decisions: readonly Decision[], frame: StripFrame): readonly StripShade[] {
  const scale = frame.widthPx / (frame.to - frame.from)
  return decisions.flatMap((decision, index) => {
    const until = decisions[index + 1]?.at ?? frame.edge
    if (decision.mode === 'off' || until < frame.from || decision.at > frame.to) return []
    const fromPx = Math.max(0, (decision.at - frame.from) * scale)
    const toPx = Math.min(frame.widthPx, (until - frame.from) * scale)
    return toPx > fromPx ? [{ fromPx, toPx, decision }] : []
  })
}

/** The number of the point nearest to a place on one of the lanes, within `reachPx`; null when there is none. */
export function nearestPoint(
  points: Float64Array,
  frame: StripFrame,
  { x, lane, reachPx, upward }: { x: number; lane: 'upper' | 'lower'; reachPx: number; upward?: Uint8Array | undefined },
): number | null {
  const scale = frame.widthPx / (frame.to - frame.from)
  let nearest: number | null = null
  let least = reachPx
  for (let at = 0; at + timelineStride <= points.length; at += timelineStride) {
    const isUp = upward?.[at / timelineStride] === 1
    const time = (lane === 'upper') !== isUp ? points[at] : points[at + 1]
    const distance = Math.abs(((time ?? Number.NaN) - frame.from) * scale - x)
    if (distance < least) {
      least = distance
      nearest = at / timelineStride
    }
  }
  return nearest
}

/** Round times to label a stretch with, at least `leastPx` apart: 1, 2 or 5 of a power of ten, in milliseconds. */
export function gridStepMs(frame: StripFrame, leastPx: number): number {
  const least = (leastPx / frame.widthPx) * (frame.to - frame.from)
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((factor) => power * factor >= least) ?? 10)
}

function addTick(ticks: number[], x: number, { widthPx, resolutionPx }: StripFrame): void {
  if (x < 0 || x > widthPx || x - (ticks.at(-1) ?? Number.NEGATIVE_INFINITY) < resolutionPx) return
  ticks.push(x)
}

function addLine(lines: number[], x1: number, x2: number, leastPx: number): void {
  const before = lines.length - 2
  if (before >= 0 && x1 - (lines[before] ?? 0) < leastPx && x2 - (lines[before + 1] ?? 0) < leastPx) return
  lines.push(x1, x2)
}
