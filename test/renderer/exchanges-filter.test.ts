import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { bothFilters, readExchangeFilter, routeFilter } from '../../renderer/exchanges/exchange-filter.ts'
import { ExchangeSieve, indexOfExchange } from '../../renderer/exchanges/visible-exchanges.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

const chat = { method: 'POST', target: '/v1/chat/completions?model=Demo', status: 200, routeId: 'chat-api' as RouteId }

function shows(text: string): boolean {
  return readExchangeFilter(text)?.({ exchange: chat, routeName: 'Chat API' }) ?? true
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
  ])('%j shows the exchange: %s', (text, isShown) => {
    expect(shows(text)).toBe(isShown)
  })

  test('a route narrows it further', () => {
    const candidate = { exchange: chat, routeName: 'Chat API' }
    expect(bothFilters(readExchangeFilter('post'), routeFilter('chat-api' as RouteId))?.(candidate)).toBe(true)
    expect(bothFilters(readExchangeFilter('get'), routeFilter('chat-api' as RouteId))?.(candidate)).toBe(false)
    expect(bothFilters(null, routeFilter('sse-echo' as RouteId))?.(candidate)).toBe(false)
    expect(bothFilters(readExchangeFilter(''), routeFilter(null))).toBeNull()
  })

  test('an exchange without a status or a route is found by what it has', () => {
    const filter = readExchangeFilter('events')
    expect(filter?.({ exchange: { method: 'GET', target: '/events', status: null, routeId: null }, routeName: '' })).toBe(true)
    expect(
      readExchangeFilter('null')?.({ exchange: { method: 'GET', target: '/events', status: null, routeId: null }, routeName: '' }),
    ).toBe(false)
  })
})

describe('the shown exchanges', () => {
  const exchanges = [1, 2, 3, 5, 8].map((id) =>
    new ScriptedStream({ id, startedAt: id * 1000, rowsPerSecond: 1, target: id % 2 ? '/odd' : '/even' }).exchange(id * 1000),
  )
  const names = new Map([['sse-echo' as RouteId, 'SSE echo']])

  test('run from the newest to the oldest, and say how many there are in all', () => {
    const { shown, total } = new ExchangeSieve(readExchangeFilter('odd'), names).sift(new ExchangeLog(100, exchanges))
    expect(shown.map(({ id }) => id)).toEqual([5, 3, 1])
    expect(total).toBe(5)
  })

  test('are found by the name of their route', () => {
    expect(new ExchangeSieve(readExchangeFilter('"sse echo" even'), names).sift(new ExchangeLog(100, exchanges)).shown).toHaveLength(2)
  })

  test('an exchange is looked at again only when its status came', () => {
    let looks = 0
    const sieve = new ExchangeSieve(({ exchange }) => {
      looks++
      return exchange.status === 200
    }, names)
    const [first] = exchanges
    if (!first) throw new Error('no exchange')
    const waiting: Exchange = { ...first, status: null }
    expect([sieve.shows(waiting), sieve.shows({ ...waiting, rows: 7 }), sieve.shows(first), sieve.shows({ ...first, rows: 9 })]).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(looks).toBe(2)
  })

  test('a place in the list is found by id, also the place of one that is gone', () => {
    const newestFirst = exchanges.toReversed()
    expect([9, 8, 5, 4, 3, 1, 0].map((id) => indexOfExchange(newestFirst, id))).toEqual([0, 0, 1, 2, 2, 4, 5])
  })

  test('10,000 exchanges of which 30 move are sifted in a few milliseconds', () => {
    const log = new ExchangeLog(
      20_000,
      Array.from({ length: 10_000 }, (_, index) => ({ ...exchanges[0], id: index + 1 }) as Exchange),
    )
    const sieve = new ExchangeSieve(readExchangeFilter('odd 200'), names)
    sieve.sift(log)
    const times = Array.from({ length: 20 }, () => {
      const from = performance.now()
      sieve.sift(log)
      return performance.now() - from
    }).toSorted((one, other) => one - other)
    expect(times[10]).toBeLessThan(8)
  })
})
