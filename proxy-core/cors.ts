import type { Route } from './contract/route.ts'
import { fieldValue } from './headers.ts'
import { parseUrl } from './parse-url.ts'

/** Whether the route lets pages of this origin read its answers. */
export function allowsOrigin(route: Pick<Route, 'cors'>, origin: string): boolean {
  return route.cors.origins.some((listed) => sameOrigin(listed, origin))
}

/** The method that a preflight asks about; null when the request is none. Its route is the one of that method. */
export function preflightMethod(method: string, fields: readonly string[]): string | null {
  if (method !== 'OPTIONS' || fieldValue(fields, 'origin') === undefined) return null
  const wanted = fieldValue(fields, 'access-control-request-method')
  return wanted !== undefined && token.test(wanted) ? wanted : null
}

/** The answer to a CORS preflight from an origin that the route lists (Fetch §3.3); null when there is nothing to answer. */
export function preflightAnswer(
  route: Pick<Route, 'cors' | 'match'>,
  fields: readonly string[],
): { readonly status: 204; readonly fields: string[] } | null {
  const origin = fieldValue(fields, 'origin')
  const method = preflightMethod('OPTIONS', fields)
  if (origin === undefined || method === null || !allowsOrigin(route, origin)) return null
  const methods = route.match.methods.length > 0 ? route.match.methods.join(', ') : method
  const answer = ['Access-Control-Allow-Origin', origin, 'Access-Control-Allow-Methods', methods]
  const names = (fieldValue(fields, 'access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => token.test(name))
  if (names.length > 0) answer.push('Access-Control-Allow-Headers', names.join(', '))
  if (route.cors.credentials) answer.push('Access-Control-Allow-Credentials', 'true')
  // Private Network Access: a page from elsewhere asks before it reaches for loopback.
  if (fieldValue(fields, 'access-control-request-private-network') === 'true') answer.push('Access-Control-Allow-Private-Network', 'true')
  answer.push('Access-Control-Max-Age', String(preflightMaxAgeSeconds))
  answer.push('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
  return { status: 204, fields: answer }
}

/**
 * What a route with CORS origins adds to each response, in place of the upstream's own permission; empty without such a list.
 * The origin is named rather than `*`, which credentials exclude (Fetch §3.3.5); answers hence differ by origin, and Vary says so.
 */
export function corsFields(route: Pick<Route, 'cors'>, origin: string | null | undefined): string[] {
  if (route.cors.origins.length === 0) return []
  const vary = ['Vary', 'Origin']
  if (origin === null || origin === undefined || !allowsOrigin(route, origin)) return vary
  const credentials = route.cors.credentials ? ['Access-Control-Allow-Credentials', 'true'] : []
  return ['Access-Control-Allow-Origin', origin, ...credentials, ...vary]
}

// Short, so that a changed list is obeyed soon; browsers allow two hours at most.
const preflightMaxAgeSeconds = 60
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/

function sameOrigin(listed: string, origin: string): boolean {
  return listed === origin || parseUrl(listed)?.origin === origin
}
