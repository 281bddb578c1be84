import { beforeEach, expect, it } from 'vitest'
import type { FeedMessage, GatewayEvent, RouteTotals, Snapshot } from '../../proxy-core/contract/events.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { Route, type RouteId } from '../../proxy-core/contract/route.ts'
import { gatewayStore, initialView, receive } from '../../renderer/state/gateway-store.ts'

const route = Route.parse({ id: 'sse-echo', match: { path: '/.sse' }, upstream: 'demo:' })

beforeEach(() => gatewayStore.setState(initialView(), true))

it('a snapshot replaces all that the window held', () => {
  receive(snapshotOf({ exchanges: [exchangeOf(1), exchangeOf(2)], routes: [route] }))
  receive(snapshotOf({ exchanges: [exchangeOf(3)] }))
  const view = gatewayStore.getState()
  expect([...view.exchanges.values()].map(({ id }) => id)).toEqual([3])
  expect(view.routes).toEqual([])
  expect(view.connection).toBe('up')
})

it('the events of a batch are folded in order', () => {
  receive(snapshotOf({}))
  receive(
    batchOf([
      { type: 'exchange.started', exchange: exchangeOf(7) },
      { type: 'exchange.progressed', id: id(7), progress: { ...exchangeOf(7), events: 1 } },
      { type: 'exchange.progressed', id: id(7), progress: { ...exchangeOf(7), events: 2 } },
      { type: 'exchange.ended', id: id(7), end: { ...exchangeOf(7), events: 3, state: 'complete', endedAt: 9 } },
    ]),
  )
  expect(gatewayStore.getState().exchanges.get(id(7))).toMatchObject({ events: 3, state: 'complete', endedAt: 9 })
})

it('a batch is one update, however many events it holds', () => {
  receive(snapshotOf({}))
  let updates = 0
  const unsubscribe = gatewayStore.subscribe(() => updates++)
  receive(batchOf(Array.from({ length: 320 }, (_, index) => ({ type: 'exchange.started', exchange: exchangeOf(index + 1) }))))
  unsubscribe()
  expect(updates).toBe(1)
  expect(gatewayStore.getState().exchanges.size).toBe(320)
})

it('an exchange that a batch does not touch stays the same value, so its row is not rendered again', () => {
  receive(snapshotOf({ exchanges: [exchangeOf(1), exchangeOf(2)] }))
  const before = gatewayStore.getState()
  const [untouched, revision] = [before.exchanges.get(id(1)), before.revision]
  receive(batchOf([{ type: 'exchange.progressed', id: id(2), progress: { ...exchangeOf(2), heldBytes: 118 } }]))
  const view = gatewayStore.getState()
  expect(view.exchanges.get(id(1))).toBe(untouched)
  expect(view.exchanges.get(id(2))?.heldBytes).toBe(118)
  expect(view.revision).toBe(revision + 1)
})

it('the totals of one route change without the others', () => {
  const other = Route.parse({ id: 'other', match: { path: '/' }, upstream: 'demo:' })
  receive(snapshotOf({ routes: [route, other], routeTotals: [totalsOf('sse-echo'), totalsOf('other')] }))
  const before = gatewayStore.getState().routeTotals
  receive(batchOf([{ type: 'route.progressed', totals: { ...totalsOf('sse-echo'), heldBytes: 12_400, oldestHeldAt: 5 } }]))
  const after = gatewayStore.getState().routeTotals
  expect(after.get(other.id)).toBe(before.get(other.id))
  expect(after.get(route.id)?.heldBytes).toBe(12_400)
  expect(before.get(route.id)?.heldBytes).toBe(0)
})

it('what the gateway forgets is gone from the window too', () => {
  receive(snapshotOf({ exchanges: [exchangeOf(1), exchangeOf(2)] }))
  receive(batchOf([{ type: 'exchanges.forgotten', ids: [id(1)] }]))
  expect([...gatewayStore.getState().exchanges.values()].map((exchange) => exchange.id)).toEqual([2])
})

it('what the history kept comes before all that is here, and the list learns of it', () => {
  receive(snapshotOf({ exchanges: [exchangeOf(1), exchangeOf(2)] }))
  const { changes } = gatewayStore.getState()
  const from = changes.end
  receive(batchOf([{ type: 'exchanges.restored', exchanges: [exchangeOf(0), exchangeOf(-1)] }]))
  receive(batchOf([{ type: 'exchanges.restored', exchanges: [exchangeOf(-2)] }]))
  const view = gatewayStore.getState()
  expect([...view.exchanges.values()].map((exchange) => exchange.id)).toEqual([-2, -1, 0, 1, 2])
  expect([...(view.changes.since(from) ?? [])]).toEqual([0, -1, -2])
})

it('a gateway that goes down and comes back is counted as a restart', () => {
  receive(snapshotOf({ exchanges: [exchangeOf(1)] }))
  receive({ type: 'down', error: { code: 'gateway-down', message: 'The thread ended.' } })
  expect(gatewayStore.getState()).toMatchObject({ connection: 'down', downError: { code: 'gateway-down' } })
  expect(gatewayStore.getState().exchanges.size).toBe(1)
  receive(snapshotOf({}))
  expect(gatewayStore.getState()).toMatchObject({ connection: 'up', downError: null, restarts: 1 })
})

it('while the gateway is down nothing is said to be open or held', () => {
  receive(snapshotOf({ routes: [route], routeTotals: [{ ...totalsOf('sse-echo'), open: 1, heldBytes: 118, oldestHeldAt: 1 }] }))
  receive({ type: 'down', error: { code: 'gateway-down', message: 'The thread ended.' } })
  const view = gatewayStore.getState()
  expect(view.routeTotals.get(route.id)).toBeUndefined()
  expect(view.totals).toMatchObject({ open: 0, heldBytes: 0 })
  expect(view.routes).toEqual([route])
})

it('a window that was only given a fresh snapshot does not speak of a restart', () => {
  receive(snapshotOf({}))
  receive(snapshotOf({}))
  expect(gatewayStore.getState().restarts).toBe(0)
})

function id(value: number): ExchangeId {
  return value as ExchangeId
}

function batchOf(events: readonly GatewayEvent[]): FeedMessage {
  return { type: 'batch', seq: 2, at: 0, events }
}

function snapshotOf(parts: Partial<Snapshot>): FeedMessage {
  const { config, totals, history } = initialView()
  const status = { state: 'running' as const, version: '0.1.0', startedAt: 0, captureStoppedAt: null, listeners: [] }
  return {
    type: 'snapshot',
    seq: 1,
    at: 0,
    snapshot: { status, config, totals, routes: [], routeTotals: [], exchanges: [], history, requests: [], ...parts },
  }
}

function totalsOf(routeId: string): RouteTotals {
  return {
    routeId: routeId as RouteId,
    open: 0,
    exchanges: 0,
    events: 0,
    eventsPerSecond: 0,
    heldBytes: 0,
    oldestHeldAt: null,
    lastError: null,
    nodes: [],
  }
}

function exchangeOf(number: number): Exchange {
  return {
    id: id(number),
    routeId: route.id,
    method: 'GET',
    target: '/.sse',
    host: '127.0.0.1:9080',
    httpVersion: '1.1',
    client: '127.0.0.1:50000',
    startedAt: 0,
    upstream: 'demo:',
    requestBytes: 0,
    status: 200,
    respondedAt: 1,
    contentType: 'text/event-stream',
    contentEncoding: null,
    framing: 'chunked',
    rowKind: 'event',
    decisions: [],
    isOverridden: false,
    isPinned: false,
    unkeptBytes: 0,
    unkeptFrom: null,
    unkeptTo: null,
    origin: 'live',
    arrivedBytes: 0,
    leftBytes: 0,
    heldBytes: 0,
    oldestHeldAt: null,
    rows: 0,
    events: 0,
    leftRows: 0,
    forgottenRows: 0,
    firstRowAt: null,
    lastRowAt: null,
    verdict: { type: 'waiting' },
    decodeError: null,
    state: 'open',
    endedAt: null,
    error: null,
  }
}
