import type { CaptureBudget } from './capture.ts'
import type { DecodeError, Exchange, ExchangeId, ExchangeOrigin, RowKind } from './contract/exchange.ts'
import type { ExchangeHeads } from './contract/rows.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { chunksIn, type Numbers, type PackedBytes } from './packed-bytes.ts'
import { readChunk } from './recorded-decoder.ts'
import type { GivenRows } from './row-index.ts'
import { Tap } from './tap.ts'
import type { MessagesRecord } from './web-socket/message-record.ts'
import type { PackedWire } from './wire-body.ts'

/** How long a record is replayed in one go, so that the gateway's loop never waits for it. */
const sliceMs = 4

/**
 * All that was kept of one exchange, as plain data: it can be cloned, sent to another thread, written down and read back.
 * Its bytes are those of the capture, not a copy: who keeps a record for long keeps them beside the capture budget.
 */
export interface ExchangeRecord {
  readonly exchange: Exchange
  readonly heads: ExchangeHeads
  readonly request: BodyRecord | null
  readonly response: BodyRecord | null
  /** Of a WebSocket, in place of its bodies. */
  readonly messages?: MessagesRecord
}

/** What is known of a kept body besides its bytes and when they arrived and left. */
interface BodyFacts {
  readonly rowKind: RowKind
  /** In the order in which they were applied; empty for a plain body. */
  readonly codings: readonly string[]
  /** Index of the first row that is whole, and the offset where it starts; in the decoded body when it is encoded. */
  readonly firstRow: number
  readonly rowsFrom: number
  /** The rows themselves, where capture was stopped for a while: they can't be found anew in bytes that are not there. */
  readonly rows: GivenRows | null
  readonly decodeError: DecodeError | null
  /** The body is over, so that a last line without its line end is a row. */
  readonly isEnded: boolean
}

/**
 * What was kept of one body. When its oldest bytes are forgotten, `from` is not 0, and the rows begin with the first that is whole:
 * one that lost its start counts as forgotten.
 */
export interface BodyRecord extends BodyFacts, Omit<PackedWire, 'bytes'> {
  /** The kept bytes, in the chunks in which they came; a number is the length of a chunk that was let pass. */
  readonly chunks: readonly (Uint8Array | number)[]
  /** Of an encoded body: what was decoded of it. It is part of the record because it can't be decoded anew once its start is forgotten. */
  readonly decoded: DecodedRecord | null
}

/** The same, with the bytes in as few buffers as they lie in. */
export interface PackedBody extends BodyFacts, PackedWire {
  readonly decoded: PackedDecoded | null
}

/** A record that is being fed to a tap, and whether the chunk that comes next was kept. */
export interface RecordedBody {
  readonly body: BodyRecord
  readonly keeping: { isKeeping: boolean }
}

/** The decoded copy of a body. */
export interface DecodedRecord extends Omit<PackedDecoded, 'bytes'> {
  readonly chunks: readonly (Uint8Array | number)[]
}

/** The same, with the bytes in as few buffers as they lie in. */
export interface PackedDecoded {
  /** Offset of the first kept byte, in the decoded body. */
  readonly from: number
  readonly bytes: PackedBytes
  /** By chunk: the offset in the body as it came where the chunk ends that completed it. */
  readonly wireEnds: Numbers
  /** Offset from which on the bytes are as they came, because decoding stopped; or null. */
  readonly passedFrom: number | null
}

/** Where an exchange is from that did not pass through here. */
export type RecordOrigin = Exclude<ExchangeOrigin, 'live'>

/** The heads of an exchange of which none were kept. */
export const noHeads: ExchangeHeads = { requestReceived: [], requestSent: [], responseReceived: [], responseSent: [] }

/** What is kept of an exchange at this moment, open or ended, live or not. */
export function recordOf(store: ExchangeStore, id: ExchangeId): ExchangeRecord {
  const { live, captured } = store.find(id)
  const exchange = live.view()
  const isEnded = exchange.state !== 'open'
  const { heads, requestTap } = captured() ?? { heads: noHeads, requestTap: null }
  const bodies = { request: requestTap && recordBody(requestTap, isEnded), response: live.tap && recordBody(live.tap, isEnded) }
  return { exchange, heads, ...bodies, ...(live.messages ? { messages: live.messages.record() } : {}) }
}

/** What is kept of a body as plain data; `isEnded` says that nothing follows. */
export function recordBody(tap: Tap, isEnded: boolean): BodyRecord {
  const { bytes, decoded, ...body } = tap.packed(isEnded)
  return { ...body, chunks: [...chunksIn(bytes, body.from)], decoded: decoded && unpackDecoded(decoded) }
}

function unpackDecoded({ bytes, ...decoded }: PackedDecoded): DecodedRecord {
  return { ...decoded, chunks: [...chunksIn(bytes, decoded.from)] }
}

/**
 * A tap that shows what a record holds, with the row numbers and the clocks that the live one had. It counts in the budget.
 * The record is replayed in slices of a few milliseconds.
 */
export async function openBody(record: BodyRecord, budget: CaptureBudget, owner?: { readonly isPinned: boolean }): Promise<Tap> {
  const keeping = { isKeeping: true }
  const tap = new Tap(record.rowKind, budget, { codings: record.codings, recorded: { body: record, keeping }, ...(owner ? { owner } : {}) })
  let sliceEnd = performance.now() + sliceMs
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    sliceEnd = performance.now() + sliceMs
  }
  for (const [index, chunk] of record.chunks.entries()) {
    tap.arrived(readChunk(chunk, keeping), record.arrivedAt[index] ?? Number.NaN)
    if (performance.now() > sliceEnd) await pause()
  }
  let leftBytes = 0
  for (const [index, end] of record.leftEnds.entries()) {
    tap.left(end - leftBytes, record.leftAt[index] ?? Number.NaN)
    leftBytes = end
    // A clock read per departure would cost more than the departure.
    if (index % 256 === 255 && performance.now() > sliceEnd) await pause()
  }
  if (record.isEnded) tap.ended(true, () => undefined)
  if (record.rows !== null) {
    // They were not found one by one, as they came.
    const [first, last] = [tap.row(tap.forgottenRows), tap.row(tap.rows - 1)]
    tap.firstRowAt = first && tap.arrivedAt(first.end)
    tap.lastRowAt = last && tap.arrivedAt(last.end)
  }
  return tap
}
