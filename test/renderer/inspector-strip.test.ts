import { describe, expect, test } from 'vitest'
import { gridStepMs, nearestPoint, stripMarks, stripShades, type StripFrame } from '../../renderer/inspector/strip-geometry.ts'
import {
  firstView,
  following,
  panned,
  spanShown,
  stretchBetween,
  whole,
  zoomed,
  type StripView,
} from '../../renderer/inspector/strip-view.ts'
import { timelineSummary } from '../../renderer/inspector/timeline-summary.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

const frame: StripFrame = { from: 1000, to: 11_000, widthPx: 1000, edge: 11_000, resolutionPx: 0.5 }
const points = (...rows: readonly (readonly [arrived: number, left: number])[]) =>
  Float64Array.from(rows.flatMap(([arrived, left], index) => [arrived, left, index]))

describe('the marks of the strip', () => {
  test('a row that passed is a tick on each lane and a line between them', () => {
    const marks = stripMarks(points([2000, 2010]), frame)
    expect(marks.arrived).toEqual([100])
    expect(marks.left).toEqual([101])
    expect(marks.passing).toEqual([100, 101])
    expect(marks.held).toEqual([])
  })

  test('rows that were held and released together are a fan', () => {
    const marks = stripMarks(points([2000, 5000], [3000, 5000], [4000, 5000]), frame)
    expect(marks.held).toEqual([100, 400, 200, 400, 300, 400])
    expect(marks.arrived).toEqual([100, 200, 300])
    expect(marks.leftHeld).toEqual([400])
    expect(marks.left).toEqual([])
  })

  test('a row that is still here runs to the edge, without a tick on the lane of the client', () => {
    const marks = stripMarks(points([2000, Number.NaN]), { ...frame, edge: 9000 })
    expect(marks.waiting).toEqual([100, 800])
    expect(marks.left).toEqual([])
    expect(marks.leftHeld).toEqual([])
  })

  test('what goes to the upstream arrives below and leaves above, and is found there', () => {
    const messages = points([2000, 2010], [3000, 5000], [6000, Number.NaN])
    const upward = Uint8Array.of(1, 1, 1)
    const marks = stripMarks(messages, { ...frame, edge: 9000 }, upward)
    expect([marks.arrived, marks.left, marks.leftHeld]).toEqual([[], [], []])
    expect([marks.arrivedBelow, marks.leftAbove, marks.leftHeldAbove]).toEqual([[100, 200, 500], [101], [400]])
    expect([marks.passing, marks.held, marks.waiting]).toEqual([
      [101, 100],
      [400, 200],
      [800, 500],
    ])
    expect(nearestPoint(messages, frame, { x: 398, lane: 'upper', reachPx: 8, upward })).toBe(1)
    expect(nearestPoint(messages, frame, { x: 398, lane: 'lower', reachPx: 8, upward })).toBeNull()
  })

  test('what lies off the strip on both clocks is left out, and a line that crosses its side is kept', () => {
    const marks = stripMarks(points([200, 900], [500, 2000], [10_000, 12_000], [12_000, 13_000]), frame)
    expect(marks.held).toEqual([-50, 100, 900, 1100])
    expect(marks.arrived).toEqual([900])
    expect(marks.leftHeld).toEqual([100])
  })

  test('marks closer than a pixel can show are one mark, however many rows there are', () => {
    const stream = new ScriptedStream({ id: 1, startedAt: 0, rowsPerSecond: 50_000 })
    const { points: dense } = stream.timeline({ from: 1000, to: 11_000, columns: 1000 }, 20_000)
    const marks = stripMarks(dense, frame)
    expect(marks.arrived.length).toBeLessThanOrEqual(2001)
    expect(marks.arrived.length).toBeGreaterThan(990)
    expect(marks.passing.length).toBeLessThanOrEqual(4002)
  })

  test('the time in which a policy was on is shaded up to the next decision, or to the edge', () => {
    const stream = new ScriptedStream({ id: 1, startedAt: 0, rowsPerSecond: 10 })
    stream.hold(3000, { holdBytes: 8192 })
    stream.pass(5000)
    stream.hold(9000)
    const { decisions } = stream.timeline({ from: 1000, to: 11_000, columns: 1000 }, 11_000)
    expect(stripShades(decisions, frame).map(({ fromPx, toPx }) => [fromPx, toPx])).toEqual([
      [200, 400],
      [800, 1000],
    ])
    expect(stripShades(decisions, { ...frame, from: 4000, to: 14_000, edge: 10_000 }).map(({ fromPx, toPx }) => [fromPx, toPx])).toEqual([
      [0, 100],
      [500, 600],
    ])
  })

  test('the nearest row is found on the lane that is pointed at', () => {
    const fan = points([2000, 5000], [3000, 5000], [4000, Number.NaN])
    expect(nearestPoint(fan, frame, { x: 196, lane: 'upper', reachPx: 8 })).toBe(1)
    expect(nearestPoint(fan, frame, { x: 402, lane: 'lower', reachPx: 8 })).toBe(0)
    expect(nearestPoint(fan, frame, { x: 600, lane: 'lower', reachPx: 8 })).toBeNull()
  })

  test('time is labelled at round steps', () => {
    expect(gridStepMs(frame, 120)).toBe(2000)
    expect(gridStepMs({ ...frame, to: 1100 }, 120)).toBe(20)
    expect(gridStepMs({ ...frame, to: 61_000 }, 120)).toBe(10_000)
  })
})

describe('the view of the strip', () => {
  const life = { from: 0, to: 100_000 }
  const live: StripView = { mode: 'live', spanMs: 15_000 }

  test('an open stream moves on and an ended one is seen whole', () => {
    expect(firstView(life, true)).toEqual(live)
    expect(firstView(life, false)).toEqual({ mode: 'fixed', from: -2000, to: 102_000 })
  })

  test('zooming a live view makes it stand still around the pointer, and following it again keeps its width', () => {
    expect(spanShown(live, 50_000)).toEqual({ from: 35_000, to: 50_000 })
    const view = zoomed(live, 0.2, { at: 0.5, edge: 50_000, life })
    expect(view).toEqual({ mode: 'fixed', from: 41_000, to: 44_000 })
    expect(following(view)).toEqual({ mode: 'live', spanMs: 3000 })
  })

  test('it follows a second at least and five minutes at most', () => {
    expect(following({ mode: 'fixed', from: 0, to: 5 })).toEqual({ mode: 'live', spanMs: 1000 })
    expect(following({ mode: 'fixed', from: 0, to: 1e9 })).toEqual({ mode: 'live', spanMs: 300_000 })
    expect(following(live)).toEqual(live)
  })

  test('zooming a fixed view keeps the time under the pointer where it is', () => {
    const view = zoomed({ mode: 'fixed', from: 10_000, to: 20_000 }, 0.5, { at: 0.3, edge: 0, life })
    expect(view).toEqual({ mode: 'fixed', from: 11_500, to: 16_500 })
  })

  test('zooming out ends at the whole stream', () => {
    const view = zoomed({ mode: 'fixed', from: 10_000, to: 20_000 }, 1000, { at: 0.3, edge: 0, life })
    expect(view).toEqual(whole(life))
  })

  test('panning makes a live view stand still and stays within the stream', () => {
    expect(panned(live, -0.5, { edge: 50_000, life })).toEqual({ mode: 'fixed', from: 27_500, to: 42_500 })
    expect(panned({ mode: 'fixed', from: 10_000, to: 20_000 }, -5, { edge: 0, life })).toEqual({ mode: 'fixed', from: -2000, to: 8000 })
    expect(panned({ mode: 'fixed', from: 90_000, to: 100_000 }, 5, { edge: 0, life })).toEqual({ mode: 'fixed', from: 92_000, to: 102_000 })
  })

  test('a selection is a stretch of time within the view, whichever way it was drawn', () => {
    expect(stretchBetween({ mode: 'fixed', from: 0, to: 1000 }, [0.75, 0.25], 0)).toEqual({ from: 250, to: 750 })
    expect(stretchBetween(live, [-1, 0.5], 50_000)).toEqual({ from: 35_000, to: 42_500 })
  })
})

test('what the strip shows is said in words too', () => {
  const stream = new ScriptedStream({ id: 1, startedAt: 0, rowsPerSecond: 10 })
  stream.hold(5000)
  const span = { from: 1000, to: 11_000 }
  const timeline = stream.timeline({ ...span, columns: 1000 }, 11_000)
  expect(timelineSummary(timeline, span, { edge: 11_000 })).toBe(
    '100 marks from the upstream and 40 to the client in 10.0 s. The longest was here for 5.98 s. 60 still held. Buffering was on in this time.',
  )
})
