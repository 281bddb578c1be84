import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PairColumn } from '../../proxy-core/pair-column.ts'

type Step = { readonly push: number } | { readonly replace: number } | { readonly forget: number }

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 700 }) }) },
    { weight: 1, arbitrary: fc.record({ replace: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 2, arbitrary: fc.record({ forget: fc.integer({ min: 0, max: 3000 }) }) },
  ),
  { maxLength: 12 },
)

test('pairs are those that were put in, whatever was replaced and forgotten, and are found by either number', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 5 }), (list: readonly Step[], first) => {
      const column = new PairColumn(first)
      const model: [number, number][] = Array.from({ length: first }, () => [Number.NaN, Number.NaN])
      let forgotten = first
      let next = 1
      for (const step of list) {
        if ('push' in step) {
          for (let count = 0; count < step.push; count++) {
            model.push([next, next * 3 + 0.5])
            column.push(next, next * 3 + 0.5)
            next += 2
          }
        } else if ('replace' in step) {
          if (forgotten === model.length) continue
          model[model.length - 1] = [next, next * 3]
          column.setLast(next, next * 3)
          next += 2
        } else {
          forgotten = Math.min(Math.max(forgotten, step.forget), model.length)
          column.forgetBefore(step.forget)
        }
      }
      const kept = model.slice(forgotten)
      expect([column.first, column.end]).toEqual([forgotten, model.length])
      expect([...column.lefts()]).toEqual(kept.map(([left]) => left))
      expect([...column.rights()]).toEqual(kept.map(([, right]) => right))
      for (const index of [forgotten - 1, forgotten, Math.floor((forgotten + model.length) / 2), model.length - 1, model.length]) {
        const [left = Number.NaN, right = Number.NaN] = index < forgotten ? [] : (model[index] ?? [])
        expect([column.left(index), column.right(index)]).toEqual([left, right])
      }
      for (const value of [0, 2, next / 2, next, next * 2]) {
        expect(column.indexOfLeftAtLeast(value)).toBe(forgotten + kept.filter(([left]) => left < value).length)
        expect(column.indexOfRightAtLeast(value)).toBe(forgotten + kept.filter(([, right]) => right < value).length)
      }
    }),
    { numRuns: 150 },
  )
})
