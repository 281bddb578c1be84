import type { Route } from '../../proxy-core/contract/route.ts'
import type { RequestDraft } from './request-draft.ts'

/** What a draft must change so that a route takes it; a path that fits already stays. */
export function throughRoute(draft: RequestDraft, { match }: Pick<Route, 'match'>): Pick<RequestDraft, 'method' | 'url' | 'headers'> {
  const [host] = match.hosts
  const [method] = match.methods
  const others = draft.headers.filter(({ name }) => name.trim().toLowerCase() !== 'host')
  return {
    method: method === undefined || match.methods.includes(draft.method) ? draft.method : method,
    url: takesPath(match.path, draft.url) ? draft.url : match.path.replace(/\*$/, ''),
    headers: host === undefined ? others : [{ name: 'Host', value: host.replace(/^\*\./, 'any.') }, ...others],
  }
}

function takesPath(pattern: string, url: string): boolean {
  const path = url.split(/[?#]/)[0] ?? ''
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
