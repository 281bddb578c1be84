// Patterns of searches and filters: JavaScript's regular expressions, as far as they can be matched in linear time.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, Pattern } from '../../proxy-core/contract/pattern/pattern.ts'

const pattern = (source: string, ignoresCase = false) => new Pattern(source, { ignoresCase })

describe('a pattern finds what JavaScript finds', () => {
  const atom = fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '\\s', '[ab]', '[^a]', '[a-c0]', '\\b', '^', '$', '1', ' ')
  const source = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([one, other]) => one + other),
      fc.tuple(tie('node'), tie('node')).map(([one, other]) => `(?:${one}|${other})`),
      fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?')).map(([node, count]) => `(${node})${count}`),
    ),
  })).node
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '\n'), maxLength: 12 })

  test('in any text, in both cases', () => {
    fc.assert(
      fc.property(source, text, fc.boolean(), (written, subject, ignoresCase) => {
        expect(pattern(written, ignoresCase).test(subject)).toBe(new RegExp(written, ignoresCase ? 'i' : '').test(subject))
      }),
      { numRuns: 3000 },
    )
  })

  test('a match begins where its first one begins', () => {
    fc.assert(
      fc.property(source, text, (written, subject) => {
        const found = pattern(written).find(subject, 0)
        const expected = new RegExp(written).exec(subject)
        expect(found?.[0]).toBe(expected?.index)
        if (expected) expect(found?.[1]).toBeGreaterThanOrEqual(expected.index + expected[0].length)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['ÄÖ', 'äö', true],
    ['\\u00e4', 'Ä', true],
    ['[à-ý]+$', 'ÀÉ', true],
    ['err(or)?s?$', 'two ERRORS', true],
    ['a{3}', 'aa', false],
  ])('%s in %s: %s', (written, subject, isFound) => {
    expect(pattern(written, true).test(subject)).toBe(isFound)
  })
})

describe('a pattern that cannot be read says why', () => {
  test.each([
    ['(a', 'An opening ( has no closing one.'],
    ['a)', 'A closing ) has no opening one.'],
    ['[a', 'An opening [ has no closing one.'],
    ['*a', 'There is nothing to repeat before a *, +, ? or {.'],
    ['a\\', 'A pattern cannot end in a single \\.'],
    ['(?=a)', 'Look-ahead, look-behind and inline flags are not known here: patterns are matched in linear time.'],
    ['(a)\\1', 'References back are not known here: patterns are matched in linear time.'],
    ['(a{1000}){1000}', 'The pattern is too large; use smaller counts.'],
    ['a'.repeat(301), 'A pattern has at most 300 characters.'],
  ])('%s', (source, sentence) => {
    expect(compilePattern(source, { ignoresCase: false })).toBe(sentence)
  })
})

test.each(['(a+)+$', '(a|a)*b', '(.*a){12}b', 'a*a*a*a*a*a*b', '(a|b)*a(a|b){60}c'])('%s takes linear time', (source) => {
  const hostile = pattern(source)
  const timeOf = (length: number) => {
    const startedAt = performance.now()
    hostile.test(`${'ab'.repeat(length / 2)}!`)
    return performance.now() - startedAt
  }
  // JavaScript's own would take longer than the universe has.
  expect(timeOf(20_000)).toBeLessThan(5000)
  expect(hostile.find('a'.repeat(200), 0) === null || source === '(a+)+$').toBe(true)
})
