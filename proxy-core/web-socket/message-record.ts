import type { Direction, FramingFault } from '../contract/messages.ts'
import type { PackedBytes } from '../packed-bytes.ts'
import type { PackedWire } from '../wire-body.ts'
import type { MessageRows } from './message-rows.ts'

/** What was kept of a WebSocket, as plain data: the bytes of both directions, and the rows in them, which are not found anew. */
export interface MessagesRecord {
  readonly toUpstream: PackedWire
  readonly toClient: PackedWire
  /** Index of the first row. */
  readonly firstRow: number
  readonly rows: RecordedMessages
  /** What was inflated of compressed messages, and the offset where that begins. */
  readonly inflated: { readonly from: number; readonly bytes: PackedBytes }
  readonly faults: readonly FramingFault[]
}

/** By row: which way it went, where it lies in the bytes that went there, how long its text is, its mark, and where it was inflated to, or -1. */
export interface RecordedMessages {
  readonly directions: readonly Direction[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly textBytes: readonly number[]
  readonly marks: readonly number[]
  readonly inflatedAt: readonly number[]
}

export function recordMessages(rows: MessageRows, faults: readonly FramingFault[]): MessagesRecord {
  const found = Array.from({ length: rows.count - rows.forgotten }, (_, index) => rows.recordOf(rows.forgotten + index)).filter(
    (row) => row !== null,
  )
  return {
    toUpstream: rows.sides.toUpstream.wire.packed(),
    toClient: rows.sides.toClient.wire.packed(),
    firstRow: rows.forgotten,
    rows: {
      directions: found.map(({ direction }) => direction),
      starts: found.map(({ row }) => row.start),
      ends: found.map(({ row }) => row.end),
      textBytes: found.map(({ textBytes }) => textBytes),
      marks: found.map(({ row }) => row.mark),
      inflatedAt: found.map(({ row }) => row.inflatedAt),
    },
    inflated: { from: rows.inflated.firstKept, bytes: rows.inflated.packed() },
    faults,
  }
}
