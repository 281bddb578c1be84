import type { Handlers } from '../../../proxy-core/contract/commands.ts'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'
import type { RequestPlan, SentRequest } from '../../../proxy-core/contract/requests.ts'
import type { Route } from '../../../proxy-core/contract/route.ts'
import type { ScriptedExchange } from './scripted-exchange.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'
import { chatPlan, demoPlan } from './scripted-plan.ts'

const lostAfterMs = 400
const retryMs = 9000

/**
 * The scripted gateway's own client: what it is asked to send becomes an exchange of a route that fits.
 * One that connects again loses its stream once, soon after it began.
 */
export function scriptedRequests(gateway: ScriptedGateway): Pick<Handlers, 'request.send' | 'request.plan' | 'request.stop'> {
  const sent = new Map<number, { readonly exchange: ScriptedExchange; view: SentRequest }>()
  const loseOnce = (view: SentRequest, exchange: ScriptedExchange): void => {
    exchange.end(Date.now())
    gateway.announce({ type: 'exchange.ended', id: exchange.view.id, end: exchange.view })
    const request: SentRequest = { ...view, state: 'waiting', attempt: 2, retryAt: Date.now() + retryMs, lastEventId: '1' }
    gateway.announce({ type: 'request.changed', request })
  }
  return {
    'request.send': ({ method, url, headers, buffering, reconnects }) => {
      const target = pathOf(url)
      const route = routeOf(gateway, target)
      if (!route) throw new GatewayError('no-route', `No route takes ${target}.`)
      const exchange = gateway.start({ ...(target.startsWith('/v1') ? chatPlan : demoPlan), method, target }, route.id)
      if (buffering !== null) {
        const { holdBytes, holdMs } = route.buffering
        exchange.decide({ mode: buffering, reason: 'override', holdBytes, holdMs }, Date.now())
      }
      const { id } = exchange.view
      const view: SentRequest = {
        id,
        method,
        url,
        state: 'open',
        exchangeId: id,
        reconnects,
        attempt: 1,
        retryAt: null,
        lastEventId: '',
        status: 200,
        ending: null,
      }
      sent.set(id, { exchange, view })
      gateway.announce({ type: 'request.changed', request: view })
      if (reconnects) setTimeout(() => loseOnce(view, exchange), lostAfterMs)
      return { requestId: id, exchangeId: id, url, headers }
    },
    'request.plan': ({ url }): RequestPlan => {
      if (/^https?:/.test(url) && !/^http:\/\/(127\.0\.0\.1|localhost):9080/.test(url))
        return { type: 'direct', origin: new URL(url).origin }
      const route = routeOf(gateway, pathOf(url))
      return route ? { type: 'route', routeId: route.id } : { type: 'no-route' }
    },
    'request.stop': ({ requestId }) => {
      const known = sent.get(requestId)
      if (!known || known.exchange.view.state !== 'open') return
      const { exchange, view } = known
      exchange.end(Date.now(), { state: 'aborted', status: null, report: { code: 'client-aborted', message: 'The client left.' } })
      gateway.announce({ type: 'exchange.ended', id: exchange.view.id, end: exchange.view })
      gateway.announce({ type: 'request.changed', request: { ...view, state: 'ended', ending: 'stopped' } })
    },
  }
}

function routeOf(gateway: ScriptedGateway, target: string): Route | undefined {
  const [path = ''] = target.split('?')
  return gateway.routes.find(({ enabled, match }) =>
    enabled && match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : enabled && match.path === path,
  )
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '') || '/'
}
