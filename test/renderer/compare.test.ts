import { expect, test } from 'vitest'
import { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import type { Row } from '../../proxy-core/contract/rows.ts'
import { pannedAxis, wholeAxis, zoomedAxis, zeroOf } from '../../renderer/compare/compare-axis.ts'
import { comparedNumbers, saysTheSame, type ComparedSide } from '../../renderer/compare/compare-numbers.ts'
import { ScriptedExchange } from './support/scripted-exchange.ts'
import { chatPlan } from './support/scripted-plan.ts'

// Two exchanges on one time axis, and their numbers.

const route = Route.parse({ id: 'chat', match: { path: '/*' }, upstream: 'http://127.0.0.1:4010' })
const captured = new ScriptedExchange(ExchangeId.parse(1), chatPlan, route, 1000).view
const row: Row = {
  index: 0,
  type: 'event',
  eventType: 'message',
  eventId: null,
  preview: 'a',
  isKept: true,
  bytes: 9,
  arrivedAt: 1400,
  leftAt: 1410,
  gapMs: null,
}

test('each exchange starts at zero on the axis of starts, and at its own time on the clock', () => {
  const early = { ...captured, startedAt: 1000, endedAt: 2000, lastRowAt: 1900 }
  const late = { ...captured, startedAt: 50_000, endedAt: 53_000, lastRowAt: 52_000 }
  expect(wholeAxis([early, late], 'start', 60_000)).toEqual({ from: 0, to: 3060 })
  expect(wholeAxis([early, late], 'clock', 60_000)).toEqual({ from: 1000, to: 1000 + 52_000 * 1.02 })
  expect([zeroOf(late, 'start'), zeroOf(late, 'clock')]).toEqual([50_000, 0])
})

test('while one of them is open the axis grows in steps', () => {
  const open = { ...captured, startedAt: 0, endedAt: null, lastRowAt: null }
  const ends = [3000, 3050, 3100, 4100].map((now) => wholeAxis([open], 'start', now).to)
  expect(ends).toEqual([3200, 3200, 3200, 5000])
})

test('zooming stays on the axis, and zooming out far enough is the whole again', () => {
  const whole = { from: 0, to: 1000 }
  const near = zoomedAxis(null, whole, 0.5, 0.5)
  expect(near?.from).toBeCloseTo(250)
  expect(near?.to).toBeCloseTo(750)
  expect(pannedAxis(near, whole, 10)?.to).toBeCloseTo(1020)
  expect(pannedAxis(null, whole, 1)).toBeNull()
  expect(zoomedAxis(near, whole, 10, 0.5)).toBeNull()
})

test('the numbers say by how much the second differs from the first', () => {
  const first: ComparedSide = {
    exchange: { ...captured, respondedAt: 1300, firstRowAt: 1400, rows: 40, events: 40, arrivedBytes: 2000, endedAt: 5000 },
    firstRow: row,
    stretch: { from: 0, to: 0, rows: 40, bytes: 0, leftRows: 40, firstRow: 0, longestHeldMs: 10, longestGapMs: 50 },
  }
  const second: ComparedSide = {
    exchange: { ...first.exchange, startedAt: 2000, respondedAt: 2300, firstRowAt: 2390, events: 39, endedAt: null },
    firstRow: { ...row, leftAt: 4400 },
    stretch: null,
  }
  const differences = Object.fromEntries(comparedNumbers(first, second, 5000).map(({ name, difference }) => [name, difference]))
  expect(differences).toEqual({
    'Time to head': 'same',
    'First row arrived': '−10 ms',
    'First row left': '+1.99 s',
    'Longest held': '',
    'Longest gap': '',
    Rows: 'same',
    Events: '−1',
    Bytes: 'same',
    Duration: '−1.00 s',
  })
})

test('rows are alike by what they say, whatever their ids and times', () => {
  expect(saysTheSame(row, { ...row, arrivedAt: 9, leftAt: null })).toBe(true)
  expect(saysTheSame(row, { ...row, eventId: '7', bytes: 15 })).toBe(true)
  expect(saysTheSame(row, { ...row, preview: 'b' })).toBe(false)
  expect(saysTheSame(row, { ...row, eventType: 'ping' })).toBe(false)
  expect(saysTheSame(row, { ...row, bytes: 10 })).toBe(false)
})
