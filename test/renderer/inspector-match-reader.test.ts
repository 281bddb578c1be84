// The window's side of a search through a stream: who watches again while an answer is on its way gets each match once.
import { expect, test } from 'vitest'
import type { SearchReport } from '../../proxy-core/contract/search.ts'
import { MatchReader } from '../../renderer/inspector/match-reader.ts'

const report: SearchReport = { matches: Uint32Array.of(3, 5), from: 0, total: 2, first: 0, searchedTo: 9, rows: 9, cutRows: 0 }

test('a search that is left and watched again before its answer comes has each match once', async () => {
  const answers: ((answer: SearchReport) => void)[] = []
  const reader = new MatchReader({ text: 'x' } as never, () => new Promise((resolve) => answers.push(resolve)))
  reader.subscribe(() => undefined)()
  const told = new Promise<void>((resolve) => reader.subscribe(resolve))
  for (const answer of answers) answer(report)
  await told
  await new Promise(setImmediate)
  expect(reader.matches).toEqual([3, 5])
})
