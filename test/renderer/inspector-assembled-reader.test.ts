// The window's side of an assembled stream: texts that come in tails, one question at a time, and a new assembly that begins anew.
import { expect, test, vi } from 'vitest'
import { nothing } from '../../proxy-core/assemble/assemblies.ts'
import type { Assembled } from '../../proxy-core/contract/assembled.ts'
import { AssembledReader } from '../../renderer/inspector/assembled-reader.ts'

function answer(said: Partial<Assembled>): Assembled {
  return { ...nothing, assembly: 1, shape: 'ollama', isGivenUp: false, readRows: 1, totalRows: 1, ...said }
}

test('texts grow by their tails, and the reader asks on while it is behind', async () => {
  const answers = [
    answer({ totalRows: 3, texts: [{ text: 0, offset: 0, tail: 'one' }] }),
    answer({
      readRows: 3,
      totalRows: 3,
      texts: [
        { text: 0, offset: 3, tail: ' two' },
        { text: 2, offset: 0, tail: 'x' },
      ],
    }),
  ]
  const ask = vi.fn(() => Promise.resolve(answers.shift() ?? answer({})))
  const reader = new AssembledReader(ask, 0)
  reader.see({ rows: 3, leftRows: 0, state: 'open' })
  await vi.waitFor(() => expect(reader.text(0)).toBe('one two'))
  expect(ask.mock.calls).toEqual([[{ from: null }], [{ from: { assembly: 1, lengths: [3] } }]])
  expect([reader.text(1), reader.text(2), reader.text(null)]).toEqual(['', 'x', ''])

  reader.see({ rows: 3, leftRows: 0, state: 'open' })
  expect(ask).toHaveBeenCalledTimes(2)
  reader.see({ rows: 3, leftRows: 3, state: 'open' })
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(3))
  expect(ask.mock.calls[2]).toEqual([{ from: { assembly: 1, lengths: [7, 0, 1] } }])
})

test('another assembly begins with no texts', async () => {
  const answers = [
    answer({ texts: [{ text: 0, offset: 0, tail: 'old' }] }),
    answer({ assembly: 2, texts: [{ text: 1, offset: 0, tail: 'new' }] }),
  ]
  const reader = new AssembledReader(() => Promise.resolve(answers.shift() ?? answer({})), 0)
  reader.see({ rows: 1, leftRows: 0, state: 'open' })
  await vi.waitFor(() => expect(reader.text(0)).toBe('old'))
  reader.see({ rows: 2, leftRows: 0, state: 'open' })
  await vi.waitFor(() => expect(reader.text(1)).toBe('new'))
  expect(reader.text(0)).toBe('')
})

test('a question that fails says why', async () => {
  const reader = new AssembledReader(() => Promise.reject(new Error('x')), 0)
  reader.see({ rows: 1, leftRows: 0, state: 'open' })
  await vi.waitFor(() => expect(reader.error).toMatch(/went wrong/))
})
