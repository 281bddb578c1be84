import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeptBytes } from '../../proxy-core/kept-bytes.ts'
import { chunksIn } from '../../proxy-core/packed-bytes.ts'

type Step = { readonly push: number } | { readonly skip: number } | { readonly dropBytes: number } | { readonly dropBefore: number }

const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 9000 }))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ push: length }) },
  fc.record({ skip: length }),
  fc.record({ dropBytes: fc.integer({ min: 0, max: 6000 }) }),
  fc.record({ dropBefore: fc.integer({ min: 0, max: 40 }) }),
)

test('bytes and edges of chunks are those that were given, whatever was copied together, let pass and dropped', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 0, max: 50 }), (steps, start) => {
      const kept = new KeptBytes(start)
      // All there ever was; a chunk that was let pass is null.
      const chunks: { readonly bytes: Buffer | null; readonly start: number; readonly end: number }[] = []
      let end = start
      let cost = 0
      const add = (count: number, isKept: boolean): void => {
        const bytes = Buffer.from(Array.from({ length: count }, (_, index) => (end + index) % 251))
        cost += isKept ? kept.push(bytes) : kept.skip(count)
        chunks.push({ bytes: isKept ? bytes : null, start: end, end: end + count })
        end += count
      }
      for (const one of steps) {
        if ('push' in one) add(one.push, true)
        else if ('skip' in one) add(one.skip, false)
        else if ('dropBefore' in one) cost -= kept.dropBefore(kept.firstChunk + one.dropBefore)
        else cost -= expectFreed(kept.dropBytes(one.dropBytes), one.dropBytes, kept)

        const left = chunks.slice(kept.firstChunk)
        const [from, whole] = [left[0]?.start ?? end, left.every(({ bytes }) => bytes !== null)]
        expect([kept.firstKept, kept.end, kept.isEmpty, kept.hasSkipped]).toEqual([from, end, left.length === 0, !whole])
        expect(kept.bytes).toBe(left.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0))
        expect([...chunksIn(kept.packed(), kept.firstKept)]).toEqual(left.map(({ bytes, start: at, end: to }) => bytes ?? to - at))
        const all = Buffer.concat(left.map(({ bytes, start: at, end: to }) => bytes ?? Buffer.alloc(to - at)))
        const third = Math.floor(all.length / 3)
        expect(kept.read(from + third, end - third).equals(all.subarray(third, all.length - third))).toBe(true)
        expect(kept.read(0, end + 10).equals(all)).toBe(true)
        const between = left.filter(({ start: at, end: to }) => to > from + third && at < end - third)
        if (all.length > 0) expect(kept.isWhole(from + third, end - third)).toBe(between.every(({ bytes }) => bytes !== null))
        expect(cost).toBeGreaterThanOrEqual(kept.bytes)
      }
      cost -= kept.dropBytes(Number.POSITIVE_INFINITY)
      expect([cost, kept.bytes, kept.isEmpty, kept.firstKept]).toEqual([0, 0, true, end])
    }),
    { numRuns: 300 },
  )
})

test('small chunks do not keep the buffers that they came in, and count with the room that is kept ready', () => {
  const kept = new KeptBytes()
  const given = Buffer.from('data: 1\n\n')
  let cost = kept.push(given)
  given.fill(0)
  expect([...chunksIn(kept.packed(), kept.firstKept)]).toEqual([Buffer.from('data: 1\n\n')])
  for (let index = 0; index < 5000; index++) cost += kept.push(Buffer.from('data: 1\n\n'))
  const buffers = new Set([...chunksIn(kept.packed(), kept.firstKept)].map((chunk) => (chunk as Buffer).buffer))
  expect(buffers.size).toBeLessThan(10)
  const heldBytes = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0)
  expect(cost).toBeGreaterThan(heldBytes + 5000 * 32)
})

/** As much as was asked for is freed, unless nothing is left. */
function expectFreed(freed: number, asked: number, kept: KeptBytes): number {
  if (!kept.isEmpty) expect(freed).toBeGreaterThanOrEqual(asked)
  return freed
}

test('a chunk that is a part of a larger buffer does not keep that, and one with a buffer of its own is not copied', () => {
  const kept = new KeptBytes()
  const whole = Buffer.alloc(65_536, 'w')
  const own = Buffer.allocUnsafeSlow(16_384).fill('o')
  kept.push(whole.subarray(0, 16_384))
  kept.push(own)
  const [part, same] = kept.packed().stretches as readonly Buffer[]
  expect(part?.buffer.byteLength).toBe(16_384)
  expect(part?.equals(whole.subarray(0, 16_384))).toBe(true)
  expect(same?.buffer).toBe(own.buffer)
})
