import type { Timing } from '../../proxy-core/contract/timing.ts'
import { heldFromMs } from './strip-geometry.ts'
import { formatBytes, formatDuration, formatRate } from '../text.ts'

/** Rates are counted over steps of a stream's time: about so many, whatever its length. */
const fewestSteps = 120

/** One plot of the figure: a value over time, from the upstream upwards and to the client downwards. */
export interface FigureLane {
  readonly title: string
  readonly up: Float64Array
  /** Null where there is only one clock to it. */
  readonly down: Float64Array | null
  readonly tone: 'clocks' | 'held'
  /** The largest value of either direction. */
  readonly most: number
  /** What fills the height of the plot. */
  readonly full: number
  readonly words: (value: number) => string
}

/** A stream over time as plots above each other, and the steps in which it is read. */
export interface TimingFigure {
  readonly from: number
  readonly spanMs: number
  readonly stepMs: number
  readonly steps: number
  readonly columnsPerStep: number
  readonly lanes: readonly FigureLane[]
}

/** The plots of a stream: rows and bytes a second, the longest gaps on both clocks, and how long rows were held. */
export function timingFigure(timing: Timing, noun: string): TimingFigure {
  const { arrived, left, columns, columnMs } = timing
  const columnsPerStep = Math.max(1, Math.floor(columns / fewestSteps))
  const stepMs = columnsPerStep * columnMs
  const perSecond = (series: Float64Array) => sums(series, columnsPerStep).map((sum) => (sum / stepMs) * 1000)
  const lane = (title: string, up: Float64Array, down: Float64Array | null, words: FigureLane['words']): FigureLane => {
    const most = Math.max(largestOf(up), down ? largestOf(down) : 0)
    // What passed in less than a hold takes is not to look like one.
    return { title, up, down, tone: down ? 'clocks' : 'held', most, full: down ? most : Math.max(most, heldFromMs), words }
  }
  return {
    from: timing.from,
    spanMs: columns * columnMs,
    stepMs,
    columnsPerStep,
    steps: Math.ceil(columns / columnsPerStep),
    lanes: [
      lane('Rate', perSecond(arrived.rows), perSecond(left.rows), (rate) => `${formatRate(rate)} ${noun}s/s`),
      lane('Bytes', perSecond(arrived.bytes), perSecond(left.bytes), (rate) => `${formatBytes(Math.round(rate))}/s`),
      lane('Longest gap', arrived.longestGapMs, left.longestGapMs, formatDuration),
      lane('Longest held', timing.longestHeldMs, null, formatDuration),
    ],
  }
}

/** What the plots say of one step: `at 1.20 s: rate 42 events/s in, 40 events/s out; …`. */
export function stepWords({ lanes, steps, stepMs, columnsPerStep }: TimingFigure, step: number): string {
  const said = lanes.flatMap(({ title, up, down, words }) => {
    const valueOf = (series: Float64Array) => {
      // A series has a value for each step, or for each column of it.
      const perStep = series.length <= steps ? 1 : columnsPerStep
      return largestOf(series.subarray(step * perStep, (step + 1) * perStep))
    }
    const [arrived, left] = [valueOf(up), down && valueOf(down)]
    if (left === null) return arrived > 0 ? [`${title.toLowerCase()} ${words(arrived)}`] : []
    return arrived > 0 || left > 0 ? [`${title.toLowerCase()} ${words(arrived)} in, ${words(left)} out`] : []
  })
  return `${formatDuration(step * stepMs)} after the first: ${said.length === 0 ? 'nothing' : said.join(' · ')}`
}

/** The largest value for each pixel of a width; NaN where there is none. */
export function largestPerPixel(series: Float64Array, widthPx: number): Float64Array {
  const pixels = new Float64Array(widthPx).fill(Number.NaN)
  for (let at = 0; at < series.length; at++) {
    const value = series[at] ?? Number.NaN
    if (Number.isNaN(value)) continue
    // A column that is wider than a pixel fills all of its pixels.
    const first = Math.floor((at / series.length) * widthPx)
    const end = Math.max(first + 1, Math.floor(((at + 1) / series.length) * widthPx))
    for (let pixel = first; pixel < end; pixel++) if (!((pixels[pixel] ?? Number.NaN) >= value)) pixels[pixel] = value
  }
  return pixels
}

function sums(series: Float64Array, columnsPerStep: number): Float64Array {
  const steps = new Float64Array(Math.ceil(series.length / columnsPerStep))
  for (const [column, value] of series.entries()) {
    const step = Math.floor(column / columnsPerStep)
    steps[step] = (steps[step] ?? 0) + value
  }
  return steps
}

function largestOf(series: Float64Array): number {
  let largest = 0
  for (const value of series) if (value > largest) largest = value
  return largest
}
