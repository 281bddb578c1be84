import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readBytes, readMs, writeBytes, writeMs } from '../../renderer/routes/quantity.ts'

it.each([
  ['8192', 8192],
  ['8 KiB', 8192],
  ['8k', 8192],
  ['1.5 MB', 1_500_000],
  ['', null],
  ['much', undefined],
  ['8 cats', undefined],
  ['-1', undefined],
])('the size "%s" is read as %s', (text, bytes) => {
  expect(readBytes(text)).toBe(bytes)
})

it.each([
  ['100', 100],
  ['100 ms', 100],
  ['1.5 s', 1500],
  ['2 min', 120_000],
  [' ', null],
  ['soon', undefined],
])('the time "%s" is read as %s', (text, ms) => {
  expect(readMs(text)).toBe(ms)
})

it('what is written is read back as the same number', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2_000_000_000 }), (value) => {
      expect(readBytes(writeBytes(value))).toBe(value)
      expect(readMs(writeMs(value))).toBe(value)
    }),
  )
})
