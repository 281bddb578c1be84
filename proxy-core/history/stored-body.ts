import type { BodyRecord, PackedBody } from '../exchange-record.ts'
import { chunksIn, type PackedBytes } from '../packed-bytes.ts'
import type { RowType } from '../row-index.ts'
import { pause, readParts, storeParts, type StoredParts } from './stored-parts.ts'

const rowTypes: readonly RowType[] = ['event', 'comment', 'fields', 'line', 'chunk', 'message']
const chunksBetweenLooks = 256
const nothing: PackedBytes = { ends: [], stretches: [] }

type Facts = Omit<BodyRecord, 'arrivedAt' | 'leftEnds' | 'leftAt' | 'chunks' | 'decoded' | 'rows'> & {
  readonly decoded: { readonly from: number; readonly passedFrom: number | null } | null
  readonly hasRows: boolean
}

/** Copies a body as it is written to the database, in slices of a few milliseconds. */
export function storeBody({ bytes, decoded, arrivedAt, leftEnds, leftAt, rows, ...plain }: PackedBody): Promise<StoredParts> {
  const facts: Facts = {
    ...plain,
    decoded: decoded && { from: decoded.from, passedFrom: decoded.passedFrom },
    hasRows: rows !== null,
  }
  const types = rows?.types.map((type) => rowTypes.indexOf(type)) ?? []
  const lists = [arrivedAt, leftEnds, leftAt, decoded?.wireEnds ?? [], rows?.starts ?? [], rows?.ends ?? [], types]
  return storeParts(facts, lists, [bytes, decoded?.bytes ?? nothing])
}

/** The body that was stored, in slices of a few milliseconds. */
export async function readBody(stored: StoredParts): Promise<BodyRecord> {
  const { facts, list, bytes } = readParts(stored)
  const { hasRows, decoded, ...plain } = facts as Facts
  return {
    ...plain,
    arrivedAt: list(0),
    leftEnds: list(1),
    leftAt: list(2),
    chunks: await listed(bytes(0), plain.from),
    decoded: decoded && { ...decoded, wireEnds: list(3), chunks: await listed(bytes(1), decoded.from) },
    rows: hasRows ? { starts: [...list(4)], ends: [...list(5)], types: Array.from(list(6), (type) => rowTypes[type] ?? 'chunk') } : null,
  }
}

async function listed(bytes: PackedBytes, from: number): Promise<readonly (Uint8Array | number)[]> {
  const chunks: (Uint8Array | number)[] = []
  let sliceEnd = await pause()
  for (const chunk of chunksIn(bytes, from)) {
    chunks.push(chunk)
    if (chunks.length % chunksBetweenLooks === 0 && performance.now() > sliceEnd) sliceEnd = await pause()
  }
  return chunks
}
