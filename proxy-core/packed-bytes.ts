/** A list of numbers as plain data. */
export type Numbers = readonly number[] | Float64Array<ArrayBuffer>

/** Kept bytes as plain data, in as few buffers as they lie in: a stream of a million small chunks would be a million views otherwise. */
export interface PackedBytes {
  /** By chunk: the offset where it ends. */
  readonly ends: Numbers
  /** The bytes, oldest first, each buffer of whole chunks; a number is the length of what was let pass. */
  readonly stretches: readonly (Uint8Array | number)[]
}

/** The chunks that packed bytes hold, from the offset on where the first begins; of one that was let pass its length. */
export function* chunksIn({ ends, stretches }: PackedBytes, from: number): Generator<Uint8Array | number> {
  let at = 0
  let start = from
  let stretchStart = from
  for (const end of ends) {
    while (stretchStart + lengthOf(stretches[at]) < end) {
      stretchStart += lengthOf(stretches[at])
      at++
    }
    const stretch = stretches[at]
    yield stretch === undefined || typeof stretch === 'number' ? end - start : stretch.subarray(start - stretchStart, end - stretchStart)
    start = end
  }
}

function lengthOf(stretch: Uint8Array | number | undefined): number {
  if (stretch === undefined) return Number.POSITIVE_INFINITY
  return typeof stretch === 'number' ? stretch : stretch.length
}
