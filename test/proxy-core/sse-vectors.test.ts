import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteByByte, cutAt, decodeBlocks, oracleEvents, scanBlocks } from '../support/sse-scan.ts'
import { sseVectors, type SseVector } from '../support/sse-vectors.ts'

describe.each(sseVectors.map((vector) => [vector.name, vector] as const))('the web platform test %s', (_, vector) => {
  const bytes = new TextEncoder().encode(vector.wire)

  it('gives the expected events when it comes whole', () => {
    expectVector(vector, bytes, [bytes])
  })

  it('gives the expected events when it comes byte by byte', () => {
    expectVector(vector, bytes, byteByByte(bytes))
  })

  it('gives the expected events when it comes in any two chunks', () => {
    for (let place = 1; place < Math.min(bytes.length, 200); place++) expectVector(vector, bytes, cutAt(bytes, [place]))
  })

  it('gives the expected events wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), (places) =>
        expectVector(vector, bytes, cutAt(bytes, places)),
      ),
      { numRuns: 60 },
    )
  })

  it('gives the events that eventsource-parser gives', () => {
    const blocks = scanBlocks([bytes]).filter((block) => block.type === 'event')
    expect(decodeBlocks(bytes, blocks).map(({ type, data, id }) => ({ type, data, id }))).toEqual(oracleEvents(bytes))
  })
})

function expectVector(vector: SseVector, bytes: Uint8Array, chunks: readonly Uint8Array[]): void {
  let lastEventId = ''
  let retryMs: number | null = null
  const events: { type: string; data: string; lastEventId: string }[] = []
  const blocks = scanBlocks(chunks)
  decodeBlocks(bytes, blocks).forEach((decoded, index) => {
    lastEventId = decoded.id ?? lastEventId
    retryMs = decoded.retryMs ?? retryMs
    if (blocks[index]?.type === 'event') events.push({ type: decoded.type, data: decoded.data, lastEventId })
  })
  expect(events).toEqual(vector.events.map((event, index) => ({ type: 'message', lastEventId: events[index]?.lastEventId, ...event })))
  expect(retryMs).toBe(vector.retryMs ?? null)
}
