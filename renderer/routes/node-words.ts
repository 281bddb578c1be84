import type { NodeStatus } from '../../proxy-core/contract/events.ts'
import type { Route } from '../../proxy-core/contract/route.ts'

/** How many nodes of a route rest and when the first of them is tried again; null while none does. */
export function restWords(nodes: readonly NodeStatus[], now: number): string | null {
  const count = restCount(nodes)
  if (count === null) return null
  const resting = nodes.filter((node) => node.state === 'resting')
  const until = Math.min(...resting.map((node) => node.until ?? now))
  const when = until > now ? `tried again in ${Math.ceil((until - now) / 1000)} s` : 'tried again by the next request'
  return `${count}, ${when}`
}

/** How many nodes of a route rest, in short; null while none does. */
export function restCount(nodes: readonly NodeStatus[]): string | null {
  const resting = nodes.filter((node) => node.state === 'resting').length
  return resting === 0 ? null : `${resting} of ${nodes.length} nodes ${resting === 1 ? 'rests' : 'rest'}`
}

/** Which nodes rest, and why each could not be reached. */
export function restReasons(nodes: readonly NodeStatus[]): string {
  const resting = nodes.filter((node) => node.state === 'resting')
  return resting.map(({ url, lastError }) => (lastError ? `${url}: ${lastError.error.message}` : url)).join('\n')
}

/** The URLs of the upstreams that share a route; none where there is one alone. */
export function nodeUrls({ upstream }: Pick<Route, 'upstream'>): readonly string[] {
  return upstream.url === undefined && upstream.nodes.length > 1 ? upstream.nodes.map(({ url }) => url) : []
}
