import type { Handlers } from '../../../proxy-core/contract/commands.ts'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'
import type { ExchangeId } from '../../../proxy-core/contract/exchange.ts'
import type { Route, RouteId } from '../../../proxy-core/contract/route.ts'
import { assembledOf } from './scripted-assembled.ts'
import { describeTrust } from '../../../proxy-core/trust-steps.ts'
import type { ScriptedExchange } from './scripted-exchange.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'
import { scriptedFiles } from './scripted-files.ts'
import { scriptedHistory } from './scripted-history.ts'
import { scriptedRequests } from './scripted-requests.ts'
import { sortedRows, stretchOf, timingOf } from './scripted-timing.ts'

/** The scripted gateway's answer to each command. */
export function scriptedHandlers(gateway: ScriptedGateway): Handlers {
  return {
    'gateway.start': () => setRunning(gateway, true),
    'gateway.stop': () => setRunning(gateway, false),
    'listener.trust': () =>
      describeTrust(
        {
          file: '/home/ada/.config/Sluice/sluice-local-ca.pem',
          certificate: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
          fingerprint: Array.from({ length: 32 }, (_, index) => ((index * 37) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':'),
          validUntil: Date.UTC(2027, 11, 24),
        },
        'linux',
      ),
    'route.save': ({ route, index }) => {
      const rest = gateway.routes.filter((other) => other.id !== route.id)
      const at = index ?? indexOf(gateway, route.id) ?? rest.length
      gateway.changeRoutes([...rest.slice(0, at), route, ...rest.slice(at)])
      flip(gateway, route)
    },
    'route.remove': ({ id }) => {
      gateway.route(id)
      gateway.changeRoutes(gateway.routes.filter((route) => route.id !== id))
    },
    'route.move': ({ id, index }) => {
      const route = gateway.route(id)
      const rest = gateway.routes.filter((other) => other.id !== id)
      gateway.changeRoutes([...rest.slice(0, index), route, ...rest.slice(index)])
    },
    'route.enable': ({ id, enabled }) => replace(gateway, { ...gateway.route(id), enabled }),
    'route.buffering': ({ id, response }) => {
      const route = gateway.route(id)
      replace(gateway, { ...route, buffering: { ...route.buffering, response } })
      flip(gateway, gateway.route(id))
    },
    'route.faults': ({ id, enabled }) => {
      const route = gateway.route(id)
      replace(gateway, { ...route, faults: { ...route.faults, enabled } })
    },
    'route.release': ({ id }) => {
      for (const exchange of open(gateway, id)) letGo(gateway, exchange)
    },
    'exchange.release': ({ id }) => letGo(gateway, find(gateway, id)),
    'exchange.override': ({ id, response }) => {
      const exchange = find(gateway, id)
      const route = gateway.route(exchange.view.routeId ?? ('' as RouteId))
      const mode = response ?? (route.buffering.response === 'on' ? 'on' : 'off')
      decide(gateway, exchange, route, mode, response === null ? 'route' : 'override')
    },
    'exchange.end': ({ id }) => {
      const exchange = find(gateway, id)
      exchange.end(Date.now(), { state: 'failed', status: null, report: { code: 'stopped-here', message: 'It was ended here.' } })
      gateway.announce({ type: 'exchange.ended', id, end: exchange.view })
    },
    'exchange.heads': ({ id }) => find(gateway, id).heads(),
    'exchange.rows': ({ id, from, to }) => find(gateway, id).rows(from, to),
    'exchange.row': ({ id, index }) => {
      const row = find(gateway, id).row(index)
      if (!row) throw new GatewayError('exchange-not-found', 'This row is no longer kept.')
      return row
    },
    'exchange.rowBytes': ({ id, index, from, to }) => {
      const bytes = find(gateway, id).rowBytes(index)
      return { from, total: bytes.length, first: 0, bytes: bytes.slice(from, to) }
    },
    'exchange.unterminated': ({ id }) => find(gateway, id).plan.unterminated ?? null,
    'exchange.timeline': ({ id, from, to, columns }) => find(gateway, id).timeline(from, to, columns),
    'exchange.sorted': ({ id, ...ask }) => sortedRows(find(gateway, id), ask),
    'exchange.stretch': ({ id, from, to }) => stretchOf(find(gateway, id), from, to),
    'exchange.timing': ({ id, columns }) => timingOf(find(gateway, id), columns),
    'exchange.body': ({ id, side, from, to }) => find(gateway, id).body(side, from, to),
    'exchange.assembled': (ask) => assembledOf(find(gateway, ask.id), ask),
    'exchange.search': ({ id, query, from }) => find(gateway, id).search(query, from),
    'exchange.rowsAt': ({ id, indexes }) => indexes.flatMap((index) => find(gateway, id).row(index) ?? []),
    'exchange.pin': ({ id, isPinned }) => {
      find(gateway, id).show({ isPinned })
      gateway.announce({ type: 'exchange.pinned', id, isPinned })
    },
    'capture.stop': () => setCapture(gateway, Date.now()),
    'capture.start': () => setCapture(gateway, null),
    'capture.budget': ({ budgetMiB }) => void (gateway.captureBudgetMiB = budgetMiB),
    'exchanges.clear': ({ ids }) => {
      const gone = [...gateway.exchanges.values()]
        .filter(
          (exchange) => exchange.view.state !== 'open' && !exchange.view.isPinned && (ids === undefined || ids.includes(exchange.view.id)),
        )
        .map((exchange) => exchange.view.id)
      for (const id of gone) gateway.exchanges.delete(id)
      gateway.announce({ type: 'exchanges.forgotten', ids: gone })
    },
    ...scriptedFiles,
    ...scriptedHistory(gateway),
    ...scriptedRequests(gateway),
  }
}

function setCapture(gateway: ScriptedGateway, captureStoppedAt: number | null): void {
  gateway.status = { ...gateway.status, captureStoppedAt }
  gateway.announce({ type: 'gateway.changed', status: gateway.status })
}

function setRunning(gateway: ScriptedGateway, isRunning: boolean): void {
  gateway.status = {
    ...gateway.status,
    state: isRunning ? 'running' : 'stopped',
    listeners: gateway.status.listeners.map(({ address }) => ({
      address,
      url: isRunning ? `http://${address}` : null,
      state: isRunning ? ('listening' as const) : ('stopped' as const),
      error: null,
    })),
  }
  gateway.announce({ type: 'gateway.changed', status: gateway.status })
}

function replace(gateway: ScriptedGateway, route: Route): void {
  gateway.changeRoutes(gateway.routes.map((other) => (other.id === route.id ? route : other)))
}

function flip(gateway: ScriptedGateway, route: Route): void {
  for (const exchange of open(gateway, route.id)) {
    if (!exchange.view.isOverridden) decide(gateway, exchange, route, route.buffering.response === 'on' ? 'on' : 'off', 'route')
  }
}

function decide(
  gateway: ScriptedGateway,
  exchange: ScriptedExchange,
  route: Route,
  mode: 'off' | 'on',
  reason: 'route' | 'override',
): void {
  const { holdBytes, holdMs } = route.buffering
  exchange.decide({ mode, reason, holdBytes, holdMs }, Date.now())
  const { id, decisions, isOverridden } = exchange.view
  gateway.announce({ type: 'exchange.decided', id, decisions, isOverridden })
  gateway.touch(exchange)
}

function letGo(gateway: ScriptedGateway, exchange: ScriptedExchange): void {
  exchange.release(Date.now())
  gateway.touch(exchange)
}

function open(gateway: ScriptedGateway, id: RouteId): ScriptedExchange[] {
  return [...gateway.exchanges.values()].filter((exchange) => exchange.view.routeId === id && exchange.view.state === 'open')
}

function find(gateway: ScriptedGateway, id: ExchangeId): ScriptedExchange {
  const exchange = gateway.exchanges.get(id)
  if (!exchange) throw new GatewayError('exchange-not-found', 'This exchange is no longer kept.')
  return exchange
}

function indexOf(gateway: ScriptedGateway, id: RouteId): number | undefined {
  const index = gateway.routes.findIndex((route) => route.id === id)
  return index < 0 ? undefined : index
}
