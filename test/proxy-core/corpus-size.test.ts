// Issue 3: the corpora are of the size that was asked for, and each case has its rule beside it, named once.
import { expect, test } from 'vitest'
import { requestChunks } from './corpus/request-chunks.ts'
import { requestExpectations } from './corpus/request-expectations.ts'
import { requestFields } from './corpus/request-fields.ts'
import { requestFraming } from './corpus/request-framing.ts'
import { requestLines } from './corpus/request-lines.ts'
import { requestTargets } from './corpus/request-targets.ts'
import { responseFraming } from './corpus/response-framing.ts'
import { responseHeads } from './corpus/response-heads.ts'

const requests = [...requestLines, ...requestTargets, ...requestFields, ...requestExpectations, ...requestFraming, ...requestChunks]
const responses = [...responseHeads, ...responseFraming]

test.for([
  ['malformed requests', requests, 150],
  ['hostile upstream responses', responses, 60],
] as const)('there are enough %s, each with its rule, none twice', ([, cases, least]) => {
  expect(cases.filter(({ outcome }) => outcome.type !== 'passed' && outcome.type !== 'answered').length).toBeGreaterThanOrEqual(least)
  for (const { rule, name } of cases) expect(rule, name).toMatch(/^\S+ .*\d/)
  expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(cases.length)
})
