import type { NodeStatus } from '../../proxy-core/contract/events.ts'

/** How many nodes of a route rest and when the first of them is tried again; null while none does. */
export function restWords(nodes: readonly NodeStatus[], now: number): string | null {
  const resting = nodes.filter((node) => node.state === 'resting')
  if (resting.length === 0) return null
  const until = Math.min(...resting.map((node) => node.until ?? now))
  const when = until > now ? `tried again in ${Math.ceil((until - now) / 1000)} s` : 'tried again by the next request'
  return `${resting.length} of ${nodes.length} nodes ${resting.length === 1 ? 'rests' : 'rest'}, ${when}`
}

/** Which nodes rest, and why each could not be reached. */
export function restReasons(nodes: readonly NodeStatus[]): string {
  const resting = nodes.filter((node) => node.state === 'resting')
  return resting.map(({ url, lastError }) => (lastError ? `${url}: ${lastError.error.message}` : url)).join('\n')
}
