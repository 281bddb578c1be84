import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventScanner } from '../../proxy-core/sse/event-scanner.ts'
import { byteByByte, cutAt, decodeBlocks, oracleEvents, scanBlocks } from '../support/sse-scan.ts'

const encoder = new TextEncoder()

/** Streams in the shapes that matter: real fields in real order, and the characters that decide anything in any order. */
const stream = fc
  .oneof(
    fc
      .array(
        fc.oneof(
          fc.constantFrom('data: x\n', 'data:\r\n', 'data', 'event: tick\n', 'id: 7\r', 'id\n', 'retry: 10\n', ': ping\n', 'Data: y\n'),
          fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r', '\r\n\n'),
          fc.string({ maxLength: 6, unit: 'binary' }),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join('')),
    fc.string({ maxLength: 120, unit: fc.constantFrom('\n', '\r', ':', ' ', 'd', 'a', 't', 'data', 'id', '\0', '\ufeff', '…', 'x') }),
  )
  .map((text) => encoder.encode(text))

/** Any bytes, rich in line ends, behind as much of a byte order mark as may come. */
const rawBytes = fc
  .tuple(fc.constantFrom([], [0xef], [0xef, 0xbb], [0xef, 0xbb, 0xbf]), stream, fc.uint8Array({ maxLength: 200 }), fc.boolean())
  .map(([mark, text, noise, isNoise]) => {
    const rest = isNoise ? noise.map((byte) => (byte < 64 ? [10, 13, 58, 100][byte % 4]! : byte)) : text
    return Uint8Array.from([...mark, ...rest])
  })

describe('blocks of an event stream', () => {
  it('are the events that eventsource-parser finds, in any stream', () => {
    fc.assert(
      fc.property(fc.oneof(stream, rawBytes), (bytes) => {
        const blocks = scanBlocks([bytes]).filter((block) => block.type === 'event')
        expect(decodeBlocks(bytes, blocks).map(({ type, data, id }) => ({ type, data, id }))).toEqual(oracleEvents(bytes))
      }),
      { numRuns: 5000 },
    )
  })

  it('are the same whatever the chunks are', () => {
    fc.assert(
      fc.property(fc.oneof(stream, rawBytes), fc.array(fc.nat({ max: 300 }), { maxLength: 20 }), (bytes, places) => {
        const whole = scanBlocks([bytes])
        expect(scanBlocks(cutAt(bytes, places))).toEqual(whole)
        expect(scanBlocks(byteByByte(bytes))).toEqual(whole)
      }),
      { numRuns: 3000 },
    )
  })

  it('follow one another, and leave out blank lines and the byte order mark alone', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        let last = 0
        for (const { start, end } of scanBlocks([bytes])) {
          expect(start).toBeGreaterThanOrEqual(last)
          const skipped = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(last, start))
          expect(skipped).toMatch(last === 0 ? /^\ufeff?[\r\n]*$/ : /^[\r\n]*$/)
          expect(end).toBeGreaterThan(start)
          last = end
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    [
      'LF',
      'data:a\n\ndata:b\n\n',
      [
        [0, 8],
        [8, 16],
      ],
    ],
    [
      'CR',
      'data:a\r\rdata:b\r\r',
      [
        [0, 8],
        [8, 16],
      ],
    ],
    [
      'CRLF, whose last LF belongs to none',
      'data:a\r\n\r\ndata:b\r\n\r\n',
      [
        [0, 9],
        [10, 19],
      ],
    ],
    [
      'LF CR',
      'data:a\n\rdata:b\n\r',
      [
        [0, 8],
        [8, 16],
      ],
    ],
    [
      'more blank lines than needed',
      '\n\r\ndata:a\n\n\n\r\r\n\ndata:b\n\n',
      [
        [3, 11],
        [16, 24],
      ],
    ],
    ['a byte order mark', '\ufeffdata:a\n\n', [[3, 11]]],
  ])('end where %s ends them', (_, text, ranges) => {
    const bytes = encoder.encode(text)
    for (const chunks of [[bytes], byteByByte(bytes)]) {
      expect(scanBlocks(chunks).map(({ start, end }) => [start, end])).toEqual(ranges)
    }
  })

  it.each([
    ['data:x\n\n', 'event'],
    ['data\n\n', 'event'],
    ['id:1\n: note\ndata:x\n\n', 'event'],
    [': ping\n\n', 'comment'],
    [':\n:\n\n', 'comment'],
    [': ping\nretry:5\n\n', 'fields'],
    ['id:7\n\n', 'fields'],
    ['dat\n\n', 'fields'],
    ['datas:x\n\n', 'fields'],
    ['DATA:x\n\n', 'fields'],
    [' data:x\n\n', 'fields'],
  ])('%j is one block of type %s', (text, type) => {
    const bytes = encoder.encode(text)
    expect(scanBlocks(byteByByte(bytes)).map((block) => block.type)).toEqual([type])
  })

  it('that have not ended are told by where they start', () => {
    const scanner = new EventScanner(() => {})
    scanner.feed(encoder.encode('data:a\r\n\r'))
    expect([scanner.pendingStart, scanner.position]).toEqual([9, 9])
    scanner.feed(encoder.encode('\n'))
    expect([scanner.pendingStart, scanner.position]).toEqual([10, 10])
    scanner.feed(encoder.encode('data:b\n'))
    expect([scanner.pendingStart, scanner.position]).toEqual([10, 17])
  })

  it('start anew after a reset', () => {
    const starts: number[] = []
    const scanner = new EventScanner((start) => starts.push(start))
    scanner.feed(encoder.encode('data:a\n\ndata:half\r'))
    scanner.reset()
    scanner.feed(encoder.encode('\ufeffdata:b\n\n'))
    expect(starts).toEqual([0, 3])
  })
})
