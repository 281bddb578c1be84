import { expect, test } from 'vitest'
import { CaptureBudget } from '../../proxy-core/capture.ts'
import type { GatewayEvent } from '../../proxy-core/contract/events.ts'
import { applyExchangeEvent, type Exchange, type ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { LiveExchange } from '../../proxy-core/live-exchange.ts'
import { Tap } from '../../proxy-core/tap.ts'

/** A live exchange, and what a window makes of its events and of what has moved. */
function openExchange() {
  const events: GatewayEvent[] = []
  const journal = { emit: (event: GatewayEvent) => void events.push(event), touch: () => undefined }
  const start = { method: 'GET', target: '/', host: 'localhost', httpVersion: '1.1', client: '127.0.0.1:1' }
  const live = new LiveExchange(1 as ExchangeId, start, { route: null, activity: null, journal })
  live.begin('http://127.0.0.1:2')
  const [started] = events
  if (started?.type !== 'exchange.started') throw new Error('The exchange was not announced.')
  let folded: Exchange = started.exchange
  const budget = new CaptureBudget(1_048_576, 262_144)
  live.tap = new Tap('event', budget)
  return {
    live,
    budget,
    /** The exchange in a window that gets a batch now. */
    folded: () => (folded = applyExchangeEvent(folded, { type: 'exchange.progressed', id: live.id, progress: live.moved() })),
  }
}

const chunk = Buffer.from('data: 1\n\n')
type Opened = ReturnType<typeof openExchange>

const steps: readonly [string, (opened: Opened) => void, Partial<Exchange>][] = [
  ['nothing', () => undefined, { heldBytes: 0, unkeptFrom: null, decodeError: null }],
  ['bytes of a request', ({ live }) => live.sent(7, 1), { requestBytes: 7 }],
  ['bytes that arrive', ({ live }) => live.arrived(chunk, 2), { arrivedBytes: 9, rows: 1, leftRows: 0 }],
  ['bytes that leave', ({ live }) => live.left(chunk.length, 3), { leftBytes: 9, leftRows: 1 }],
  ['a hold', ({ live }) => live.holds(9, 4), { heldBytes: 9, oldestHeldAt: 4 }],
  ['its release', ({ live }) => live.holds(0, null), { heldBytes: 0, oldestHeldAt: null }],
  ['a pause of the capture', ({ budget }) => void (budget.isKeeping = false), { unkeptBytes: 0 }],
  ['bytes that are not kept', ({ live }) => live.arrived(chunk, 5), { unkeptBytes: 9, unkeptFrom: 5, unkeptTo: 5 }],
  ['rows that are forgotten', ({ live }) => live.tap?.forgetSoFar(), { forgottenRows: 2 }],
  ['a disk that is full', ({ live }) => live.spoolFailed('The disk is full.'), { spoolError: 'The disk is full.' }],
  ['a fault on purpose', ({ live }) => live.keptByFault(3), { faultBytes: 3 }],
  ['the end of that fault', ({ live }) => live.keptByFault(0), { faultBytes: 0 }],
]

test('whatever moves, a window that folds what has moved sees the exchange as it is', () => {
  const opened = openExchange()
  for (const [name, step, expected] of steps) {
    step(opened)
    const { verdict: _folded, ...seen } = opened.folded()
    const { verdict: _live, ...is } = opened.live.view()
    expect(seen, name).toMatchObject(expected)
    expect(seen, name).toEqual(is)
  }
})

test('what never moved is left out', () => {
  const { live } = openExchange()
  live.arrived(chunk, 2)
  expect(Object.keys(live.moved()).toSorted()).toEqual(
    ['arrivedBytes', 'events', 'firstRowAt', 'lastRowAt', 'leftBytes', 'leftRows', 'rows', 'verdict'].toSorted(),
  )
})
