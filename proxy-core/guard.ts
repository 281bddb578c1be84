import { createHash, timingSafeEqual } from 'node:crypto'
import type { ErrorCode } from './contract/errors.ts'
import type { Route } from './contract/route.ts'
import { allowsOrigin } from './cors.ts'
import { parseUrl } from './parse-url.ts'
import type { Router } from './router.ts'

/** Why a request goes no further; `fields` belong into the answer. */
export interface Refusal {
  readonly status: number
  readonly code: ErrorCode
  readonly message: string
  readonly fields?: readonly string[]
}

/** What the guard looks at. */
export interface GuardInput {
  /** The only Host field, or undefined when there is none. */
  readonly hostHeader: string | undefined
  /** Of an absolute-form target: it replaces Host. */
  readonly authority: string | null
  readonly isLoopbackListener: boolean
  readonly token: string | null
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
  readonly sluiceToken: string | undefined
  readonly router: Pick<Router, 'hasHost'>
  readonly route: Pick<Route, 'cors'> | null
  readonly method: string
  /** A preflight cannot carry the token; the gateway itself answers it, and only for listed origins. */
  readonly isPreflight?: boolean
  readonly scheme?: 'http' | 'https'
}

/** Keeps web pages and other machines from using the gateway; null lets the request pass. */
export function checkRequest(input: GuardInput): Refusal | null {
  return checkHost(input) ?? checkOrigin(input) ?? checkToken(input)
}

/**
 * The host that a Host value names: lower case, without port and final dot; null when it is malformed, unspecified, or an address in
 * any spelling but the usual one (WHATWG URL §3.5 reads 2130706433, 0x7f.1 and 127.1 all as 127.0.0.1).
 */
export function hostName(hostHeader: string): string | null {
  const match = hostHeader.length <= 300 ? hostForm.exec(hostHeader) : null
  if (!match) return null
  const name = (match[1] ?? '').toLowerCase()
  if (name.startsWith('[')) return isPlainIpv6(name) ? name : null
  if (isDottedIpv4(name)) return name === '0.0.0.0' ? null : name
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  return dnsName.test(plain) && !endsInNumber.test(plain) ? plain : null
}

/** Whether this host, as `hostName` returns it, is this machine by its very name. */
export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || (isDottedIpv4(host) && host.startsWith('127.'))
}

// RFC 9110 §7.2: uri-host and an optional port; no user name, no path, no blanks.
const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{0,5})?$/i
const hostGrammar = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]*)(?::(\d*))?$/i
const dnsName = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/
const endsInNumber = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/
const ipv4Part = /^(?:0|[1-9]\d{0,2})$/

function isDottedIpv4(name: string): boolean {
  const parts = name.split('.')
  return parts.length === 4 && parts.every((part) => ipv4Part.test(part) && Number(part) <= 255)
}

/** An IPv6 literal as browsers write it; below `::` only `::1`, since the rest is unspecified or IPv4 in disguise (::ffff:7f00:1). */
function isPlainIpv6(name: string): boolean {
  if (name.startsWith('[::')) return name === '[::1]'
  return parseUrl(`http://${name}/`)?.hostname === name
}

/** RFC 3986 §3.2.3 allows a port without digits, and asks senders to leave its colon out; some readers take it for another port than others. */
function isPort(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535
}

function checkHost(input: GuardInput): Refusal | null {
  const claimed = input.authority ?? input.hostHeader
  if (claimed === undefined)
    return { status: 400, code: 'bad-request', message: 'The request names no host. HTTP/1.1 asks for a Host field.' }
  // RFC 9112 §3.2: a Host that does not even look like one is a bad request, not a misdirected one.
  const [, port] = hostGrammar.exec(claimed) ?? [null, '']
  if (port !== undefined && !isPort(port)) return { status: 400, code: 'bad-request', message: 'The Host field is malformed.' }
  const host = hostName(claimed)
  if (host !== null && (isLoopbackName(host) || input.router.hasHost(host))) return null
  // DNS rebinding needs a name. A listener that other machines reach by its address is also known by it.
  if (host !== null && !input.isLoopbackListener && (host.startsWith('[') || isDottedIpv4(host))) return null
  const name = (host ?? claimed).slice(0, 100)
  const message = `This gateway does not answer for the host "${name}". Use localhost, or name the host in a route's hosts.`
  return { status: 421, code: 'host-refused', message }
}

function checkOrigin(input: GuardInput): Refusal | null {
  const { origin, route } = input
  if (origin !== undefined) {
    if (route && allowsOrigin(route, origin)) return null
    if (!isOwnOrigin(origin, input)) return originRefusal(`Pages of ${origin.slice(0, 100)}`)
  }
  const site = input.secFetchSite?.trim().toLowerCase()
  if (site === undefined || site === 'none' || site === 'same-origin') return null
  return originRefusal('Pages of another site')
}

function originRefusal(who: string): Refusal {
  const message = `${who} may not use this gateway. To let them, name their origin in the route's cors.origins.`
  return { status: 403, code: 'origin-refused', message }
}

/** Whether the origin is the very address under which the client reached this gateway. */
function isOwnOrigin(origin: string, input: GuardInput): boolean {
  const scheme = input.scheme ?? 'http'
  const host = (input.authority ?? input.hostHeader ?? '').toLowerCase()
  const suffix = scheme === 'http' ? ':80' : ':443'
  const authority = host.endsWith(suffix) ? host.slice(0, -suffix.length) : host
  return origin === `${scheme}://${authority}`
}

function checkToken(input: GuardInput): Refusal | null {
  if (input.isLoopbackListener) return null
  if (input.isPreflight === true && input.origin !== undefined && input.route && allowsOrigin(input.route, input.origin)) return null
  if (input.token !== null && input.sluiceToken !== undefined && isSameSecret(input.sluiceToken, input.token)) return null
  const message = "This address needs the gateway's token: send it as Sluice-Token."
  return { status: 401, code: 'token-required', message, fields: ['WWW-Authenticate', 'Sluice-Token realm="sluice"'] }
}

// Digests have one length, and comparing them takes as long for a near miss as for a far one.
function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
