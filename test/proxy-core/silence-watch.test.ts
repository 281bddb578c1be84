import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SilenceWatch } from '../../proxy-core/silence-watch.ts'

const limitMs = 1000

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date'], now: 0 }))
afterEach(() => vi.useRealTimers())

function openWatch() {
  const silentAt: number[] = []
  // An immediate takes a millisecond of the faked time.
  const watch = new SilenceWatch(limitMs, Date.now(), () => silentAt.push(Date.now() - 1))
  return { watch, silentAt }
}

test.each([
  ['nothing', [], 1000],
  ['something once', [400], 1400],
  ['something at the last moment', [999], 1999],
  ['something with a fraction', [400.25], 1401],
  ['something now and then', [300, 900, 1500, 1501, 2400, 3300], 4300],
])('a silence is over its limit so long after the last of %s', (_, heardAt, expected) => {
  const { watch, silentAt } = openWatch()
  for (const at of heardAt) {
    vi.advanceTimersByTime(Math.floor(at) - Date.now())
    watch.heard(at)
  }
  vi.advanceTimersByTime(10 * limitMs)
  expect(silentAt).toEqual([expected])
})

test('a clock that leapt while the machine slept does not end a silence early, and puts its end off by no more than the limit', () => {
  const { watch, silentAt } = openWatch()
  vi.advanceTimersByTime(900)
  watch.heard(900 + 3_600_000)
  vi.advanceTimersByTime(1000)
  expect(silentAt).toEqual([])
  vi.advanceTimersByTime(1001)
  expect(silentAt).toEqual([2000])
})

test('what was made to wait has all of the time again, and is not listened to meanwhile', () => {
  const { watch, silentAt } = openWatch()
  vi.advanceTimersByTime(900)
  watch.throttled(true, 900)
  vi.advanceTimersByTime(5000)
  watch.heard(5900)
  vi.advanceTimersByTime(5000)
  watch.throttled(false, Date.now())
  vi.advanceTimersByTime(999)
  expect(silentAt).toEqual([])
  vi.advanceTimersByTime(2)
  expect(silentAt).toEqual([11_900])
})
