import { expect, test } from 'vitest'
import type { NodeStatus } from '../../proxy-core/contract/events.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import { nodeUrls, restCount, restReasons, restWords } from '../../renderer/routes/node-words.ts'

const up: NodeStatus = { url: 'http://127.0.0.1:4001', state: 'up', until: null, lastError: null }
const error = { code: 'upstream-unreachable' as const, message: 'The upstream 127.0.0.1:4002 refused the connection.' }
const resting = (until: number): NodeStatus => ({
  url: 'http://127.0.0.1:4002',
  state: 'resting',
  until,
  lastError: { at: 0, error },
})

test.each([
  ['none', [], null],
  ['all up', [up, up], null],
  ['one that rests', [up, resting(8000), up], '1 of 3 nodes rests, tried again in 8 s'],
  ['several: the first to be tried counts', [resting(9000), resting(4000)], '2 of 2 nodes rest, tried again in 4 s'],
  ['one whose time is up', [up, resting(0)], '1 of 2 nodes rests, tried again by the next request'],
] as const)('the rest of nodes in words: %s', (_, nodes, words) => {
  expect(restWords(nodes, 0)).toBe(words)
})

test('why each node rests is told', () => {
  expect(restReasons([up, resting(5)])).toBe(`http://127.0.0.1:4002: ${error.message}`)
})

test('how many nodes rest is told in short, and which nodes there are', () => {
  expect(restCount([up, up])).toBeNull()
  expect(restCount([up, resting(5)])).toBe('1 of 2 nodes rests')
  const nodes = ['http://127.0.0.1:4001', 'http://127.0.0.1:4002']
  const match = { path: '/spread/*' }
  expect(nodeUrls(Route.parse({ id: 'spread', match, upstream: { nodes: nodes.map((url) => ({ url })) } }))).toEqual(nodes)
  expect(nodeUrls(Route.parse({ id: 'one', match, upstream: 'http://127.0.0.1:4001' }))).toEqual([])
})
