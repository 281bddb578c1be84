import { formatClock, formatClockMs } from '../text.ts'
import type { Direction } from '../../proxy-core/contract/messages.ts'
import { limitWords } from '../exchanges/exchange-words.ts'
import type { TimeSpan } from './strip-view.ts'
import { gridStepMs, type StripFrame, type StripMarks, type StripShade } from './strip-geometry.ts'

/** The colours that the strip draws with, as the theme has them. */
export type StripColours = Readonly<
  Record<'line' | 'edge' | 'text' | 'faint' | 'flow' | 'out' | 'held' | 'held-bg' | 'bad' | 'focus', string>
>

/** A row that is pointed at or selected. */
export interface StripRow {
  readonly index: number
  readonly arrivedAt: number
  readonly leftAt: number | null
  /** Of a WebSocket. */
  readonly message?: { readonly direction: Direction }
}

/** All that one picture of the strip shows. */
export interface StripPicture {
  readonly frame: StripFrame
  readonly heightPx: number
  readonly marks: StripMarks
  readonly shades: readonly StripShade[]
  readonly hovered: StripRow | null
  readonly selected: StripRow | null
  /** A stretch of time that was selected. */
  readonly selection: TimeSpan | null
  /** Where the time axis counts from; null is by the clock. */
  readonly zeroAt: number | null
  /** What stands over the right end of the time axis; its labels end before that. */
  readonly axisCoverPx: number
  /** What waits is kept back by a fault on purpose, and not by the hold. */
  readonly isKeptByFault: boolean
}

/** Room for the label of a lane at its left end. */
const laneLabelPx = 72
/** Room for the numbers of a selection at the right end. */
const selectionPx = 590
const font = "11px 'Inter Variable', Inter, system-ui, sans-serif"

/** The colours of the theme that is in force. */
export function readStripColours(): StripColours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    line: read('line'),
    edge: read('edge'),
    text: read('text'),
    faint: read('faint'),
    flow: read('flow'),
    out: read('out'),
    held: read('held'),
    'held-bg': read('held-bg'),
    bad: read('bad'),
    focus: read('focus'),
  }
}

/**
 * Draws the strip: when rows came from the upstream above, when they left for the client below, and a line from one to the other; what
 * goes the other way comes below and leaves above.
 */
export function paintStrip(context: CanvasRenderingContext2D, picture: StripPicture, colours: StripColours): void {
  const { frame, heightPx, marks, shades } = picture
  const lanes = lanesOf(heightPx)
  context.clearRect(0, 0, frame.widthPx, heightPx)
  context.font = font
  context.textBaseline = 'alphabetic'

  const shadeEndPx = frame.widthPx - (picture.selection ? Math.min(selectionPx, frame.widthPx - laneLabelPx) : laneLabelPx)
  for (const shade of shades) paintShade(context, shade, { endPx: shadeEndPx, heightPx, colours })
  paintGrid(context, frame, { heightPx, colours, zeroAt: picture.zeroAt, endPx: frame.widthPx - picture.axisCoverPx })

  paintLines(context, marks.passing, lanes, { colour: colours.edge, alpha: alphaOf(marks.passing, frame, 0.75) })
  paintLines(context, marks.held, lanes, { colour: colours.held, alpha: alphaOf(marks.held, frame, 0.55) })
  const waiting = picture.isKeptByFault ? colours.bad : colours.held
  paintLines(context, marks.waiting, lanes, { colour: waiting, alpha: alphaOf(marks.waiting, frame, 0.35) })

  paintTicks(context, marks.arrived, { top: lanes.upperTop, widthPx: 1.6, heightPx: lanes.tickPx, colour: colours.flow })
  paintTicks(context, marks.left, { top: lanes.lowerTop, widthPx: 1.6, heightPx: lanes.tickPx, colour: colours.out })
  paintTicks(context, marks.leftHeld, { top: lanes.lowerTop, widthPx: 2.4, heightPx: lanes.tickPx, colour: colours.held })
  paintTicks(context, marks.arrivedBelow, { top: lanes.lowerTop, widthPx: 1.6, heightPx: lanes.tickPx, colour: colours.flow })
  paintTicks(context, marks.leftAbove, { top: lanes.upperTop, widthPx: 1.6, heightPx: lanes.tickPx, colour: colours.out })
  paintTicks(context, marks.leftHeldAbove, { top: lanes.upperTop, widthPx: 2.4, heightPx: lanes.tickPx, colour: colours.held })

  if (picture.selected) paintRow(context, picture.selected, frame, { lanes, colour: colours.focus })
  if (picture.hovered) paintRow(context, picture.hovered, frame, { lanes, colour: colours.text })
  if (picture.selection) paintSelection(context, picture.selection, frame, { heightPx, colour: colours.focus })
}

interface Lanes {
  readonly upperTop: number
  readonly lowerTop: number
  readonly tickPx: number
}

function lanesOf(heightPx: number): Lanes {
  // Where it is low, the room goes to the lines between the lanes, which show what is held.
  if (heightPx < 90) return { upperTop: 17, lowerTop: heightPx - 24, tickPx: 7 }
  return { upperTop: 22, lowerTop: heightPx - 36, tickPx: 16 }
}

/** Where lines lie close together they are drawn fainter, so that a dense fan is a tint and not a block. */
function alphaOf(lines: readonly number[], { widthPx }: StripFrame, most: number): number {
  const perPixel = lines.length / 2 / widthPx
  return perPixel < 0.25 ? most : Math.max(0.16, most * Math.sqrt(0.25 / perPixel))
}

function paintShade(
  context: CanvasRenderingContext2D,
  { fromPx, toPx, decision }: StripShade,
  { endPx, heightPx, colours }: { endPx: number; heightPx: number; colours: StripColours },
): void {
  context.fillStyle = colours['held-bg']
  context.fillRect(fromPx, 0, toPx - fromPx, heightPx)
  // The lane's own label stands at the left, and at the right how much time is shown or what a selection comes to.
  const x = Math.max(fromPx + 6, laneLabelPx)
  const roomPx = Math.min(toPx, endPx) - x
  const label = [`buffering on, ${limitWords(decision)}`, 'buffering on', 'on'].find((text) => context.measureText(text).width + 6 < roomPx)
  if (label === undefined) return
  context.fillStyle = colours.held
  context.fillText(label, x, heightPx - 6)
}

function paintSelection(
  context: CanvasRenderingContext2D,
  { from, to }: TimeSpan,
  frame: StripFrame,
  { heightPx, colour }: { heightPx: number; colour: string },
): void {
  const scale = frame.widthPx / (frame.to - frame.from)
  const [left, right] = [(from - frame.from) * scale, (to - frame.from) * scale]
  context.fillStyle = colour
  context.globalAlpha = 0.18
  context.fillRect(left, 0, right - left, heightPx)
  context.globalAlpha = 1
  for (const x of [left, right]) context.fillRect(Math.round(x) - 0.5, 0, 1, heightPx)
}

function paintGrid(
  context: CanvasRenderingContext2D,
  frame: StripFrame,
  { heightPx, colours, zeroAt, endPx }: { heightPx: number; colours: StripColours; zeroAt: number | null; endPx: number },
): void {
  const step = gridStepMs(frame, 110)
  const scale = frame.widthPx / (frame.to - frame.from)
  const lanes = lanesOf(heightPx)
  context.lineWidth = 1
  context.strokeStyle = colours.line
  context.beginPath()
  for (const y of [lanes.upperTop + lanes.tickPx / 2, lanes.lowerTop + lanes.tickPx / 2]) {
    context.moveTo(0, Math.round(y) + 0.5)
    context.lineTo(frame.widthPx, Math.round(y) + 0.5)
  }
  context.stroke()
  context.fillStyle = colours.faint
  const zero = zeroAt ?? 0
  for (let time = zero + Math.ceil((frame.from - zero) / step) * step; time <= frame.to; time += step) {
    const x = (time - frame.from) * scale
    const label = zeroAt !== null ? formatOffset(time - zeroAt, step) : step < 1000 ? formatClockMs(time) : formatClock(time)
    context.fillRect(x, 0, 1, 4)
    // The lane's own label stands at the left.
    if (x > 104 && x + 8 + context.measureText(label).width < endPx) context.fillText(label, x + 4, 13)
  }
}

/** Seconds with as many digits as tell two labels apart. */
function formatOffset(ms: number, stepMs: number): string {
  return `${(ms / 1000).toFixed(Math.max(0, -Math.floor(Math.log10(stepMs / 1000))))} s`
}

function paintLines(
  context: CanvasRenderingContext2D,
  lines: readonly number[],
  lanes: Lanes,
  { colour, alpha }: { colour: string; alpha: number },
): void {
  if (lines.length === 0) return
  const top = lanes.upperTop + lanes.tickPx
  context.globalAlpha = alpha
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  for (let at = 0; at + 1 < lines.length; at += 2) {
    context.moveTo(lines[at] ?? 0, top)
    context.lineTo(lines[at + 1] ?? 0, lanes.lowerTop)
  }
  context.stroke()
  context.globalAlpha = 1
}

function paintTicks(
  context: CanvasRenderingContext2D,
  ticks: readonly number[],
  { top, widthPx, heightPx, colour }: { top: number; widthPx: number; heightPx: number; colour: string },
): void {
  context.fillStyle = colour
  // One by one: as one path of many rectangles they cost up to ten times as much.
  for (const x of ticks) context.fillRect(x - widthPx / 2, top, widthPx, heightPx)
}

function paintRow(
  context: CanvasRenderingContext2D,
  row: StripRow,
  frame: StripFrame,
  { lanes, colour }: { lanes: Lanes; colour: string },
): void {
  const scale = frame.widthPx / (frame.to - frame.from)
  const ends = [row.arrivedAt, row.leftAt ?? frame.edge].map((time) => (time - frame.from) * scale)
  const isUp = row.message?.direction === 'toUpstream'
  const [x1 = 0, x2 = 0] = isUp ? ends.toReversed() : ends
  const hasLeft = row.leftAt !== null
  context.strokeStyle = colour
  context.fillStyle = colour
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(x1, lanes.upperTop + lanes.tickPx)
  context.lineTo(x2, lanes.lowerTop)
  context.stroke()
  if (hasLeft || !isUp) context.fillRect(x1 - 1.5, lanes.upperTop - 2, 3, lanes.tickPx + 2)
  if (hasLeft || isUp) context.fillRect(x2 - 1.5, lanes.lowerTop, 3, lanes.tickPx + 2)
}
