import { expect, test } from 'vitest'
import type { Spread, Timing, TimingLane } from '../../proxy-core/contract/timing.ts'
import { largestPerPixel, stepWords, timingFigure } from '../../renderer/inspector/timing-figure.ts'

const spread: Spread = { count: 3, p50: 1, p95: 1, p99: 1, max: 1, mean: 1 }

function lane(columns: number, at: Readonly<Record<number, { rows: number; bytes: number; gapMs: number }>>): TimingLane {
  const series = (empty: number, value: (one: { rows: number; bytes: number; gapMs: number }) => number) =>
    Float64Array.from({ length: columns }, (_, column) => (at[column] ? value(at[column]) : empty))
  return {
    rows: series(0, ({ rows }) => rows),
    bytes: series(0, ({ bytes }) => bytes),
    longestGapMs: series(Number.NaN, ({ gapMs }) => gapMs),
    gaps: spread,
    jitterMs: 0,
  }
}

/** 600 columns of 20 ms: 12 s, read in steps of 100 ms. */
const timing: Timing = {
  from: 1000,
  columnMs: 20,
  columns: 600,
  arrived: lane(600, {
    0: { rows: 2, bytes: 100, gapMs: 3 },
    4: { rows: 1, bytes: 20, gapMs: 51 },
    599: { rows: 1, bytes: 50, gapMs: 9000 },
  }),
  left: lane(600, { 4: { rows: 3, bytes: 120, gapMs: 60 } }),
  longestHeldMs: Float64Array.from({ length: 600 }, (_, column) => (column === 0 ? 80 : Number.NaN)),
  held: spread,
  firstByteAt: 1000,
  rows: 4,
  uncountedRows: 0,
}
const figure = timingFigure(timing, 'event')

test('a wait too short to be a hold stays low in its plot, a longer one fills it', () => {
  const heldFor = (ms: number) => timingFigure({ ...timing, longestHeldMs: Float64Array.of(ms) }, 'event').lanes.at(-1)
  expect(heldFor(0.4)).toMatchObject({ most: 0.4, full: 20 })
  expect(heldFor(80)).toMatchObject({ most: 80, full: 80 })
  expect(figure.lanes.slice(0, 3).every(({ most, full }) => most === full)).toBe(true)
})

test('rates are counted over steps, gaps and holds are the longest', () => {
  expect(figure).toMatchObject({ steps: 120, stepMs: 100, spanMs: 12_000 })
  expect(figure.lanes.map(({ title, most }) => [title, Math.round(most)])).toEqual([
    ['Rate', 30],
    ['Bytes', 1200],
    ['Longest gap', 9000],
    ['Longest held', 80],
  ])
})

test.each([
  [
    0,
    '0.0 ms after the first: rate 30 events/s in, 30 events/s out · bytes 1.2 KB/s in, 1.2 KB/s out · longest gap 51 ms in, 60 ms out · longest held 80 ms',
  ],
  [1, '100 ms after the first: nothing'],
  [119, '11.9 s after the first: rate 10 events/s in, 0 events/s out · bytes 500 B/s in, 0 B/s out · longest gap 9.00 s in, 0.0 ms out'],
])('step %d reads: %s', (step, words) => {
  expect(stepWords(figure, step)).toBe(words)
})

test('a stream of few columns is read column by column', () => {
  const short = timingFigure({ ...timing, columns: 3, arrived: lane(3, { 1: { rows: 1, bytes: 1, gapMs: 2 } }), left: lane(3, {}) }, 'line')
  expect([short.steps, short.stepMs, stepWords(short, 0)]).toEqual([3, 20, '0.0 ms after the first: longest held 80 ms'])
  expect(stepWords(short, 1)).toContain('rate 50 lines/s in')
})

test('a pixel shows the largest of its columns, and a column fills all of its pixels', () => {
  const { NaN: none } = Number
  expect([...largestPerPixel(Float64Array.of(1, 5, none, 2), 2)]).toEqual([5, 2])
  expect([...largestPerPixel(Float64Array.of(3, none), 4)]).toEqual([3, 3, none, none])
  expect([...largestPerPixel(Float64Array.of(none, 7, none, none, none), 2)]).toEqual([7, none])
})
