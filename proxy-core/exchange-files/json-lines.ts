import { isUtf8 } from 'node:buffer'
import type { Tap } from '../tap.ts'
import { keptRows, type ExportSource, type KeptRow } from './export-source.ts'
import { messageLines } from './message-lines.ts'

/** The version of the lines that are written here and read again. */
export const linesVersion = 1
/** The most that one line of what is not a whole row holds. */
const restBytes = 1_048_576

/**
 * Exchanges as JSON Lines. A line of `type` exchange has all but the bodies; lines of `type` row follow, for the request's body
 * (`side` request) and the response's: their bytes as `raw` text, or `rawBase64` where they are no UTF-8, both clocks in epoch
 * milliseconds and, of a server-sent event, its fields. What lies between two rows (the LF behind a CR that ends one, blank lines) is the
 * `before` of the second. What follows the last row, and is not whole, is in lines of `type` rest.
 * Of a WebSocket there are lines of `type` message in place of rows, each with the direction it went.
 */
export function* jsonLines(sources: readonly ExportSource[]): Generator<string> {
  for (const source of sources) {
    const { exchange, heads } = source
    yield line({ sluice: linesVersion, type: 'exchange', exchange, heads })
    if (source.request) yield* bodyLines('request', source.request)
    if (source.response) yield* bodyLines('response', source.response)
    if (source.messages) for (const each of messageLines(source.messages)) yield line(each)
  }
}

function* bodyLines(side: 'request' | 'response', tap: Tap): Generator<string> {
  let end = tap.row(tap.forgottenRows)?.start ?? 0
  yield line({ type: 'body', side, firstRow: tap.forgottenRows, from: tap.forgottenRows === 0 ? 0 : end })
  if (tap.forgottenRows === 0 && end > 0) yield line({ type: 'mark', side, ...rawOf(tap.read(0, end)) })
  for (const row of keptRows(tap)) {
    // What was forgotten while the file is written is not there any more.
    const before = tap.read(end, row.bounds.start)
    yield line({ ...rowLine(side, row), ...(before.length === 0 ? {} : { before: before.toString('latin1') }) })
    end = row.bounds.end
  }
  for (let rest = tap.read(end, end + restBytes); rest.length > 0; rest = tap.read(end, end + restBytes)) {
    end += rest.length
    yield line({ type: 'rest', side, ...rawOf(rest), arrivedAt: tap.arrivedAt(end), leftAt: tap.leftAt(end) })
  }
}

function rowLine(side: string, { index, bytes, event, arrivedAt, leftAt, bounds }: KeptRow): object {
  const heldMs = leftAt === null ? null : leftAt - arrivedAt
  const clocks = { arrivedAt, leftAt, heldMs }
  const raw = rawOf(bytes)
  if (event === null || bounds.type === 'fields') return { type: 'row', side, index, ...clocks, ...raw }
  if (bounds.type === 'comment') return { type: 'row', side, index, ...clocks, comments: event.comments, ...raw }
  return { type: 'row', side, index, ...clocks, event: event.type, id: event.id, data: event.data, ...raw }
}

function rawOf(bytes: Buffer): { raw: string } | { rawBase64: string } {
  return isUtf8(bytes) ? { raw: bytes.toString('utf8') } : { rawBase64: bytes.toString('base64') }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}
