import { expect, test } from 'vitest'
import { firstInvalidUtf8 } from '../../proxy-core/invalid-utf8.ts'

const table: readonly (readonly [name: string, bytes: Uint8Array, at: number | null])[] = [
  ['plain text', Buffer.from('data: x'), null],
  ['characters of two to four bytes', Buffer.from('ä€😀'), null],
  ['nothing', Buffer.alloc(0), null],
  ['a byte that begins nothing', Buffer.from([0x61, 0xff, 0x62]), 1],
  ['the first byte', Buffer.from([0x80, 0x61]), 0],
  ['a character cut at the end', Buffer.from('ab€').subarray(0, 4), 2],
  ['a character cut by another', Buffer.from([0xc3, 0xa4, 0xe2, 0x82, 0x61]), 2],
  ['an overlong slash', Buffer.from([0x61, 0x62, 0xc0, 0xaf]), 2],
  ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 1],
  ['a fault far in', Buffer.concat([Buffer.from('€'.repeat(50_000)), Buffer.from([0xfe]), Buffer.from('€')]), 150_000],
]

test.each(table)('the first bytes that are not UTF-8 are told: %s', (_name, bytes, at) => {
  expect(firstInvalidUtf8(bytes)).toBe(at)
})

test('a cut through a character is no fault of the text', () => {
  const cut = Buffer.from('ab€').subarray(0, 4)
  expect(firstInvalidUtf8(cut, { isCut: true })).toBeNull()
  expect(firstInvalidUtf8(Buffer.concat([Buffer.from([0xff]), cut]), { isCut: true })).toBe(0)
})
