// The times of exchanges are by the gateway's clock: how old something is must be told by it, whatever the window's clock says.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatewayNow, heardGatewayTime } from '../../renderer/state/gateway-clock.ts'

const start = 1_795_000_000_000

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  heardGatewayTime(start)
})
afterEach(() => vi.useRealTimers())

/** So much later by the window's clock, a message comes that left the gateway `lateMs` ago, by a clock that is ahead by so much. */
function hear({ afterMs, aheadMs, lateMs = 0 }: { afterMs: number; aheadMs: number; lateMs?: number }): number {
  vi.setSystemTime(Date.now() + afterMs)
  heardGatewayTime(Date.now() + aheadMs - lateMs)
  return gatewayNow() - Date.now()
}

test.each([3_600_000, -3_600_000, 2000, -2000])('a clock that is set apart by %i ms is followed at once', (aheadMs) => {
  expect(hear({ afterMs: 100, aheadMs })).toBe(aheadMs)
  expect(hear({ afterMs: 100, aheadMs })).toBe(aheadMs)
})

test.each([0.4, -0.4])('clocks that part by %f ms a second never stand apart by more than a few', (perSecond) => {
  for (let second = 1; second < 20_000; second++) {
    const aheadMs = second * perSecond
    expect(Math.abs(hear({ afterMs: 1000, aheadMs, lateMs: 2 }) - aheadMs)).toBeLessThan(5)
  }
})

test('messages that are late among others move the time by little', () => {
  for (let message = 0; message < 200; message++) {
    const lateMs = message % 4 === 0 ? 1 : 120
    expect(Math.abs(hear({ afterMs: 16, aheadMs: 50, lateMs }) - 50)).toBeLessThan(message < 1 ? 51 : 5)
  }
})

test('one that is very late is made good by the next', () => {
  hear({ afterMs: 100, aheadMs: 0, lateMs: 4000 })
  expect(hear({ afterMs: 16, aheadMs: 0, lateMs: 1 })).toBe(-1)
})
