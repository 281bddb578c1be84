import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteBlocks, blockBytes } from '../../renderer/inspector/byte-blocks.ts'
import { headChanges, headText } from '../../renderer/inspector/head-changes.ts'
import { hexLine, hexOffset } from '../../renderer/inspector/hex-line.ts'
import { prettyJson } from '../../renderer/inspector/json-tokens.ts'
import { LineIndex } from '../../renderer/inspector/line-index.ts'
import { visibleLine, visibleRuns } from '../../renderer/inspector/visible-text.ts'

describe('text from the wire', () => {
  test('shows what cannot be seen', () => {
    expect(visibleLine('a\nb\tc\u0000d\u007f')).toBe('a↵b→c⟨U+0000⟩d⟨U+007F⟩')
    expect(visibleLine('user\u202etxt.exe')).toBe('user⟨U+202E⟩txt.exe')
    expect(visibleLine('zero\u200bwidth\ufeff\u{e0041}')).toBe('zero⟨U+200B⟩width⟨U+FEFF⟩⟨U+E0041⟩')
    expect(visibleLine('grüße, 水 🌊')).toBe('grüße, 水 🌊')
  })

  test('keeps its lines, each break marked as what it was', () => {
    const runs = visibleRuns('data: a\r\ndata: b\n\rx\u0007')
    expect(runs.map(({ text }) => text).join('')).toBe('data: a\\r\\n\ndata: b\\n\n\\r\nx⟨U+0007⟩')
    expect(runs.filter(({ isMark }) => !isMark).map(({ text }) => text)).toEqual(['data: a', 'data: b', 'x'])
  })
})

describe('pretty JSON', () => {
  const print = (text: string) =>
    prettyJson(text)
      ?.map((token) => token.text)
      .join('') ?? null

  test('is laid out over lines', () => {
    expect(print('{"a":[1,{"b":null}],"c":{},"d":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    )
  })

  test('changes no literal: long numbers, repeated keys and escapes stay as sent', () => {
    expect(print('{"n":12345678901234567890,"n":1.0,"s":"\\u0041 {,}"}')).toBe(
      '{\n  "n": 12345678901234567890,\n  "n": 1.0,\n  "s": "\\u0041 {,}"\n}',
    )
  })

  test('tells keys from strings, numbers and words', () => {
    expect(prettyJson('{"k":"v","n":-1.5e3,"t":true}')?.filter(({ kind }) => kind !== 'space' && kind !== 'punctuation')).toEqual([
      { kind: 'key', text: '"k"' },
      { kind: 'string', text: '"v"' },
      { kind: 'key', text: '"n"' },
      { kind: 'number', text: '-1.5e3' },
      { kind: 'key', text: '"t"' },
      { kind: 'word', text: 'true' },
    ])
  })

  test('is given up for what is no object or array', () => {
    expect([print('[DONE]'), print('12'), print('"text"'), print('{"a":'), print('')]).toEqual([null, null, null, null, null])
  })

  test('says the same as the text it came from', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(print(text) ?? 'null')).toEqual(JSON.parse(text))
      }),
    )
  })
})

describe('heads', () => {
  test('are set side by side, with what was added, removed and changed', () => {
    const received = [
      ['Host', 'a'],
      ['connection', 'keep-alive'],
      ['Via', '1.0 x'],
      ['Cookie', '1'],
      ['cookie', '2'],
    ] as const
    const sent = [
      ['host', 'a'],
      ['Via', '1.0 x, 1.1 sluice'],
      ['Cookie', '2'],
      ['Cookie', '1'],
      ['X-Real-IP', '127.0.0.1'],
    ] as const
    expect(headChanges(received, sent).map(({ change, received: from, sent: to }) => [change, from?.[1] ?? null, to?.[1] ?? null])).toEqual(
      [
        ['kept', 'a', 'a'],
        ['removed', 'keep-alive', null],
        ['changed', '1.0 x', '1.0 x, 1.1 sluice'],
        ['kept', '1', '1'],
        ['kept', '2', '2'],
        ['added', null, '127.0.0.1'],
      ],
    )
    expect(headText(received.slice(0, 2))).toBe('Host: a\nconnection: keep-alive\n')
  })
})

describe('the lines of a body', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text)
  function linesOf(text: string, columns: number, cut: number): readonly string[] {
    const bytes = bytesOf(text)
    const index = new LineIndex(columns, 0)
    for (let at = 0; at < bytes.length; at += cut) index.feed(bytes.subarray(at, at + cut))
    return Array.from({ length: index.lines }, (_, line) => {
      const { from, to } = index.line(line)
      return new TextDecoder().decode(bytes.subarray(from, to))
    })
  }

  test('end at LF, CR and CR LF', () => {
    expect(linesOf('a\nb\r\nc\rd\n\ne', 80, 1)).toEqual(['a\n', 'b\r\n', 'c\r', 'd\n', '\n', 'e'])
    expect(linesOf('', 80, 1)).toEqual([])
  })

  test('a long line goes on in further rows, never inside a character', () => {
    expect(linesOf('abcdefgh\nxy', 4, 3)).toEqual(['abcd', 'efgh\n', 'xy'])
    expect(linesOf('aaa水水', 4, 2)).toEqual(['aaa水', '水'])
  })

  test('are the same however the body is cut, and together they are the body', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', '\r', '水', 'bcd', '\r\n'), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        (parts, cut, columns) => {
          const text = parts.join('')
          const lines = linesOf(text, columns, cut)
          expect(lines.join('')).toBe(text)
          expect(lines).toEqual(linesOf(text, columns, 1000))
        },
      ),
    )
  })
})

describe('bytes', () => {
  test('are shown as hex and text', () => {
    expect(hexLine(new TextEncoder().encode('data: 1\n\nhello ü'))).toEqual({
      hex: '64 61 74 61 3a 20 31 0a  0a 68 65 6c 6c 6f 20 c3 bc',
      text: 'data: 1··hello ··',
    })
    expect(hexOffset(255, 70_000)).toBe('000ff')
    expect(hexOffset(255, 10)).toBe('00ff')
  })

  test('are read across blocks once all of them are there', () => {
    const body = Uint8Array.from({ length: blockBytes * 2 + 100 }, (_, index) => index % 251)
    const total = body.length
    const blocks = new ByteBlocks(8)
    const put = (block: number, length = blockBytes) => {
      const from = block * blockBytes
      blocks.put(block, { from, total, first: 0, bytes: body.slice(from, Math.min(total, from + length)) })
    }
    expect(blocks.missing(0, 10, total)).toBe(0)
    put(0)
    put(1, 500)
    expect(blocks.read(blockBytes - 5, blockBytes + 600)).toBeNull()
    expect(blocks.missing(blockBytes - 5, blockBytes + 600, total)).toBe(1)
    put(1)
    put(2)
    expect(blocks.missing(0, total, total)).toBeNull()
    expect(blocks.read(blockBytes - 5, blockBytes * 2 + 7)).toEqual(body.slice(blockBytes - 5, blockBytes * 2 + 7))
  })
})
