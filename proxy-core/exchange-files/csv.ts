import { isUtf8 } from 'node:buffer'
import type { MessageMark } from '../contract/messages.ts'
import type { RowSource } from '../row-source.ts'
import { messageText } from '../web-socket/message-text.ts'
import { keptRows } from './export-source.ts'

const clocks = ['arrived_at', 'left_at', 'held_ms', 'gap_ms', 'bytes', 'data']
const heads = ['index', 'type', 'event', 'id', ...clocks]
const messageHeads = ['index', 'type', 'opcode', 'direction', ...clocks]

/** The rows of one body as a table (RFC 4180), one a record; times are ISO 8601 in UTC, and a row that never left has none. */
export function* csvRecords(tap: RowSource): Generator<string> {
  yield record(tap.row(tap.forgottenRows)?.message ? messageHeads : heads)
  let before: number | null = null
  for (const { index, bounds, bytes, event, arrivedAt, leftAt } of keptRows(tap)) {
    const { message } = bounds
    const said = message ? messageData(message, bytes) : bytes.toString('utf8')
    const data = event === null ? said : bounds.type === 'comment' ? event.comments.join('\n') : event.data
    yield record([
      String(index),
      bounds.type,
      message ? (message.opcode ?? '') : bounds.type === 'event' ? text(event?.type ?? '') : '',
      message ? message.direction : text(event?.id ?? ''),
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

/** A message as a cell: bytes that are no text are in hex. */
function messageData(mark: MessageMark, bytes: Buffer): string {
  const isText = mark.opcode === 'text' || mark.opcode === 'close' || (mark.opcode !== 'binary' && isUtf8(bytes))
  return isText && mark.issue !== 'not-inflated' ? messageText(mark, bytes) : bytes.toString('hex')
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
