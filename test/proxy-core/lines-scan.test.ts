import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineScanner } from '../../proxy-core/sse/line-scanner.ts'
import { byteByByte, cutAt } from '../support/sse-scan.ts'

const encoder = new TextEncoder()

describe('lines of NDJSON', () => {
  it.each([
    ['{"a":1}\n{"a":2}\n', ['{"a":1}\n', '{"a":2}\n']],
    ['{"a":1}\r\n{"a":2}\r\n', ['{"a":1}\r\n', '{"a":2}\r\n']],
    ['\n\r\n1\n\n\r\n2\n', ['1\n', '2\n']],
    ['1\n2', ['1\n', '2']],
    ['1\n\r', ['1\n']],
    ['1\r2\n', ['1\r2\n']],
    ['\r\r\n', ['\r\r\n']],
    ['', []],
  ])('%j has the rows %j, whole or byte by byte', (text, lines) => {
    const bytes = encoder.encode(text)
    expect(textLines(bytes, [bytes])).toEqual(lines)
    expect(textLines(bytes, byteByByte(bytes))).toEqual(lines)
  })

  it('are the same whatever the chunks are', () => {
    const text = fc.string({ maxLength: 80, unit: fc.constantFrom('\n', '\r', '{', 'x', '…') })
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 300 }), { maxLength: 10 }), (sample, places) => {
        const bytes = encoder.encode(sample)
        expect(textLines(bytes, cutAt(bytes, places))).toEqual(sample.split(/(?<=\n)/).filter((line) => !/^\r?\n?$/.test(line)))
      }),
      { numRuns: 3000 },
    )
  })

  it('that have not ended are told by where they start, and come with the end of the body', () => {
    const ranges: (readonly [number, number])[] = []
    const scanner = new LineScanner((start, end) => ranges.push([start, end]))
    scanner.feed(encoder.encode('1\n22'))
    expect([ranges, scanner.pendingStart, scanner.position]).toEqual([[[0, 2]], 2, 4])
    scanner.flush()
    expect([ranges, scanner.pendingStart]).toEqual([
      [
        [0, 2],
        [2, 4],
      ],
      4,
    ])
    scanner.flush()
    expect(ranges).toHaveLength(2)
  })
})

function textLines(bytes: Uint8Array, chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = []
  const scanner = new LineScanner((start, end) => lines.push(new TextDecoder().decode(bytes.subarray(start, end))))
  for (const chunk of chunks) scanner.feed(chunk)
  scanner.flush()
  return lines
}
