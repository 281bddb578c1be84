import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowSlots } from '../../renderer/exchanges/row-slots.ts'

test('rows stay in their places, and those that come take the places of those that went', () => {
  const slots = new RowSlots()
  expect(slots.assign([10, 11, 12, 13])).toEqual([0, 1, 2, 3])
  expect(slots.assign([12, 13, 14, 15])).toEqual([2, 3, 0, 1])
  expect(slots.assign([9, 12, 13, 14])).toEqual([1, 2, 3, 0])
  expect(slots.assign([20, 21, 22, 23])).toEqual([0, 1, 2, 3])
  // After a jump they are in order, also those few that stay.
  expect(slots.assign([23, 24, 25, 26])).toEqual([0, 1, 2, 3])
  expect(slots.assign([])).toEqual([])
})

test('no two rows have one place, there are no more places than rows were on screen, and asking again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(60), { maxLength: 30 }), { maxLength: 20 }), (screens) => {
      const slots = new RowSlots()
      for (const keys of screens) {
        const places = slots.assign(keys)
        expect(new Set(places).size).toBe(keys.length)
        expect(Math.max(-1, ...places)).toBeLessThan(30)
        expect(slots.assign(keys)).toEqual(places)
      }
    }),
  )
})
