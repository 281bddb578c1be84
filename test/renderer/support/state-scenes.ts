import { Route } from '../../../proxy-core/contract/route.ts'
import type { RowDetail } from '../../../proxy-core/contract/rows.ts'
import { ScriptedGateway } from './scripted-gateway.ts'
import { chatPlan, demoPlan, type ExchangePlan } from './scripted-plan.ts'

/** The situations that are about one state of a stream or of the gateway. */
export const stateScenes = {
  marks: () => withMarks(),
  'over-budget': () => overBudget(),
  ended: () => withEnds(),
  'long-values': () => withLongValues(),
  secrets: () => withSecrets(),
  'big-numbers': () => withBigNumbers(),
} as const

const echo = Route.parse({ id: 'sse-echo', name: 'SSE echo', match: { path: '/.sse' }, upstream: 'demo:' })

const markedRows: readonly (readonly [type: string, id: string | null, data: string, mark: Partial<RowDetail>])[] = [
  ['message', '41', 'after a byte order mark', { followsBom: true }],
  ['', null, '', { type: 'comment', preview: 'keep-alive', comments: ['keep-alive'] }],
  ['', '42', '', { type: 'fields', preview: 'id: 42 · retry: 2500', retryMs: 2500, retryInForce: { retryMs: 2500, index: 2 } }],
  ['update', '43', 'caf\uFFFD au lait', { hasInvalidUtf8: true, invalidUtf8At: 31, retryInForce: { retryMs: 2500, index: 2 } }],
  ['update', '44', 'two\nlines', { comments: ['with a remark'], retryInForce: { retryMs: 2500, index: 2 } }],
  ['update', '', 'an empty id', { retryInForce: { retryMs: 2500, index: 2 } }],
  ['update', '45', '', { isKept: false }],
]

/** A stream that reconnected, with every mark that a row can have, cut in the middle of an event. */
function withMarks(): ScriptedGateway {
  const gateway = new ScriptedGateway({ routes: [echo] })
  const now = Date.now()
  const plan: ExchangePlan = {
    ...demoPlan,
    target: '/.sse?channel=orders',
    paceMs: [900, 0],
    rows: markedRows.length,
    say: (index) => markedRows[index]?.slice(0, 3) as [string, string | null, string],
    mark: (index) => markedRows[index]?.[3] ?? {},
    unterminated: { type: 'event', bytes: 38, preview: 'id: 46\nevent: update\ndata: {"order":' },
  }
  const before = gateway.start({ ...demoPlan, target: plan.target, rows: 40 }, echo.id, now - 70_000)
  gateway.advance(before, now - 25_000)
  const reconnectOf = { id: before.view.id, afterMs: 2512 }
  const after = gateway.start({ ...plan, view: { lastEventId: '40', reconnectOf } }, echo.id, now - 20_000)
  gateway.advance(after, now - 13_000)
  after.end(now - 12_900, {
    state: 'failed',
    status: null,
    report: { code: 'upstream-reset', message: 'The upstream cut the connection.' },
  })
  return gateway
}

/** A capture budget that is full: the oldest rows of an open stream are gone, another exchange is gone as a whole. */
function overBudget(): ScriptedGateway {
  const gateway = new ScriptedGateway({ routes: [echo], forgottenRows: 184_220 })
  gateway.captureBudgetMiB = 38
  const now = Date.now()
  const gone = { ...chatPlan, target: '/.sse?all=gone', rows: 90, view: { forgottenRows: 90 } }
  gateway.advance(gateway.start(gone, echo.id, now - 60_000), now - 40_000)
  gateway.advance(gateway.start({ ...chatPlan, target: '/.sse?some=gone', view: { forgottenRows: 212 } }, echo.id, now - 30_000), now)
  return gateway
}

/** The ways in which an exchange has no rows to show, and what an imported one says. */
function withEnds(): ScriptedGateway {
  const gateway = new ScriptedGateway({ routes: [echo] })
  const now = Date.now()
  const start = (target: string, plan: Partial<ExchangePlan> = {}) =>
    gateway.start({ ...demoPlan, target, rows: 0, ...plan }, echo.id, now - 9000)
  const unreachable = {
    code: 'upstream-unreachable',
    message: 'The upstream 127.0.0.1:4010 refused the connection. Is it running?',
  } as const
  start('/.sse?failed').end(now - 8000, { state: 'failed', status: 502, report: unreachable })
  const left = { code: 'client-aborted', message: 'The client closed the connection.' } as const
  start('/.sse?left').end(now - 8000, { state: 'aborted', status: null, report: left })
  start('/.sse?nothing').end(now - 8000)
  start('/.sse?silent', { paceMs: [3_600_000, 0], rows: 1, say: () => ['message', null, ''] })
  gateway.advance(start('/.sse?imported', { origin: 'imported', rows: 7, paceMs: [500, 0], verdict: { type: 'waiting' } }), now)
  return gateway
}

/** Values as long as they get: a path, a route's name, an id, a type, fields and 5,000 characters of data. */
function withLongValues(): ScriptedGateway {
  const name = 'Orders of the northern warehouse, as they are picked, packed and handed to the carrier that takes them over the water'
  const long = Route.parse({ id: 'long', name, match: { path: '/orders/*' }, upstream: `http://127.0.0.1:4010/${'deep/'.repeat(40)}` })
  const gateway = new ScriptedGateway({ routes: [long, echo] })
  const now = Date.now()
  const say: ExchangePlan['say'] = (index) => [
    index % 2 === 0 ? 'warehouse.northern.order.picked-and-packed-and-handed-over' : 'message',
    `01JQ${String(index).padStart(60, '0')}`,
    JSON.stringify({ order: index, note: 'as long as it gets, '.repeat(250) }),
  ]
  const target = `/orders/${'a-rather-long-segment/'.repeat(24)}last?${'filter=every-single-one&'.repeat(12)}page=1`
  gateway.advance(
    gateway.start({ ...demoPlan, target, say, paceMs: [700, 0], view: { lastEventId: 'x'.repeat(300) } }, long.id, now - 30_000),
    now,
  )
  return gateway
}

/** A route that leaves secrets readable. */
function withSecrets(): ScriptedGateway {
  const open = Route.parse({ id: 'open', name: 'Open', match: { path: '/open/*' }, upstream: 'demo:', capture: { redact: 'none' } })
  const gateway = new ScriptedGateway({ routes: [open, echo] })
  const now = Date.now()
  gateway.advance(gateway.start({ ...demoPlan, target: '/open/events' }, open.id, now - 9000), now)
  return gateway
}

/** Numbers as large as they get. */
function withBigNumbers(): ScriptedGateway {
  const gateway = new ScriptedGateway({ routes: [echo] })
  const now = Date.now()
  const view = { events: 12_345_678, arrivedBytes: 987_654_321_000, leftBytes: 987_654_000_000 }
  const plan: ExchangePlan = { ...chatPlan, target: '/.sse?busy', rows: 90, view }
  const ended = gateway.start(plan, echo.id, now - 90 * 3_600_000)
  gateway.advance(ended, now - 89 * 3_600_000)
  ended.show({ ...view, heldBytes: 1_234_567_890, endedAt: now })
  const download = gateway.start({ ...plan, target: '/.sse?download', contentType: 'application/octet-stream' }, echo.id, now - 9000)
  gateway.advance(download, now)
  download.show({ events: 45_678 })
  return gateway
}
