import { expect, it } from 'vitest'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { RateHistory, rateHistorySeconds } from '../../renderer/state/rate-history.ts'

const id = 'sse-echo' as RouteId

it('there is one rate a second, the newest last, and silence keeps the rate before it', () => {
  const history = new RateHistory()
  history.note(id, 1, 100_000)
  history.note(id, 5, 101_100)
  history.note(id, 6, 101_900)
  history.note(id, 0, 104_000)
  expect(history.series(id, 105_000).slice(-7)).toEqual([0, 1, 6, 6, 6, 0, 0])
})

it('it is bounded, and always as long', () => {
  const history = new RateHistory()
  for (let second = 0; second < 500; second++) history.note(id, second, second * 1000)
  const series = history.series(id, 499_000)
  expect(series).toHaveLength(rateHistorySeconds)
  expect([series[0], series.at(-1)]).toEqual([500 - rateHistorySeconds, 499])
})

it('a route that is gone is forgotten', () => {
  const history = new RateHistory()
  history.note(id, 9, 1000)
  history.keep([])
  expect(history.series(id, 2000).every((rate) => rate === 0)).toBe(true)
})
