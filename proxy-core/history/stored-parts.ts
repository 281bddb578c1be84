import type { Numbers, PackedBytes } from '../packed-bytes.ts'

/** What is kept of one side of an exchange as it is written to the database, in buffers of its own, which can be handed to another thread. */
export interface StoredParts {
  /** JSON of what is neither a list of numbers nor bytes, with the lengths of the lists. */
  readonly facts: string
  /** The lists of numbers, one behind the other. */
  readonly columns: Float64Array<ArrayBuffer>
  /** The bytes, a list of pieces for each of the bodies in it. */
  readonly parts: readonly (readonly Uint8Array<ArrayBuffer>[])[]
}

const pieceBytes = 262_144
/** How long something is done in one go in the gateway's thread. */
const sliceMs = 4

/** Copies lists and bytes into buffers of their own, in slices of a few milliseconds. */
export async function storeParts(facts: object, lists: readonly Numbers[], bytes: readonly PackedBytes[]): Promise<StoredParts> {
  const all = [...lists, ...bytes.flatMap((packed) => [packed.ends, spansOf(packed)])]
  const columns = new Float64Array(all.reduce((length, list) => length + list.length, 0))
  let at = 0
  for (const list of all) {
    columns.set(list, at)
    at += list.length
  }
  const parts: (readonly Uint8Array<ArrayBuffer>[])[] = []
  for (const packed of bytes) parts.push(await copied(packed))
  return { facts: JSON.stringify({ facts, lengths: all.map((list) => list.length) }), columns, parts }
}

/** The buffers that go with stored parts to another thread. */
export function buffersOf({ columns, parts }: StoredParts): readonly ArrayBuffer[] {
  return [columns.buffer, ...parts.flat().map((piece) => piece.buffer)]
}

/** What was stored: its facts, its lists, and its bytes. */
export function readParts(stored: StoredParts): {
  readonly facts: unknown
  readonly list: (index: number) => Float64Array<ArrayBuffer>
  readonly bytes: (index: number) => PackedBytes
} {
  const { facts, lengths } = JSON.parse(stored.facts) as { facts: unknown; lengths: readonly number[] }
  const list = (index: number): Float64Array<ArrayBuffer> => {
    const start = lengths.slice(0, index).reduce((sum, length) => sum + length, 0)
    return stored.columns.slice(start, start + (lengths[index] ?? 0))
  }
  const listsBefore = lengths.length - stored.parts.length * 2
  return {
    facts,
    list,
    bytes: (index) => packedFrom(list(listsBefore + index * 2), list(listsBefore + index * 2 + 1), stored.parts[index] ?? []),
  }
}

/** The lengths of the stretches; negative where the bytes were let pass. */
function spansOf({ stretches }: PackedBytes): Numbers {
  return stretches.map((stretch) => (typeof stretch === 'number' ? -stretch : stretch.length))
}

function packedFrom(ends: Numbers, spans: Numbers, pieces: readonly Uint8Array[]): PackedBytes {
  const whole = Buffer.concat(pieces)
  let at = 0
  return { ends, stretches: Array.from(spans, (span) => (span < 0 ? -span : whole.subarray(at, (at += span)))) }
}

async function copied({ stretches }: PackedBytes): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const kept = stretches.filter((stretch) => typeof stretch !== 'number')
  let left = kept.reduce((bytes, stretch) => bytes + stretch.length, 0)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let piece = new Uint8Array(0)
  let filled = 0
  let sliceEnd = performance.now() + sliceMs
  for (const stretch of kept) {
    for (let from = 0; from < stretch.length;) {
      if (filled === piece.length) {
        piece = new Uint8Array(Math.min(left, pieceBytes))
        pieces.push(piece)
        filled = 0
        if (performance.now() > sliceEnd) sliceEnd = await pause()
      }
      const part = stretch.subarray(from, from + piece.length - filled)
      piece.set(part, filled)
      filled += part.length
      from += part.length
      left -= part.length
    }
  }
  return pieces
}

/** Lets the traffic through; returns when the next slice ends. */
export async function pause(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve))
  return performance.now() + sliceMs
}
