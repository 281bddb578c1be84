import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { timelineStride, type Timeline } from '../../proxy-core/contract/rows.ts'
import { isKeptByFault } from '../exchanges/exchange-words.ts'
import { invoke } from '../gateway.ts'
import { nearestPoint, stripMarks, stripShades, type StripFrame } from './strip-geometry.ts'
import { paintStrip, readStripColours, type StripColours, type StripRow } from './strip-paint.ts'
import { liveLagMs, spanShown, type StripView, type TimeSpan } from './strip-view.ts'
import { TimelineReader } from './timeline-reader.ts'
import { timelineSummary } from './timeline-summary.ts'
import { gatewayNow } from '../state/gateway-clock.ts'

/** What the strip is to show; changed as a whole. */
export interface StripSubject {
  readonly exchange: Exchange
  readonly view: StripView
  /** When the view was frozen; null while it runs. */
  readonly pausedAt: number | null
  readonly hovered: StripRow | null
  readonly selected: StripRow | null
  readonly selection: TimeSpan | null
  /** Where the time axis counts from; by the clock without it. */
  readonly zeroAt?: number
  /** What stands over the right end of the time axis. */
  readonly axisCoverPx?: number
}

/** How often a strip that may not move smoothly steps on. */
const stepMs = 500

/**
 * Keeps the strip's canvas true: asks for the timeline it needs and draws by the clock, in every frame in which something moved
 * by half a pixel, in steps where motion is not wanted, and not at all while nothing changes.
 */
export class StripDrawing {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D | null
  readonly #reader: TimelineReader
  readonly #isStill: () => boolean
  #subject: StripSubject
  #colours: StripColours = readStripColours()
  #frame: StripFrame | null = null
  #size = { widthPx: 0, heightPx: 0 }
  #request: number | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #isStale = true
  #drawnTo = Number.NaN

  constructor(canvas: HTMLCanvasElement, subject: StripSubject, isStill: () => boolean) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')
    this.#subject = subject
    this.#isStill = isStill
    const { id } = subject.exchange
    this.#reader = new TimelineReader(
      (ask) => invoke('exchange.timeline', { id, ...ask }),
      () => this.redraw(),
    )
  }

  show(subject: StripSubject): void {
    this.#subject = subject
    this.redraw()
  }

  /** Draws in the next frame, whether anything moved or not. */
  redraw(): void {
    this.#isStale = true
    this.#schedule()
  }

  /** The canvas has this size now; asking it in every frame would lay the page out. */
  resize(widthPx: number, heightPx: number): void {
    this.#size = { widthPx, heightPx }
    this.redraw()
  }

  /** The theme has changed. */
  recolour(): void {
    this.#colours = readStripColours()
    this.redraw()
  }

  start(): void {
    this.#reader.start()
    this.redraw()
  }

  stop(): void {
    this.#reader.stop()
    if (this.#request !== null) cancelAnimationFrame(this.#request)
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#request = null
    this.#timer = null
  }

  /** The time up to which the stream is drawn. */
  get edge(): number {
    const { exchange, pausedAt } = this.#subject
    const now = this.#isMoving && this.#isStill() ? Math.floor(gatewayNow() / stepMs) * stepMs : gatewayNow()
    const clock = (pausedAt ?? now) - (this.#subject.view.mode === 'live' ? liveLagMs : 0)
    return exchange.endedAt === null ? clock : Math.min(clock, exchange.endedAt + liveLagMs)
  }

  /** The row under the pointer. */
  rowAt(x: number, y: number): StripRow | null {
    const { timeline } = this.#reader
    if (!this.#frame || !timeline) return null
    const lane = y < this.#size.heightPx / 2 ? 'upper' : 'lower'
    const point = nearestPoint(timeline.points, this.#frame, { x, lane, reachPx: 12, upward: timeline.upward })
    return point === null ? null : rowOf(timeline, point)
  }

  summary(): string {
    const { timeline } = this.#reader
    if (!timeline) return 'Nothing is known of this time yet.'
    const { exchange, view } = this.#subject
    return timelineSummary(timeline, spanShown(view, this.edge), { edge: this.edge, isKeptByFault: isKeptByFault(exchange) })
  }

  get #isMoving(): boolean {
    const { exchange, view, pausedAt } = this.#subject
    return pausedAt === null && exchange.state === 'open' && (view.mode === 'live' || exchange.leftRows < exchange.rows)
  }

  #schedule(): void {
    if (this.#request !== null) return
    this.#request = requestAnimationFrame(() => {
      this.#request = null
      this.#draw()
    })
  }

  #draw(): void {
    const { widthPx, heightPx } = this.#size
    if (widthPx === 0 || heightPx === 0 || !this.#context) return
    const { exchange, view } = this.#subject
    const edge = this.edge
    const { from, to } = spanShown(view, edge)
    this.#reader.see({ from, to, columns: Math.ceil(widthPx), stamp: this.#stamp(exchange, view) })
    const pixelMs = (to - from) / (widthPx * devicePixelRatio)
    if (this.#isStale || !(Math.abs(edge - this.#drawnTo) < pixelMs / 2))
      this.#paint({ from, to, widthPx, edge, resolutionPx: 1 / devicePixelRatio }, heightPx)
    if (this.#isMoving) this.#goOn()
  }

  #paint(frame: StripFrame, heightPx: number): void {
    const context = this.#context
    if (!context) return
    this.#isStale = false
    this.#drawnTo = frame.edge
    this.#frame = frame
    const [width, height] = [Math.round(frame.widthPx * devicePixelRatio), Math.round(heightPx * devicePixelRatio)]
    if (this.#canvas.width !== width) this.#canvas.width = width
    if (this.#canvas.height !== height) this.#canvas.height = height
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    const { timeline } = this.#reader
    const { hovered, selected, selection, exchange, zeroAt, axisCoverPx } = this.#subject
    const marks = stripMarks(timeline?.points ?? nothing, frame, timeline?.upward)
    // The exchange tells of a flip at once; the timeline only with its next answer.
    const shades = stripShades(exchange.decisions, frame)
    paintStrip(
      context,
      {
        frame,
        heightPx,
        marks,
        shades,
        hovered: this.#asOfNow(hovered),
        selected: this.#asOfNow(selected),
        selection,
        zeroAt: zeroAt ?? null,
        axisCoverPx: axisCoverPx ?? 0,
        isKeptByFault: isKeptByFault(exchange),
      },
      this.#colours,
    )
  }

  /** A row that was still here when it was looked up may have left since. */
  #asOfNow(row: StripRow | null): StripRow | null {
    const { timeline } = this.#reader
    if (row === null || row.leftAt !== null || !timeline) return row
    const { points } = timeline
    for (let at = 0; at + timelineStride <= points.length; at += timelineStride) {
      if (points[at + 2] === row.index) return rowOf(timeline, at / timelineStride)
    }
    return row
  }

  #goOn(): void {
    if (!this.#isStill()) this.#schedule()
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = null
        this.#schedule()
      }, stepMs)
  }

  /** Changes when there is more to know about what is shown. */
  #stamp(exchange: Exchange, view: StripView): string {
    const { rows, leftRows, lastRowAt } = exchange
    if (view.mode === 'live') return `${rows} ${leftRows}`
    const grows = lastRowAt === null || lastRowAt <= view.to
    return `${grows ? rows : ''} ${hasWaiting(this.#reader.timeline) || grows ? leftRows : ''}`
  }
}

const nothing = new Float64Array(0)

function hasWaiting(timeline: Timeline | null): boolean {
  const points = timeline?.points ?? nothing
  for (let at = 1; at < points.length; at += timelineStride) if (Number.isNaN(points[at])) return true
  return false
}

function rowOf({ points, upward }: Timeline, point: number): StripRow {
  const [arrivedAt = 0, leftAt = Number.NaN, index = 0] = points.subarray(point * timelineStride, (point + 1) * timelineStride)
  const message = upward && { direction: upward[point] === 1 ? ('toUpstream' as const) : ('toClient' as const) }
  return { index, arrivedAt, leftAt: Number.isNaN(leftAt) ? null : leftAt, ...(message ? { message } : {}) }
}
