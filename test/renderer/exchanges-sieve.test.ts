import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExchangeLog } from '../../proxy-core/contract/exchange-log.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { readExchangeFilter } from '../../renderer/exchanges/exchange-filter.ts'
import { ExchangeSieve, indexOfExchange } from '../../renderer/exchanges/visible-exchanges.ts'
import { ExchangeChanges } from '../../renderer/state/exchange-changes.ts'
import { ScriptedStream } from './support/scripted-stream.ts'

describe('the shown exchanges', () => {
  const exchanges = [1, 2, 3, 5, 8].map((id) =>
    new ScriptedStream({ id, startedAt: id * 1000, rowsPerSecond: 1, target: id % 2 ? '/odd' : '/even' }).exchange(id * 1000),
  )
  const names = new Map([['sse-echo' as RouteId, 'SSE echo']])

  test('run from the newest to the oldest, and say how many there are in all', () => {
    const { shown, total } = new ExchangeSieve(readExchangeFilter('odd').filter, names).sift(
      new ExchangeLog(100, exchanges),
      new ExchangeChanges(),
    )
    expect(shown.map(({ id }) => id)).toEqual([5, 3, 1])
    expect(total).toBe(5)
  })

  test('are found by the name of their route', () => {
    expect(
      new ExchangeSieve(readExchangeFilter('"sse echo" even').filter, names).sift(new ExchangeLog(100, exchanges), new ExchangeChanges())
        .shown,
    ).toHaveLength(2)
  })

  test('an exchange is looked at again only when it changed', () => {
    let looks = 0
    const sieve = new ExchangeSieve(({ exchange }) => {
      looks++
      return exchange.status === 200
    }, names)
    const [first] = exchanges
    if (!first) throw new Error('no exchange')
    const waiting: Exchange = { ...first, status: null }
    expect([waiting, waiting, first, first].map((exchange) => sieve.shows(exchange))).toEqual([false, false, true, true])
    expect(looks).toBe(2)
  })

  test('a filter that takes long is gone through a stretch at a time', () => {
    const log = new ExchangeLog(
      20_000,
      Array.from({ length: 10_000 }, (_, index) => ({ ...exchanges[0], id: index + 1, target: 'ab'.repeat(400) }) as Exchange),
    )
    const sieve = new ExchangeSieve(readExchangeFilter('-path:/(a|b)*a(a|b){60}c/').filter, names)
    const changes = new ExchangeChanges()
    const times: number[] = []
    for (let round = 0, isPartial = true; isPartial; round++) {
      const from = performance.now()
      isPartial = sieve.sift(log, changes).isPartial
      times.push(performance.now() - from)
    }
    expect(times.length).toBeGreaterThan(1)
    expect(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]).toBeLessThan(50)
    expect(sieve.sift(log, changes).shown).toHaveLength(10_000)
  })

  test('a place in the list is found by id, also the place of one that is gone', () => {
    const newestFirst = exchanges.toReversed()
    expect([9, 8, 5, 4, 3, 1, 0].map((id) => indexOfExchange(newestFirst, id))).toEqual([0, 0, 1, 2, 2, 4, 5])
  })

  test('10,000 exchanges of which 30 move are not gone through again', () => {
    let looks = 0
    const log = new ExchangeLog(
      20_000,
      Array.from({ length: 10_000 }, (_, index) => ({ ...exchanges[0], id: index + 1 }) as Exchange),
    )
    const changes = new ExchangeChanges()
    const sieve = new ExchangeSieve(() => ++looks > 0, names)
    // On a busy machine the first look takes several passes.
    while (sieve.sift(log, changes).isPartial);
    looks = 0
    for (let id = 1; id <= 30; id++) {
      log.apply({ type: 'exchange.pinned', id: (id * 300) as ExchangeId, isPinned: true })
      changes.note((id * 300) as ExchangeId)
    }
    const { shown } = sieve.sift(log, changes)
    expect([looks, shown.length, shown.filter(({ isPinned }) => isPinned).length]).toEqual([30, 10_000, 30])
    expect(sieve.sift(log, changes).shown).toBe(shown)
  })

  test('what is shown is what a new look at everything shows, whatever came, changed and went, however seldom one looks', () => {
    const step = fc.record({
      type: fc.constantFrom('start', 'change', 'forget', 'forget many', 'look'),
      pick: fc.nat(),
      target: fc.constantFrom('/odd', '/even'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.boolean(), (steps, isFiltered) => {
        const filter = () => (isFiltered ? readExchangeFilter('odd').filter : null)
        const sieve = new ExchangeSieve(filter(), names)
        const log = new ExchangeLog(Number.POSITIVE_INFINITY)
        const changes = new ExchangeChanges()
        let last = 0
        const compare = () => {
          const { shown, hasOpen, total } = sieve.sift(log, changes)
          const all = new ExchangeSieve(filter(), names).sift(log, new ExchangeChanges())
          expect({ shown, hasOpen, total }).toEqual({ shown: all.shown, hasOpen: all.hasOpen, total: all.total })
        }
        for (const { type, pick, target } of steps) {
          const ids = Array.from(log.values(), ({ id }) => id)
          const id = ids[pick % Math.max(1, ids.length)]
          if (type === 'look') compare()
          else if (type === 'start') {
            const exchange = { ...exchanges[0], id: ++last, target, state: pick % 2 ? 'open' : 'complete' } as Exchange
            log.apply({ type: 'exchange.started', exchange })
            changes.note(exchange.id)
          } else if (id !== undefined && type === 'change') {
            log.apply({ type: 'exchange.pinned', id, isPinned: pick % 2 === 0 })
            changes.note(id)
          } else if (id !== undefined) {
            const gone = type === 'forget' ? [id] : ids.slice(0, ids.indexOf(id))
            log.forget(gone)
            for (const one of gone) changes.note(one)
          }
        }
        compare()
      }),
      { numRuns: 300 },
    )
  })

  test('changes that are no longer kept are made up for by a look at everything', () => {
    const changes = new ExchangeChanges()
    for (let id = 1; id <= 25_000; id++) changes.note(id as ExchangeId)
    expect(changes.end).toBe(25_000)
    expect(changes.since(0)).toBeNull()
    expect(changes.since(24_998)).toEqual(new Set([24_999, 25_000]))
    expect(changes.since(25_000)).toEqual(new Set())
  })
})
