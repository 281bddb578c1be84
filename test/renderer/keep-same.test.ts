import { expect, it } from 'vitest'
import { Route } from '../../proxy-core/contract/route.ts'
import { isSame, keepSame } from '../../renderer/state/keep-same.ts'

const route = (id: string, path: string) => Route.parse({ id, match: { path }, upstream: 'demo:' })

it('of the routes that are reported anew, those that say the same stay the same value', () => {
  const before = [route('a', '/a'), route('b', '/b'), route('c', '/c')]
  const after = keepSame(before, structuredClone([before[2], { ...before[1], enabled: false }, before[0]] as Route[]))
  expect(after.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  expect(after[0]).toBe(before[2])
  expect(after[2]).toBe(before[0])
  expect(after[1]?.enabled).toBe(false)
})

it.each([
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ b: undefined }, { a: undefined }],
  [[1, 2], [1]],
  [[], {}],
  [null, {}],
  ['1', 1],
  [{ a: { b: [1] } }, { a: { b: [2] } }],
])('%j and %j do not say the same', (one, other) => {
  expect(isSame(one, other)).toBe(false)
})
