import type { RowSource } from '../row-source.ts'
import { keptRows } from './export-source.ts'

const heads = ['index', 'type', 'event', 'id', 'arrived_at', 'left_at', 'held_ms', 'gap_ms', 'bytes', 'data']

/** The rows of one body as a table (RFC 4180), one a record; times are ISO 8601 in UTC, and a row that never left has none. */
export function* csvRecords(tap: RowSource): Generator<string> {
  yield record(heads)
  let before: number | null = null
  for (const { index, bounds, bytes, event, arrivedAt, leftAt } of keptRows(tap)) {
    const data = event === null ? bytes.toString('utf8') : bounds.type === 'comment' ? event.comments.join('\n') : event.data
    yield record([
      String(index),
      bounds.type,
      bounds.type === 'event' ? text(event?.type ?? '') : '',
      text(event?.id ?? ''),
      time(arrivedAt),
      leftAt === null ? '' : time(leftAt),
      leftAt === null ? '' : (leftAt - arrivedAt).toFixed(3),
      before === null ? '' : (arrivedAt - before).toFixed(3),
      String(bytes.length),
      text(data),
    ])
    before = arrivedAt
  }
}

function record(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}

/** A spreadsheet takes a cell that begins like this for a formula and would run it. */
function text(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

function time(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : ''
}
