import { listenParts, isLoopbackAddress } from './contract/config.ts'
import { GatewayError } from './contract/errors.ts'
import { directRouteId, type RequestAddress } from './contract/requests.ts'
import { Route } from './contract/route.ts'
import { hostName, isLoopbackName } from './guard.ts'
import { parseRequestTarget } from './request-target.ts'
import type { Router } from './router.ts'

/** A listener as the gateway's own client may use it. */
export interface OwnListener {
  /** As configured. */
  readonly address: string
  /** Where it listens. */
  readonly url: string
}

/** How a request of the window's is put to the gateway's own listener. */
export interface OwnRequest {
  /** The listener to connect to, as an origin. */
  readonly origin: string
  readonly isLoopback: boolean
  /** The target of the request line. */
  readonly target: string
  /** Names and values in turn, Host first. */
  readonly fields: string[]
  /** The route that leads straight to the URL; null where the router is to find one. */
  readonly direct: Route | null
}

/** Works out how a request reaches what its URL names: through the gateway, or by a route of its own straight to there. */
export function planRequest(request: RequestAddress, listeners: readonly OwnListener[], router: Pick<Router, 'hasHost'>): OwnRequest {
  const first = listeners.find(({ url }) => url.startsWith('http:')) ?? listeners[0]
  if (!first) throw new GatewayError('gateway-down', 'The gateway does not listen, so that there is nowhere to send a request. Start it.')
  const named = request.headers.filter(([name]) => name.toLowerCase() === 'host').map(([, value]) => value)
  if (named.length > 1) throw new GatewayError('invalid-input', 'A request has one Host field at most.')
  const fields = request.headers.filter(([name]) => name.toLowerCase() !== 'host').flat()
  const own = (listener: OwnListener, host: string, target: string, direct: Route | null): OwnRequest => ({
    origin: reachableOrigin(listener.url),
    isLoopback: isLoopbackAddress(listener.address),
    target,
    fields: ['Host', host, ...fields],
    direct,
  })
  if (request.url.startsWith('/')) return own(first, named[0] ?? hostOf(first), withoutFragment(request.url), null)

  const url = readUrl(request.url)
  const target = targetOf(request.url)
  const mine = listeners.find((listener) => isSameDoor(listener, url, router))
  if (mine) return own(mine, named[0] ?? url.host, target, null)
  // Host is the listener's: what the upstream is to get travels in the route.
  return own(first, hostOf(first), target, directRoute(url, named[0] ?? null))
}

/** The route that the router finds for a planned request, or null. */
export function plannedRoute(own: OwnRequest, method: string, router: Pick<Router, 'find'>): Route | null {
  const target = parseRequestTarget(method, own.target)
  if (target === null || !('path' in target)) return null
  return router.find({ host: hostName(own.fields[1] ?? '') ?? '', path: target.path, method })
}

/** The route that leads straight to a URL's origin, and says nothing of this gateway but Via. */
function directRoute(url: URL, host: string | null): Route {
  const parsed = Route.safeParse({
    id: 'direct',
    match: { path: '/*' },
    upstream: { url: url.origin, hostHeader: host ?? 'upstream' },
    headers: { request: { remove: ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Proto', 'X-Real-IP'] } },
  })
  if (!parsed.success) throw new GatewayError('invalid-input', parsed.error.issues[0]?.message ?? 'This URL can’t be called.')
  return { ...parsed.data, id: directRouteId }
}

function readUrl(text: string): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new GatewayError('invalid-input', 'This is not a URL.')
  }
  if (url.username !== '' || url.password !== '')
    throw new GatewayError('invalid-input', 'A URL with a user name is not sent. Write an Authorization header in its place.')
  return url
}

/** Path and query as they are written: a URL parser would change them. */
function targetOf(url: string): string {
  const rest = withoutFragment(url).replace(/^https?:\/\/[^/?#]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

function withoutFragment(url: string): string {
  const hash = url.indexOf('#')
  return hash < 0 ? url : url.slice(0, hash)
}

/** Whether a URL names this very listener. To call it as if it were an upstream would be a loop. */
function isSameDoor(listener: OwnListener, url: URL, router: Pick<Router, 'hasHost'>): boolean {
  const own = new URL(listener.url)
  if (url.protocol !== own.protocol || portOf(url) !== portOf(own)) return false
  const host = hostName(url.host) ?? url.hostname
  if (host === 'localhost' || host.endsWith('.localhost') || host === own.hostname || router.hasHost(host)) return true
  const isEverywhere = /^(0\.0\.0\.0|::)$/.test(listenParts(listener.address).host)
  return isEverywhere ? isLoopbackName(host) : host === listenParts(listener.address).host
}

function portOf(url: URL): string {
  return url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80'
}

function hostOf(listener: OwnListener): string {
  return new URL(reachableOrigin(listener.url)).host
}

/** A listener on every address is reached on loopback. */
function reachableOrigin(url: string): string {
  return new URL(url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')).origin
}
