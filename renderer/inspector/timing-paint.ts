import { formatDuration } from '../text.ts'
import { gridStepMs } from './strip-geometry.ts'
import type { StripColours } from './strip-paint.ts'
import { largestPerPixel, type FigureLane, type TimingFigure } from './timing-figure.ts'

const axisPx = 18
const titlePx = 18
const font = "11px 'Inter Variable', Inter, system-ui, sans-serif"

/** What one picture of the plots shows. */
export interface FigurePicture {
  readonly figure: TimingFigure
  readonly widthPx: number
  readonly heightPx: number
  /** The step that is read; null for none. */
  readonly step: number | null
}

/** Draws the plots above each other on one time axis. */
export function paintFigure(context: CanvasRenderingContext2D, picture: FigurePicture, colours: StripColours): void {
  const { figure, widthPx, heightPx, step } = picture
  context.clearRect(0, 0, widthPx, heightPx)
  context.font = font
  context.textBaseline = 'alphabetic'
  const lanePx = (heightPx - axisPx) / figure.lanes.length
  paintAxis(context, picture, colours)
  for (const [place, lane] of figure.lanes.entries()) {
    paintLane(context, lane, { top: place * lanePx, widthPx, lanePx, colours })
  }
  if (step === null) return
  const from = (step / figure.steps) * widthPx
  context.fillStyle = colours.focus
  context.globalAlpha = 0.22
  context.fillRect(from, 0, Math.max(1, widthPx / figure.steps), heightPx - axisPx)
  context.globalAlpha = 1
  context.fillRect(Math.round(from), 0, 1, heightPx - axisPx)
}

interface LanePlace {
  readonly top: number
  readonly widthPx: number
  readonly lanePx: number
  readonly colours: StripColours
}

function paintLane(context: CanvasRenderingContext2D, lane: FigureLane, { top, widthPx, lanePx, colours }: LanePlace): void {
  const { up, down, most, full, title, words, tone } = lane
  const roomPx = lanePx - titlePx - 6
  const reachPx = down ? roomPx / 2 : roomPx
  const zero = Math.round(top + titlePx + reachPx) + 0.5
  const scale = full > 0 ? reachPx / full : 0
  paintBars(context, up, { zero, widthPx, pxPerValue: -scale, colour: tone === 'held' ? colours.held : colours.flow })
  if (down) paintBars(context, down, { zero, widthPx, pxPerValue: scale, colour: colours.out })
  context.fillStyle = colours.line
  context.fillRect(0, zero - 0.5, widthPx, 1)
  if (top > 0) context.fillRect(0, Math.round(top), widthPx, 1)

  context.fillStyle = colours.text
  context.fillText(title, 8, top + 13)
  const titleEnd = 8 + context.measureText(title).width
  context.fillStyle = colours.faint
  context.fillText(down ? 'from upstream above, to client below' : 'by arrival', titleEnd + 8, top + 13)
  const peak = most > 0 ? `up to ${words(most)}` : 'none yet'
  context.fillText(peak, widthPx - 8 - context.measureText(peak).width, top + 13)
}

function paintBars(
  context: CanvasRenderingContext2D,
  series: Float64Array,
  { zero, widthPx, pxPerValue, colour }: { zero: number; widthPx: number; pxPerValue: number; colour: string },
): void {
  context.fillStyle = colour
  for (const [pixel, value] of largestPerPixel(series, widthPx).entries()) {
    if (!(value > 0)) continue
    // What is there shows, however small.
    const length = value * pxPerValue
    context.fillRect(pixel, zero, 1, Math.abs(length) < 1 ? Math.sign(pxPerValue) : length)
  }
}

function paintAxis(context: CanvasRenderingContext2D, { figure, widthPx, heightPx }: FigurePicture, colours: StripColours): void {
  const y = heightPx - axisPx
  context.fillStyle = colours.line
  context.fillRect(0, y, widthPx, 1)
  const step = gridStepMs({ from: 0, to: figure.spanMs, widthPx, edge: figure.spanMs, resolutionPx: 1 }, 90)
  context.fillStyle = colours.faint
  for (let time = 0; time <= figure.spanMs; time += step) {
    const x = (time / figure.spanMs) * widthPx
    const label = time === 0 ? 'first' : formatDuration(time)
    context.fillRect(x, y, 1, 4)
    if (x + 8 + context.measureText(label).width < widthPx) context.fillText(label, x + 4, heightPx - 5)
  }
}
