import { afterEach, expect, test } from 'vitest'
import { keptDraft } from '../../renderer/compose/request-draft.ts'
import { firstDraft } from '../../renderer/compose/request-presets.ts'
import { forgetDrafts, initialChoices, rememberDraft, viewStore } from '../../renderer/state/view-store.ts'

// What is remembered of the requests that were sent.

afterEach(() => viewStore.setState(initialChoices))

test('no secret is remembered: its header goes, and its place in the URL is empty', () => {
  const draft = {
    ...firstDraft,
    url: '/v1?api_key=abc&q=1',
    headers: [
      { name: '', value: 'unnamed' },
      { name: 'Accept', value: '*/*' },
      { name: 'Authorization', value: 'Bearer secret' },
    ],
  }
  const kept = keptDraft(draft, {
    url: '/v1?api_key=[redacted]&q=1',
    headers: [
      ['Accept', '*/*'],
      ['Authorization', 'Bearer [redacted]'],
    ],
  })
  expect(kept).toEqual({ ...draft, url: '/v1?api_key=&q=1', headers: [{ name: 'Accept', value: '*/*' }] })
})

test('the last 50 are remembered, newest first, each once', () => {
  for (let index = 0; index < 60; index++) rememberDraft({ ...firstDraft, url: `/${index}` })
  rememberDraft({ ...firstDraft, url: '/30' })
  const urls = viewStore.getState().sentDrafts.map(({ url }) => url)
  expect(urls).toHaveLength(50)
  expect(urls.slice(0, 2)).toEqual(['/30', '/59'])
  expect(new Set(urls).size).toBe(50)
})

test('long bodies are not kept, and all that is kept stays small', () => {
  const long = { ...firstDraft, method: 'POST', body: 'x'.repeat(70_000) }
  expect(keptDraft(long, { url: long.url, headers: [['Accept', 'text/event-stream']] }).body).toBe('')
  for (let index = 0; index < 20; index++) rememberDraft({ ...firstDraft, url: `/${index}`, body: 'x'.repeat(60_000) })
  const { sentDrafts } = viewStore.getState()
  expect(sentDrafts.map(({ url }) => url)).toEqual(['/19', '/18', '/17', '/16'])
})

test('they are forgotten at once', () => {
  rememberDraft(firstDraft)
  forgetDrafts()
  expect(viewStore.getState().sentDrafts).toEqual([])
})
