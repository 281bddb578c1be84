import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FeedMessage, GatewayEvent, GatewayStatus } from '../../proxy-core/contract/events.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { Route } from '../../proxy-core/contract/route.ts'
import { openGateway } from '../../proxy-core/open-gateway.ts'
import type { EndedExchange, Footprint, GatewayAsk, GatewaySays, NumberedAsk } from './gateway-messages.ts'

// A gateway in a process of its own, with one window's feed, that does what it is told and says what it has in use.
const gateway = await openGateway({ configFile: process.argv[2] ?? null, version: '0.0.0-soak', dataDir: null, strictConfig: true })
const openTargets = new Map<ExchangeId, string>()
const openIds = new Map<string, ExchangeId>()
let routes: readonly Route[] = []
let status: GatewayStatus = gateway.status()
let hasProblem = false
let capturedBytes = 0
const loopDelay = monitorEventLoopDelay({ resolution: 5 })
loopDelay.enable()

const early: FeedMessage[] = []
let receive = (message: FeedMessage): void => void early.push(message)
const feed = gateway.openFeed((message) => receive(message))
receive = (message) => {
  take(message)
  if (message.type !== 'down') feed.receive({ type: 'ack', seq: message.seq })
}
// The snapshot may come before `openFeed` has returned the feed that takes its ack.
early.forEach(receive)

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  const { number, ask } = message as NumberedAsk
  void answer(ask).then((value) => say({ type: 'answer', number, value }))
})

async function answer(ask: GatewayAsk): Promise<unknown> {
  switch (ask.type) {
    case 'command':
      return gateway.command(ask.name, ask.input)
    case 'exchange': {
      const id = openIds.get(ask.target)
      return id === undefined ? false : gateway.command(ask.name, { id, ...ask.input })
    }
    case 'footprint':
      return footprint()
  }
}

function footprint(): Footprint {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  // Twice: what a finalizer of the first lets go of is collected by the second. As a last resort, the heap's empty pages are given back.
  for (let time = 0; time < 2; time++) collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const { heapUsed, external, rss } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
    openExchanges: gateway.openExchanges(),
    capturedBytes,
    loopDelayMs: loopDelay.percentile(99) / 1e6,
    resources,
  }
}

function take(message: FeedMessage): void {
  if (message.type === 'snapshot') {
    const { snapshot } = message
    routes = snapshot.routes
    status = snapshot.status
    hasProblem = snapshot.config.problem !== null
    for (const exchange of snapshot.exchanges) if (exchange.state === 'open') start(exchange)
    tellConfig()
  }
  if (message.type !== 'batch') return
  const ended = message.events.map(apply).filter((exchange) => exchange !== null)
  if (ended.length > 0) say({ type: 'ended', exchanges: ended })
}

function apply(event: GatewayEvent): EndedExchange | null {
  switch (event.type) {
    case 'gateway.changed':
      status = event.status
      tellConfig()
      return null
    case 'config.changed':
      hasProblem = event.config.problem !== null
      tellConfig()
      return null
    case 'routes.changed':
      routes = event.routes
      tellConfig()
      return null
    case 'gateway.progressed':
      capturedBytes = event.totals.capturedBytes
      return null
    case 'exchange.started':
      start(event.exchange)
      return null
    case 'exchange.ended': {
      const target = openTargets.get(event.id)
      if (target === undefined) return null
      openTargets.delete(event.id)
      openIds.delete(target)
      const { state, arrivedBytes, leftBytes, error } = event.end
      return { target, state, arrivedBytes, leftBytes, error: error?.code ?? null }
    }
    case 'exchange.responded':
    case 'exchange.decided':
    case 'exchange.progressed':
    case 'exchange.pinned':
    case 'exchanges.restored':
    case 'exchanges.forgotten':
    case 'history.changed':
    case 'route.progressed':
    case 'request.changed':
      return null
    default:
      return event satisfies never
  }
}

function start({ id, target }: Exchange): void {
  openTargets.set(id, target)
  openIds.set(target, id)
}

function tellConfig(): void {
  const routeNames = Object.fromEntries(routes.map((route) => [route.id, route.name ?? '']))
  const urls = status.listeners.map((listener) => listener.url).filter((url) => url !== null)
  say({ type: 'config', config: { routeNames, hasProblem, urls } })
}

function say(message: GatewaySays): void {
  process.send?.(message)
}
