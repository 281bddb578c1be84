import type { MessagesRecord } from '../web-socket/message-record.ts'
import { readParts, storeParts, type StoredParts } from './stored-parts.ts'

const directions = ['toUpstream', 'toClient'] as const

type Facts = Pick<MessagesRecord, 'firstRow' | 'faults'> & {
  /** The offsets of the first kept bytes: those of both directions, and those that were inflated. */
  readonly from: readonly [number, number, number]
}

/** Copies the messages of a WebSocket as they are written to the database. */
export function storeMessages({ toUpstream, toClient, firstRow, rows, inflated, faults }: MessagesRecord): Promise<StoredParts> {
  const facts: Facts = { firstRow, faults, from: [toUpstream.from, toClient.from, inflated.from] }
  const wires = [toUpstream, toClient].flatMap(({ arrivedAt, leftEnds, leftAt }) => [arrivedAt, leftEnds, leftAt])
  const ways = rows.directions.map((direction) => directions.indexOf(direction))
  const lists = [...wires, ways, rows.starts, rows.ends, rows.textBytes, rows.marks, rows.inflatedAt]
  return storeParts(facts, lists, [toUpstream.bytes, toClient.bytes, inflated.bytes])
}

/** The messages that were stored. */
export function readMessages(stored: StoredParts): MessagesRecord {
  const { facts, list, bytes } = readParts(stored)
  const { from, ...plain } = facts as Facts
  const wire = (side: 0 | 1) => ({
    from: from[side],
    bytes: bytes(side),
    arrivedAt: list(side * 3),
    leftEnds: list(side * 3 + 1),
    leftAt: list(side * 3 + 2),
  })
  return {
    ...plain,
    toUpstream: wire(0),
    toClient: wire(1),
    rows: {
      directions: Array.from(list(6), (way) => directions[way] ?? 'toClient'),
      starts: [...list(7)],
      ends: [...list(8)],
      textBytes: [...list(9)],
      marks: [...list(10)],
      inflatedAt: [...list(11)],
    },
    inflated: { from: from[2], bytes: bytes(2) },
  }
}
