import { Route, type RouteInput } from '../../../proxy-core/contract/route.ts'
import { ScriptedGateway } from './scripted-gateway.ts'
import { answerPlan, refusedPlan, unknownPlan } from './scripted-answer.ts'
import { framingFault, messagePlan } from './scripted-messages.ts'
import { chatPlan, demoPlan } from './scripted-plan.ts'
import { stateScenes } from './state-scenes.ts'

/** The situations that the window can be looked at in, by the name in `?scene=`. */
export const scenes = {
  ...stateScenes,
  'first-run': () => new ScriptedGateway({ routes: [demoRoute] }),
  empty: () => new ScriptedGateway({ routes: [] }),
  live: () => live(),
  recorded: () => recorded(),
  many: () => new ScriptedGateway({ routes: manyRoutes() }),
  stopped: () => {
    const listeners = [{ address: '127.0.0.1:9080', url: null, state: 'stopped' as const, error: null }]
    return new ScriptedGateway({ routes: [demoRoute], status: { state: 'stopped', listeners } })
  },
  'port-in-use': () => {
    const error = { code: 'port-in-use' as const, message: 'Port 9080 on 127.0.0.1 is in use by another program.' }
    const listeners = [{ address: '127.0.0.1:9080', url: null, state: 'failed' as const, error }]
    return new ScriptedGateway({ routes: [demoRoute], status: { listeners } })
  },
  'config-problem': () =>
    new ScriptedGateway({
      routes: [demoRoute],
      config: {
        file: '/home/ada/.config/Sluice/sluice.yaml',
        problem: {
          file: '/home/ada/.config/Sluice/sluice.yaml',
          message: 'The file is not a valid config.',
          issues: [
            {
              path: ['routes', 0, 'match', 'path'],
              message: 'A path starts with / and has no query and no backslash; a * may end it.',
              line: 7,
              column: 13,
            },
            {
              path: ['routes', 1, 'upstream', 'url'],
              message: 'Write an http:// or https:// URL without query or user name, or demo:',
              line: 15,
              column: 12,
            },
          ],
          keptAs: null,
        },
      },
    }),
  nodes: () => withNodes(),
  'history-trouble': () => {
    const gateway = live()
    gateway.history = {
      ...gateway.history,
      settings: { enabled: true, maxMiB: 512, maxDays: 14 },
      state: 'on',
      fileBytes: 511_705_088,
      exchanges: 4711,
      oldestAt: Date.now() - 12 * 86_400_000,
      waiting: 3,
      missed: 1,
      problem: {
        code: 'history-failed',
        message: 'The disk is full: what ends now waits in memory until there is room. (database or disk is full)',
      },
      keptAside: 'history-2026-11-20T14-02-11.sqlite',
    }
    return gateway
  },
  assembled: () =>
    live((gateway) => {
      const [chat] = gateway.routes
      const now = Date.now()
      for (const [plan, agoMs] of [
        [unknownPlan, 16_000],
        [refusedPlan, 14_000],
        [answerPlan, 12_000],
      ] as const) {
        if (chat) gateway.advance(gateway.start(plan, chat.id, now - agoMs), now)
      }
    }),
  faults: () => withFaults(),
  messages: () => withMessages(),
  down: () => live((gateway) => setTimeout(() => gateway.goDown(threadEnded), 300)),
  restarted: () =>
    live((gateway) => {
      setTimeout(() => gateway.goDown(threadEnded), 200)
      setTimeout(() => gateway.sendSnapshot(), 400)
    }),
} as const

export type SceneName = keyof typeof scenes

const threadEnded = { code: 'gateway-down' as const, message: 'The gateway thread ended unexpectedly.' }

const demoRoute = route({ id: 'sse-echo', name: 'SSE echo', match: { path: '/.sse' }, upstream: 'demo:' })

/** Nodes of a route that rest, and a listener with TLS beside one whose address is in use. */
function withNodes(): ScriptedGateway {
  const inUse = { code: 'port-in-use' as const, message: 'Another program already listens on 127.0.0.1:9080.' }
  const listeners = [
    { address: 'https://127.0.0.1:9443', url: 'https://127.0.0.1:9443', state: 'listening' as const, error: null },
    { address: '127.0.0.1:9080', url: null, state: 'failed' as const, error: inUse },
  ]
  const nodes = [4001, 4002, 4003].map((port) => ({ url: `http://127.0.0.1:${port}`, weight: 1 }))
  const spread = route({ id: 'spread', name: 'Spread', match: { path: '/spread/*' }, upstream: { nodes } })
  const gateway = new ScriptedGateway({ routes: [spread, demoRoute], status: { listeners } })
  const now = Date.now()
  const exchange = gateway.start({ ...demoPlan, target: '/spread/events' }, spread.id, now - 20_000)
  gateway.advance(exchange, now)
  const error = { code: 'upstream-unreachable' as const, message: 'The upstream 127.0.0.1:4002 refused the connection. Is it running?' }
  const resting = { state: 'resting' as const, until: now + 9000, lastError: { at: now - 1000, error } }
  gateway.nodes.set(
    spread.id,
    nodes.map(({ url }, index) => (index === 1 ? { url, ...resting } : { url, state: 'up' as const, until: null, lastError: null })),
  )
  return gateway
}

/** A route with faults on, and what they did to its exchanges. */
function withFaults(): ScriptedGateway {
  const faults = { enabled: true, delayMs: 500, jitterMs: 250, cutAfterEvents: 12 }
  const flaky = route({ id: 'flaky', name: 'Flaky stream', match: { path: '/flaky/*' }, upstream: 'demo:', faults })
  const gateway = new ScriptedGateway({ routes: [flaky, demoRoute] })
  const now = Date.now()
  const late = { type: 'delayed', delayMs: 500, jitterMs: 250 } as const
  const cut = { type: 'cut', after: 12, unit: 'events' } as const
  const plan = { ...demoPlan, target: '/flaky/events' }
  const ended = gateway.start({ ...plan, rows: 12, verdict: { type: 'fault', faults: [late, cut], causes: [] } }, flaky.id, now - 30_000)
  gateway.advance(ended, now - 18_000)
  const report = { code: 'fault-on-purpose' as const, message: 'Fault on purpose: the connection was cut after 12 events.' }
  ended.end(now - 18_000, { state: 'failed', status: null, report })
  const open = gateway.start({ ...plan, verdict: { type: 'fault', faults: [late], causes: [] } }, flaky.id, now - 9000)
  gateway.advance(open, now)
  return gateway
}

/** WebSockets: one that goes on, one that has ended, and one of which a direction is no WebSocket any more. */
function withMessages(): ScriptedGateway {
  const orders = route({ id: 'orders', name: 'Orders', match: { path: '/orders/*' }, upstream: 'http://127.0.0.1:4010' })
  const gateway = new ScriptedGateway({ routes: [orders, demoRoute] })
  const now = Date.now()
  const broken = gateway.start({ ...messagePlan, rows: 3, view: { framingFaults: [framingFault] } }, orders.id, now - 60_000)
  gateway.advance(broken, now - 50_000)
  gateway.advance(gateway.start(demoPlan, 'sse-echo' as typeof orders.id, now - 30_000), now)
  gateway.advance(gateway.start(messagePlan, orders.id, now - 20_000), now)
  gateway.advance(gateway.start({ ...messagePlan, rows: Number.POSITIVE_INFINITY }, orders.id, now - 9000), now)
  return gateway
}

function recorded(): ScriptedGateway {
  const gateway = live()
  const [chat] = gateway.routes
  if (!chat) return gateway
  const now = Date.now()
  for (const [index, origin] of (['restored', 'imported'] as const).entries()) {
    const startedAt = now - 60_000 * (index + 1)
    const exchange = gateway.start({ ...chatPlan, origin, rows: 48 }, chat.id, startedAt)
    gateway.advance(exchange, startedAt + 9000)
  }
  return gateway
}

function live(afterOpening?: (gateway: ScriptedGateway) => void): ScriptedGateway {
  const gateway = new ScriptedGateway({
    ...(afterOpening ? { afterOpening } : {}),
    routes: [
      route({
        id: 'chat-api',
        name: 'Chat API',
        match: { path: '/v1/*' },
        upstream: 'https://api.example.com',
        buffering: { response: 'off', holdBytes: 8192 },
      }),
      demoRoute,
      route({
        id: 'orders-feed',
        name: 'Orders feed',
        match: { path: '/events', hosts: ['orders.localhost'] },
        upstream: 'http://127.0.0.1:4010',
        buffering: 'auto',
      }),
      route({
        id: 'static-site',
        name: 'Static site',
        match: { path: '/*' },
        upstream: 'http://127.0.0.1:5173',
        buffering: 'on',
        enabled: false,
      }),
    ],
  })
  const now = Date.now()
  const [chat, demo, orders] = gateway.routes
  if (!chat || !demo || !orders) return gateway

  const slow = gateway.start(demoPlan, demo.id, now - 131_000)
  gateway.advance(slow, now)

  const failed = gateway.start({ ...demoPlan, target: '/events?tenant=acme-with-a-long-name', rows: 0 }, orders.id, now - 4200)
  const refused = { code: 'upstream-unreachable' as const, message: 'The upstream refused the connection.' }
  failed.end(now - 4000, { state: 'failed', status: 502, report: refused })
  gateway.lastErrors.set(orders.id, { at: now - 4000, error: refused })

  const bursty = gateway.start(
    {
      ...chatPlan,
      target: '/v1/messages',
      rows: 96,
      verdict: {
        type: 'bursty-upstream',
        bursts: 6,
        largestBurstRows: 18,
        spreadMs: 1934,
        meanBurstBytes: 1800,
        meanApartMs: 340,
        waitMs: 300,
        causes: [],
      },
    },
    chat.id,
    now - 40_000,
  )
  gateway.advance(bursty, now - 30_000)

  const passed = gateway.start({ ...chatPlan, rows: 388 }, chat.id, now - 31_000)
  gateway.advance(passed, now)

  const held = gateway.start(chatPlan, chat.id, now - 21_000)
  gateway.advance(held, now - 9000)
  held.decide({ mode: 'on', reason: 'route', holdBytes: 8192, holdMs: null }, now - 9000)
  gateway.advance(held, now)
  gateway.routes = gateway.routes.map((entry) =>
    entry.id === chat.id ? { ...entry, buffering: { ...entry.buffering, response: 'on' as const } } : entry,
  )
  return gateway
}

function manyRoutes(): Route[] {
  return Array.from({ length: 1000 }, (_, index) =>
    route({
      id: `service-${index}`,
      name: `Service ${index}`,
      match: { path: `/service-${index}/*` },
      upstream: `http://127.0.0.1:${10_000 + index}`,
      buffering: index % 3 === 0 ? 'on' : 'off',
    }),
  )
}

function route(input: Omit<RouteInput, 'id'> & { id: string }): Route {
  return Route.parse(input)
}
