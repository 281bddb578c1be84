import type { Route } from '../../proxy-core/contract/route.ts'

/** The command that sends a first request through a route. */
export function curlLine(url: string, route: Pick<Route, 'match'>): string {
  const { path, hosts, methods } = route.match
  const method = methods[0]
  return [
    'curl -N',
    method === undefined || method === 'GET' ? '' : `-X ${method}`,
    `${url.replace(/\/$/, '')}${path.replace(/\*$/, '')}`,
    hosts[0] === undefined ? '' : `-H "Host: ${hosts[0].replace(/^\*\./, 'any.')}"`,
    '-H "Accept: text/event-stream"',
  ]
    .filter(Boolean)
    .join(' ')
}
