import type { Exchange, ExchangeId } from '../contract/exchange.ts'
import type { ExchangeHeads, HeaderField } from '../contract/rows.ts'
import { noHeads } from '../exchange-record.ts'
import type { ExchangeStore } from '../exchange-store.ts'
import { redactField, redactTarget } from '../contract/redact.ts'
import type { RowBounds } from '../row-index.ts'
import type { RowSource } from '../row-source.ts'
import { decodeEvent, type DecodedEvent } from '../sse/decode-event.ts'
import type { Tap } from '../tap.ts'
import type { MessageLog } from '../web-socket/message-log.ts'

/** One exchange as it is written to a file: what was kept of it when the file was begun. */
export interface ExportSource {
  readonly exchange: Exchange
  readonly heads: ExchangeHeads
  readonly request: Tap | null
  readonly response: Tap | null
  /** Of a WebSocket, in place of a response. */
  readonly messages: MessageLog | null
}

/** What is kept of an exchange. Unless they are asked for, secrets that a route's capture left readable are redacted here. */
export function exportSource(store: ExchangeStore, id: ExchangeId, withSecrets: boolean): ExportSource {
  const { live, captured } = store.find(id)
  const exchange = live.view()
  const kept = captured()
  const source = { request: kept?.requestTap ?? null, response: live.tap, messages: live.messages }
  if (withSecrets) return { exchange, heads: kept?.heads ?? noHeads, ...source }
  return { exchange: { ...exchange, target: redactTarget(exchange.target) }, heads: redactHeads(kept?.heads ?? noHeads), ...source }
}

function redactHeads(heads: ExchangeHeads): ExchangeHeads {
  const redact = (fields: readonly HeaderField[]) => fields.map(([name, value]): HeaderField => [name, redactField(name, value)])
  return {
    requestReceived: redact(heads.requestReceived),
    requestSent: redact(heads.requestSent),
    responseReceived: redact(heads.responseReceived),
    responseSent: redact(heads.responseSent),
  }
}

/** One row that is kept, with its bytes and its two clocks. */
export interface KeptRow {
  readonly index: number
  readonly bounds: RowBounds
  readonly bytes: Buffer
  /** Of a block of an event stream. */
  readonly event: DecodedEvent | null
  readonly arrivedAt: number
  readonly leftAt: number | null
}

/** The rows that are kept, up to those that were there at the start. */
export function* keptRows(tap: RowSource): Generator<KeptRow> {
  const end = tap.rows
  for (let index = tap.forgottenRows; index < end; index++) {
    // What is forgotten while the file is written is missing in it.
    const bounds = tap.row(index)
    if (bounds === null) continue
    const bytes = tap.read(bounds.start, bounds.end)
    const isBlock = bounds.type === 'event' || bounds.type === 'comment' || bounds.type === 'fields'
    const event = isBlock ? decodeEvent(bytes, { isFirst: bounds.start === 0 }) : null
    yield { index, bounds, bytes, event, arrivedAt: tap.arrivedAt(bounds.end), leftAt: tap.leftAt(bounds.end) }
  }
}

const bodyPieceBytes = 65_536

/** The body that the rows lie in, as far as it is kept; of a WebSocket what was said, a line feed behind each message. */
export function* bodyPieces(tap: RowSource): Generator<Buffer> {
  const first = tap.row(tap.forgottenRows)
  if (first === null && tap.forgottenRows > 0) return
  // Before the first row may stand a byte order mark, and behind the last what is not a whole row.
  const start = tap.forgottenRows === 0 ? 0 : (first?.start ?? 0)
  for (let at = start; ;) {
    const piece = tap.read(at, at + bodyPieceBytes)
    if (piece.length === 0) return
    yield piece
    at += piece.length
  }
}

/** A file name for one exchange or several, made of harmless characters. */
export function fileNameOf(sources: readonly ExportSource[], ending: string): string {
  const [only] = sources
  const name = sources.length === 1 && only ? `${only.exchange.method}-${only.exchange.target.split(/[?#]/)[0] ?? ''}` : 'sluice-exchanges'
  const harmless = name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
  const at = new Date(only?.exchange.startedAt ?? 0).toISOString().slice(0, 19).replace(/:/g, '-')
  return `${harmless === '' ? 'exchange' : harmless}-${at}.${ending}`
}
