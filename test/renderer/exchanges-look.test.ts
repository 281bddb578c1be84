import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { LookReporter } from '../../renderer/exchanges/look.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('what is on screen is said at once, then four times a second at most and only when it changed', () => {
  const said: string[] = []
  const reporter = new LookReporter((ids) => said.push(ids.join()))
  const see = (...ids: number[]) => reporter.see(ids as ExchangeId[], [])
  see(3, 2, 1)
  expect(said).toEqual(['3,2,1'])
  see(4, 3, 2)
  see(5, 4, 3)
  expect(said).toEqual(['3,2,1'])
  vi.advanceTimersByTime(250)
  expect(said).toEqual(['3,2,1', '5,4,3'])
  see(5, 4, 3)
  vi.advanceTimersByTime(1000)
  expect(said).toEqual(['3,2,1', '5,4,3'])
  see(6)
  expect(said).toEqual(['3,2,1', '5,4,3', '6'])
  reporter.stop()
})

test('another one of them that is followed is said, though the same are on screen', () => {
  const said: string[] = []
  const reporter = new LookReporter((ids, followedIds) => said.push(`${ids.join()} ${followedIds.join()}`))
  reporter.see([3, 2] as ExchangeId[], [2] as ExchangeId[])
  reporter.see([3, 2] as ExchangeId[], [3] as ExchangeId[])
  vi.advanceTimersByTime(250)
  expect(said).toEqual(['3,2 2', '3,2 3'])
  reporter.stop()
})
