import { createParser } from 'eventsource-parser'
import { decodeEvent, type DecodedEvent } from '../../proxy-core/sse/decode-event.ts'
import { EventScanner, type BlockType } from '../../proxy-core/sse/event-scanner.ts'

/** One block that a scanner found. */
export interface Block {
  readonly start: number
  readonly end: number
  readonly type: BlockType
}

/** What an EventSource would have made of a stream. */
export interface Dispatched {
  readonly type: string
  readonly data: string
  /** The id of the event's own block, where it has one that counts. */
  readonly id: string | null
}

/** The blocks of a stream that is fed in the given chunks. */
export function scanBlocks(chunks: readonly Uint8Array[]): readonly Block[] {
  const blocks: Block[] = []
  const scanner = new EventScanner((start, end, type) => blocks.push({ start, end, type }))
  for (const chunk of chunks) scanner.feed(chunk)
  return blocks
}

/** Each block's text, by its offsets. */
export function decodeBlocks(bytes: Uint8Array, blocks: readonly Block[]): readonly DecodedEvent[] {
  return blocks.map(({ start, end }) => decodeEvent(bytes.subarray(start, end)))
}

/** The events that eventsource-parser finds, for comparison. */
export function oracleEvents(bytes: Uint8Array): readonly Dispatched[] {
  const events: Dispatched[] = []
  const parser = createParser({
    onEvent: ({ event, data, id }) => events.push({ type: event ?? 'message', data, id: id ?? null }),
  })
  // The byte order mark is left in: dropping it is the parser's part.
  parser.feed(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return events
}

/** The bytes cut at the given places, in any order and with repetitions. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

/** The bytes one by one. */
export function byteByByte(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
}
