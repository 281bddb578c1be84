// What the streams of five providers say, put together from samples in their published formats, however their bytes are cut.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AssembledStream } from './support/assembled-reader.ts'
import type { TokenSample } from './support/token-sample.ts'
import { tokenSamples } from './support/token-streams.ts'

function readInPieces({ rowKind, target, body }: TokenSample, cuts: readonly number[]) {
  const stream = new AssembledStream(rowKind, { target })
  const bytes = Buffer.from(body)
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  edges.forEach((edge, index) => {
    const next = edges[index + 1]
    if (next !== undefined && next > edge) stream.feed(bytes.subarray(edge, next))
  })
  return stream.end().reader.said()
}

describe.each(tokenSamples)('$name', (sample) => {
  test('is put together whole', () => {
    expect(readInPieces(sample, [])).toEqual(sample.said)
  })

  test('says the same when it is cut in two at any byte', () => {
    const expected = JSON.stringify(sample.said)
    const length = Buffer.byteLength(sample.body)
    for (let cut = 1; cut < length; cut++) {
      const said = readInPieces(sample, [cut])
      if (JSON.stringify(said) !== expected) expect(said, `cut at byte ${cut}`).toEqual(sample.said)
    }
  })

  test('says the same in any pieces', () => {
    const length = Buffer.byteLength(sample.body)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: length - 1 }), { maxLength: 40 }), (cuts) => {
        expect(readInPieces(sample, cuts)).toEqual(sample.said)
      }),
      { numRuns: 60 },
    )
  })
})

test.each(tokenSamples.filter(({ rowKind }) => rowKind === 'event'))('without its media type, in chunks: $name', (sample) => {
  const cuts = Array.from({ length: Buffer.byteLength(sample.body) - 1 }, (_, index) => index + 1)
  expect(readInPieces({ ...sample, rowKind: 'chunk' }, cuts)).toEqual(sample.said)
})
