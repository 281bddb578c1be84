import type { ClientRequest, ClientSide } from './client-side.ts'
import { now } from './clock.ts'
import { answerError, errorHead } from './error-answer.ts'
import type { ErrorCode, ErrorReport } from './contract/errors.ts'
import type { FaultHit } from './contract/faults.ts'
import type { Route, RouteId } from './contract/route.ts'
import { corsFields, preflightAnswer, preflightMethod } from './cors.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { Forward } from './forward.ts'
import { checkRequest, hostName } from './guard.ts'
import { fieldValues, framingFault, hasUnknownCoding, hostToSend, isOwnLoop, requestFields } from './headers.ts'
import type { Listener } from './listener.ts'
import { LiveExchange, type Journal } from './live-exchange.ts'
import { redactTarget } from './contract/redact.ts'
import { dropRest } from './request-body.ts'
import { parseRequestTarget, upstreamPath, type PathTarget } from './request-target.ts'
import type { ClaimedRequest } from './request-sender.ts'
import type { RouteActivity } from './route-activity.ts'
import type { Router } from './router.ts'
import { UpstreamChoice, type UpstreamRequest } from './upstream-choice.ts'
import { upstreamError } from './upstream-errors.ts'
import type { Upstreams, UpstreamTarget } from './upstreams.ts'

/** A `Last-Event-ID` is shown as far as this. */
const shownIdLength = 256

/** What the reception needs to know at the moment a request comes in. */
export interface ReceptionDesk {
  readonly journal: Journal
  readonly store: ExchangeStore
  readonly upstreams: Upstreams
  readonly viaName: string
  readonly router: Router
  readonly token: string | null
  readonly isAccepting: boolean
  activity(id: RouteId): RouteActivity
  /** What is known of a request that came on this connection, if the gateway's own client sent it. */
  claim(socket: ClientRequest['socket']): ClaimedRequest | null
}

/** Takes in requests: refuses what must not pass, finds the route, and forwards. */
export class Reception {
  readonly #desk: ReceptionDesk

  constructor(desk: ReceptionDesk) {
    this.#desk = desk
  }

  /** Takes in one request; `protocol` is what it asks to switch to, when its connection can be handed over. */
  receive(request: ClientRequest, outlet: ClientSide, listener: Listener, protocol: string | null): void {
    const desk = this.#desk
    const method = request.method ?? ''
    const raw = request.rawHeaders
    const target = parseRequestTarget(method, request.url ?? '')
    const hosts = fieldValues(raw, 'host')
    const path = target && 'path' in target ? target : null
    const authority = path?.authority ?? hosts[0] ?? ''
    const asked = preflightMethod(method, raw)
    const own = desk.claim(request.socket)
    const find = (wanted: string): Route | null =>
      path && desk.router.find({ host: hostName(authority) ?? '', path: path.path, method: wanted })
    const route = own?.direct ?? find(asked ?? method) ?? find(method)
    const refuse = (status: number, code: ErrorCode, message: string, more: readonly string[] = []): void => {
      // A page that may use the route may also read why it got no answer of it.
      const fields = [...more, ...(route ? corsFields(route, request.headers.origin) : [])]
      this.#answer({ request, outlet, own, route, status, error: { code, message }, fields })
    }

    const fault = framingFault(raw, request.httpVersion)
    if (fault !== null) return refuse(hasUnknownCoding(raw) ? 501 : 400, 'bad-request', `The request ${fault}.`)
    if (target === null) return refuse(400, 'bad-request', 'The request target is malformed.')
    if (hosts.length > 1) return refuse(400, 'bad-request', 'The request has more than one Host field.')
    // The guard is for others: what is sent straight to a URL may say any Origin there.
    const refusal = own?.direct
      ? null
      : checkRequest({
          hostHeader: hosts[0],
          authority: path?.authority ?? null,
          isLoopbackListener: listener.isLoopback,
          token: desk.token,
          origin: request.headers.origin,
          secFetchSite: one(request.headers['sec-fetch-site']),
          sluiceToken: one(request.headers['sluice-token']),
          router: desk.router,
          route,
          method,
          isPreflight: asked !== null,
          scheme: listener.scheme,
        })
    if (refusal) return refuse(refusal.status, refusal.code, refusal.message, refusal.fields)
    // OPTIONS * asks about the gateway itself (RFC 9110 §9.3.7), and so does a request that may not be forwarded (§7.6.2).
    const isForHere = (method === 'OPTIONS' || method === 'TRACE') && request.headers['max-forwards'] === '0'
    if (path === null || isForHere) {
      outlet.answer(method === 'OPTIONS' ? 204 : 405, ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], null)
      return
    }
    if (isOwnLoop(raw, desk.viaName)) {
      return refuse(508, 'loop-detected', 'This request has passed this gateway before: its route leads back here.')
    }
    if (!desk.isAccepting) return refuse(503, 'gateway-stopping', 'The gateway is stopping.')
    if (route === null) return refuse(404, 'no-route', `No route matches ${method} ${path.path}.`)
    const preflight = asked === null ? null : preflightAnswer(route, raw)
    if (preflight) {
      outlet.answer(preflight.status, preflight.fields, null)
      return
    }
    const { enabled, status } = route.faults
    if (enabled && status !== null) {
      const error = { code: 'fault-on-purpose', message: `Fault on purpose: answered here with ${status}.` } as const
      const fields = corsFields(route, request.headers.origin)
      return this.#answer({ request, outlet, own, route, status, error, fields, fault: { type: 'answered', status } })
    }
    this.#forward({ request, outlet, listener, own, route, path, clientHost: authority, protocol })
  }

  #forward(input: {
    request: ClientRequest
    outlet: ClientSide
    listener: Listener
    own: ClaimedRequest | null
    route: Route
    path: PathTarget
    clientHost: string
    protocol: string | null
  }): void {
    const { request, outlet, listener, own, route, path, clientHost, protocol } = input
    const { store, upstreams, viaName } = this.#desk
    const write = (upstream: UpstreamTarget): Omit<UpstreamRequest, 'target'> => ({
      path: upstreamPath(upstream.basePath, route, path),
      fields: requestFields({
        raw: request.rawHeaders,
        route,
        method: request.method ?? '',
        hostHeader: hostToSend(route, clientHost, upstream.authority),
        client: { address: request.socket.remoteAddress ?? '' },
        listener: { host: clientHost, port: listener.port, scheme: listener.scheme },
        viaName,
        httpVersion: request.httpVersion,
      }),
    })
    let choice: UpstreamChoice
    try {
      choice = new UpstreamChoice(upstreams, route, write)
    } catch (error) {
      const { report, status } = upstreamError(error)
      this.#answer({ request, outlet, own, route, status, error: report, fields: corsFields(route, request.headers.origin) })
      return
    }
    const exchange = this.#begin(request, route)
    const forward: Forward = new Forward({
      request,
      outlet,
      exchange,
      route,
      choice,
      viaName,
      protocol,
      budget: store.budget,
      onEnd: () => store.ended(forward),
    })
    store.addForward(forward)
    if (own !== null && own.buffering !== null) forward.responsePath.setOverride(own.buffering)
    exchange.begin(choice.current.target.label)
    own?.began(exchange.id)
    forward.start()
  }

  #answer(input: {
    request: ClientRequest
    outlet: ClientSide
    own: ClaimedRequest | null
    route: Route | null
    status: number
    error: ErrorReport
    fields?: readonly string[]
    fault?: FaultHit
  }): void {
    const exchange = this.#begin(input.request, input.route)
    if (input.fault) exchange.faulted(input.fault)
    this.#desk.store.addAnswered(exchange)
    exchange.begin(null)
    input.own?.began(exchange.id)
    exchange.responded(errorHead(input.status))
    answerError(input.outlet, input.status, input.error, input.fields)
    dropRest(input.request)
    exchange.end('failed', input.error)
  }

  #begin(request: ClientRequest, route: Route | null): LiveExchange {
    const { remoteAddress, remotePort } = request.socket
    const { store } = this.#desk
    const target = redactTarget(request.url ?? '')
    const lastEventId = one(request.headers['last-event-id'])
    const reconnectOf = lastEventId === undefined ? null : store.reconnects.before(route?.id ?? null, target, now())
    return new LiveExchange(
      store.newId(),
      {
        method: request.method ?? '',
        target,
        host: request.headers.host ?? '',
        httpVersion: request.httpVersion,
        client: `${remoteAddress ?? ''}:${remotePort ?? 0}`,
        ...(lastEventId === undefined ? {} : { lastEventId: lastEventId.slice(0, shownIdLength) }),
        ...(reconnectOf ? { reconnectOf } : {}),
      },
      { route, activity: route ? this.#desk.activity(route.id) : null, journal: this.#desk.journal },
    )
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
