import type { Decision } from './contract/buffering.ts'
import { timelineStride, type BodyRange, type Row, type RowDetail, type RowRange, type Timeline } from './contract/rows.ts'
import { firstInvalidUtf8 } from './invalid-utf8.ts'
import { followsBom, readRetryInForce } from './row-marks.ts'
import type { RowBounds } from './row-index.ts'
import { firstLeftSince, type RowSource } from './row-source.ts'
import { decodeEvent } from './sse/decode-event.ts'
import type { Tap } from './tap.ts'
import { messagePreview, messageText } from './web-socket/message-text.ts'

/** Bytes of a row that are decoded for its preview. */
const previewBytes = 512
const previewLength = 240
/** Bytes of a row that are decoded for its detail. */
const detailBytes = 1_048_576
const rowsPerRange = 2000
/** Rows that the strip is given for one column of pixels. */
const rowsPerColumn = 4
const bodyBytesPerRange = 1_048_576

/** The rows from one index to another, as far as they are kept. */
export function readRows(tap: RowSource, from: number, to: number): RowRange {
  const first = tap.forgottenRows
  const rows: Row[] = []
  const start = Math.max(from, first)
  const end = Math.min(to, tap.rows, start + rowsPerRange)
  for (let index = start; index < end; index++) {
    const bounds = tap.row(index)
    if (bounds) rows.push(readRow(tap, index, bounds))
  }
  return { first, total: tap.rows, leftRows: tap.leftRows, rows }
}

/** The rows of these indexes, without those that are no longer kept. */
export function readRowsAt(tap: RowSource, indexes: Iterable<number>): Row[] {
  const rows: Row[] = []
  for (const index of indexes) {
    const bounds = tap.row(index)
    if (bounds) rows.push(readRow(tap, index, bounds))
  }
  return rows
}

/** One row in full, or null when it is not kept. */
export function readRowDetail(tap: RowSource, index: number): RowDetail | null {
  const bounds = tap.row(index)
  if (!bounds) return null
  const bytes = tap.read(bounds.start, Math.min(bounds.end, bounds.start + detailBytes))
  const omittedBytes = bounds.end - bounds.start - bytes.length
  const row = readRow(tap, index, bounds)
  if (!row.isKept)
    return { ...row, data: '', raw: '', retryMs: null, comments: [], hasInvalidUtf8: false, omittedBytes: bounds.end - bounds.start }
  const raw = bytes.toString('utf8')
  if (bounds.type !== 'event' && bounds.type !== 'comment' && bounds.type !== 'fields') {
    const invalidUtf8At = firstInvalidUtf8(bytes, { isCut: omittedBytes > 0 })
    return {
      ...row,
      data: bounds.message ? messageText(bounds.message, bytes) : raw,
      raw,
      retryMs: null,
      comments: [],
      hasInvalidUtf8: invalidUtf8At !== null,
      invalidUtf8At,
      omittedBytes,
      ...(bounds.type === 'message' ? {} : { followsBom: followsBom(tap, index) }),
    }
  }
  const event = decodeEvent(bytes, { isFirst: bounds.start === 0 })
  const { data, retryMs, comments } = event
  const invalidUtf8At = firstInvalidUtf8(bytes, { isCut: omittedBytes > 0 })
  return {
    ...row,
    data,
    raw,
    retryMs,
    comments,
    hasInvalidUtf8: invalidUtf8At !== null,
    invalidUtf8At,
    omittedBytes,
    followsBom: followsBom(tap, index),
    retryInForce: readRetryInForce(tap, index),
  }
}

/**
 * The two clocks of a stretch of time, thinned to a few rows a column, so that bursts, fans and single events all show whatever the rate.
 * Costs a search per column, not a step per row: a minute of 50,000 events a second is 3,000,000 rows.
 */
export function readTimeline(
  tap: RowSource,
  decisions: readonly Decision[],
  range: { from: number; to: number; columns: number },
): Timeline {
  const { from, to, columns } = range
  const points: number[] = []
  const start = tap.firstRowSince(from)
  // Rows that arrived before the stretch may still leave within it.
  addPoints(points, tap, { from: firstLeftSince(tap, from), to: start, atMost: Math.ceil(columns / 4) })
  const columnMs = (to - from) / columns
  const end = tap.firstRowSince(to)
  // Where there are few, each is shown: without a search for every column that has none.
  if (end - start <= columns) addPoints(points, tap, { from: start, to: end, atMost: columns })
  else {
    for (let column = 0, row = start; column < columns && row < tap.rows; column++) {
      const columnEnd = tap.firstRowSince(from + (column + 1) * columnMs)
      addPoints(points, tap, { from: row, to: columnEnd, atMost: rowsPerColumn })
      row = columnEnd
    }
  }
  let before = 0
  decisions.forEach((decision, index) => {
    if (decision.at <= from) before = index
  })
  const timeline = { from, to, points: Float64Array.from(points), decisions: decisions.slice(before).filter(({ at }) => at <= to) }
  return tap.directionOf ? { ...timeline, upward: upwardPoints(points, tap) } : timeline
}

function upwardPoints(points: readonly number[], tap: RowSource): Uint8Array {
  const upward = new Uint8Array(points.length / timelineStride)
  for (let point = 0; point < upward.length; point++) {
    upward[point] = tap.directionOf?.(points[point * timelineStride + 2] ?? 0) === 'toUpstream' ? 1 : 0
  }
  return upward
}

/** Adds rows spread evenly over a range of indexes, the first and the last among them. */
function addPoints(points: number[], tap: RowSource, range: { from: number; to: number; atMost: number }): void {
  const count = range.to - range.from
  const shown = Math.min(count, range.atMost)
  for (let step = 0; step < shown; step++) {
    const index = range.from + (shown === count ? step : Math.round((step * (count - 1)) / Math.max(shown - 1, 1)))
    const bounds = tap.row(index)
    if (bounds) points.push(tap.arrivedAt(bounds.end), tap.leftAt(bounds.end) ?? Number.NaN, index)
  }
}

/** The bytes of a body as they came, as far as they are kept. */
export type WireSource = Pick<Tap, 'firstKept' | 'arrivedBytes' | 'readWire'>

/** The kept bytes of a body from one offset to another, as they were on the wire. */
export function readBody(tap: WireSource, from: number, to: number): BodyRange {
  const start = Math.max(from, tap.firstKept)
  const bytes = tap.readWire(start, Math.min(to, start + bodyBytesPerRange))
  return { from: start, total: tap.arrivedBytes, first: tap.firstKept, bytes: new Uint8Array(bytes) }
}

/** The kept bytes of one row from one offset within it to another, or null when it is not kept. */
export function readRowBytes(tap: RowSource, index: number, { from, to }: { from: number; to: number }): BodyRange | null {
  const bounds = tap.row(index)
  if (!bounds) return null
  const { start, end } = bounds
  const bytes = tap.read(start + from, Math.min(end, start + Math.min(to, from + bodyBytesPerRange)))
  return { from, total: end - start, first: 0, bytes: new Uint8Array(bytes) }
}

function readRow(tap: RowSource, index: number, bounds: RowBounds): Row {
  const { type, start, end, message } = bounds
  const arrivedAt = tap.arrivedAt(end)
  const before = index > 0 ? tap.row(index - 1) : null
  const times = { arrivedAt, leftAt: tap.leftAt(end), gapMs: before ? arrivedAt - tap.arrivedAt(before.end) : null }
  const mark = message ? { message } : {}
  if (!tap.isWhole(start, end)) {
    return { index, type, eventType: '', eventId: null, preview: '', isKept: false, bytes: end - start, ...times, ...mark }
  }
  const bytes = tap.read(start, Math.min(end, start + previewBytes))
  if (type !== 'event' && type !== 'comment' && type !== 'fields') {
    const preview = (message ? messagePreview(message, bytes) : bytes.toString('utf8').trimEnd()).slice(0, previewLength)
    return { index, type, eventType: '', eventId: null, preview, isKept: true, bytes: end - start, ...times, ...mark }
  }
  const event = decodeEvent(bytes, { isFirst: start === 0 })
  const text = type === 'comment' ? event.comments.join('\n') : type === 'fields' ? fieldsPreview(event) : event.data
  return {
    index,
    type,
    eventType: type === 'event' ? event.type : '',
    eventId: event.id,
    preview: text.slice(0, previewLength),
    isKept: true,
    bytes: end - start,
    ...times,
  }
}

function fieldsPreview(event: { id: string | null; retryMs: number | null }): string {
  const parts: string[] = []
  if (event.id !== null) parts.push(`id: ${event.id}`)
  if (event.retryMs !== null) parts.push(`retry: ${event.retryMs}`)
  return parts.join(', ')
}
