import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { bothFilters, readExchangeFilter, routeFilter } from '../../renderer/exchanges/exchange-filter.ts'
import { suggestTerms } from '../../renderer/exchanges/filter-suggestions.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

const startedAt = 1_000_000
const chat: Exchange = {
  ...new ScriptedStream({ id: 1, startedAt, rowsPerSecond: 1 }).exchange(startedAt + 5000),
  method: 'POST',
  target: '/v1/chat/completions?model=Demo',
  host: 'api.localhost:9080',
  status: 200,
  routeId: 'chat-api' as RouteId,
  contentType: 'text/event-stream; charset=utf-8',
  events: 120,
  arrivedBytes: 2_000_000,
  heldBytes: 10,
  oldestHeldAt: startedAt + 4000,
}

function shows(text: string, exchange: Exchange = chat): boolean {
  return readExchangeFilter(text).filter?.({ exchange, routeName: 'Chat API', now: startedAt + 5000 }) ?? true
}

describe('the exchange filter', () => {
  test.each([
    ['', true],
    ['   ', true],
    ['post', true],
    ['COMPLETIONS', true],
    ['200', true],
    ['chat-api', true],
    ['"chat api"', true],
    ['post chat 200', true],
    ['model=demo', true],
    ['get', false],
    ['post 404', false],
    ['post/v1', false],
    ['"chat api', true],
    ['"api chat"', false],
    ['localhost:9080', true],
    ['/v1/chat', true],
    ['/v[12]\\b/', true],
    ['/V[12]/', false],
    ['/V[12]/i', true],
    ['/(a+)+$/', false],
    ['-get', true],
    ['-post', false],
    ['route:chat', true],
    ['route:"chat api"', true],
    ['-route:chat', false],
    ['status:200', true],
    ['status:2xx', true],
    ['status:>=500', false],
    ['-status:4xx', true],
    ['status:404 status:200', true],
    ['status:404 status:500', false],
    ['status:>=200 method:get', false],
    ['method:get method:post', true],
    ['path:/completions$/', false],
    ['path:/demo$/i', true],
    ['path:"chat/comp"', true],
    ['host:api', true],
    ['is:open', true],
    ['is:failed', false],
    ['is:failed is:open', true],
    ['is:open is:pinned', false],
    ['is:open is:held', true],
    ['-is:pinned', true],
    ['held:>500ms', true],
    ['held:>1m', false],
    ['held:500', true],
    ['events:>100', true],
    ['events:>100 events:<110', false],
    ['bytes:>1mb', true],
    ['bytes:>1.95mib', false],
    ['duration:>2s', true],
    ['duration:<=4.9s', false],
    ['type:event-stream', true],
    ['verdict:waiting', false],
  ])('%j shows the exchange: %s', (text, isShown) => {
    expect(
      readExchangeFilter(text)
        .terms.map(({ problem }) => problem)
        .filter(Boolean),
    ).toEqual([])
    expect(shows(text)).toBe(isShown)
  })

  test.each([
    ['status:4x4', 'status: takes a number such as 404, a group such as 4xx, or a comparison such as >=500.'],
    ['held:>fast', 'held: takes a number such as >500ms; its units are ms, s, m, min, h.'],
    ['is:gone', 'is: takes open, complete, failed, aborted, held or pinned.'],
    ['path:/(/', 'An opening ( has no closing one.'],
    ['/(?=a)/', 'Look-ahead, look-behind and inline flags are not known here: patterns are matched in linear time.'],
    ['colour:red', 'There is no key colour. Put the term in "quotes" to look for it as text.'],
  ])('%j says what is wrong, where it is, and hides nothing', (text, problem) => {
    const { terms, filter } = readExchangeFilter(`${text} post`)
    expect(terms[0]).toMatchObject({ from: 0, to: text.length, problem, wanted: null })
    expect(filter?.({ exchange: chat, routeName: '', now: 0 })).toBe(true)
  })

  test('a key whose value is still to be typed hides nothing and is no mistake', () => {
    expect(readExchangeFilter('status: ')).toMatchObject({ filter: null, terms: [{ problem: null }] })
  })

  test('a route narrows it further', () => {
    const candidate = { exchange: chat, routeName: 'Chat API', now: 0 }
    const [post, get] = ['post', 'get'].map((text) => readExchangeFilter(text).filter)
    if (!post || !get) throw new Error('Both filter.')
    expect(bothFilters(post, routeFilter('chat-api' as RouteId))?.(candidate)).toBe(true)
    expect(bothFilters(get, routeFilter('chat-api' as RouteId))?.(candidate)).toBe(false)
    expect(bothFilters(null, routeFilter('sse-echo' as RouteId))?.(candidate)).toBe(false)
    expect(bothFilters(readExchangeFilter('').filter, routeFilter(null))).toBeNull()
  })

  test('an exchange without a status or a route is found by what it has', () => {
    const bare = { ...chat, target: '/events', status: null, routeId: null }
    expect([shows('events', bare), shows('null', bare), shows('status:200', bare), shows('-status:200', bare)]).toEqual([
      true,
      false,
      false,
      true,
    ])
  })
})

describe('suggestions', () => {
  const traffic = { routes: [], exchanges: new ExchangeLog(10, [chat]) }
  const words = (text: string) => suggestTerms(text, text.length, traffic).map((suggestion) => suggestion.words)

  test('are keys first, and then values that the traffic has', () => {
    expect(words('')).toContain('status:')
    expect(words('s')).toEqual(['status:'])
    expect(words('get -st')).toEqual(['-status:'])
    expect(words('method:')).toEqual(['method:POST'])
    expect(words('path:ch')).toEqual(['path:/v1/chat/completions'])
    expect(words('is:pi')).toEqual(['is:pinned'])
  })

  test('take the place of the term at the caret', () => {
    expect(suggestTerms('get is:o post', 8, traffic)[0]).toMatchObject({ text: 'get is:open post', isOpen: false })
    expect(suggestTerms('get s', 5, traffic)[0]).toMatchObject({ text: 'get status:', isOpen: true })
  })
})
