import type { BufferingMode } from '../../proxy-core/contract/buffering.ts'
import { Route, type HeaderRules, type RouteInput } from '../../proxy-core/contract/route.ts'
import { writeBytes, writeMs } from './quantity.ts'

/** One header rule as the form shows it. */
export interface HeaderRule {
  readonly action: 'set' | 'add' | 'remove'
  readonly name: string
  readonly value: string
}

/** One upstream of several, as typed. */
export interface NodeDraft {
  readonly url: string
  readonly weight: string
}

/** A route as the form shows it: what was typed, not yet what it means. */
export interface RouteDraft {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly mode: BufferingMode
  readonly holdBytes: string
  readonly holdMs: string
  readonly holdHead: boolean
  readonly memoryBytes: string
  readonly spoolBytes: string
  readonly path: string
  readonly hosts: string
  readonly methods: string
  readonly priority: string
  readonly stripPrefix: boolean
  readonly url: string
  readonly nodes: readonly NodeDraft[]
  readonly hostHeader: string
  readonly connectTimeoutMs: string
  readonly headTimeoutMs: string
  readonly idleTimeoutMs: string
  readonly http2: boolean
  readonly tlsVerify: boolean
  readonly tlsCa: string
  readonly tlsServerName: string
  readonly requestHeaders: readonly HeaderRule[]
  readonly responseHeaders: readonly HeaderRule[]
  readonly corsOrigins: string
  readonly corsCredentials: boolean
  readonly heartbeatMs: string
  readonly isCaptured: boolean
  readonly isRedacted: boolean
  readonly areFaultsOn: boolean
  readonly delayMs: string
  readonly jitterMs: string
  readonly splitBytes: string
  readonly mergeBytes: string
  readonly cutAfterBytes: string
  readonly cutAfterEvents: string
  readonly stallAfterEvents: string
  readonly faultStatus: string
}

/** The form of a route that does not exist yet: the schema's defaults, with nothing said about requests and upstream. */
export function emptyDraft(): RouteDraft {
  const input: RouteInput = { id: 'new', match: { path: '/' }, upstream: 'demo:' }
  return { ...draftOf(Route.parse(input)), id: '', path: '', url: '' }
}

/** The form of a route as it is. */
export function draftOf(route: Route): RouteDraft {
  const { buffering, faults, match, upstream } = route
  return {
    id: route.id,
    name: route.name ?? '',
    enabled: route.enabled,
    mode: buffering.response,
    holdBytes: buffering.holdBytes === null ? '' : writeBytes(buffering.holdBytes),
    holdMs: buffering.holdMs === null ? '' : writeMs(buffering.holdMs),
    holdHead: buffering.holdHead,
    memoryBytes: writeBytes(buffering.memoryBytes),
    spoolBytes: writeBytes(buffering.spoolBytes),
    path: match.path,
    hosts: match.hosts.join(', '),
    methods: match.methods.join(', '),
    priority: String(route.priority),
    stripPrefix: route.stripPrefix,
    url: upstream.url ?? '',
    nodes: upstream.nodes.map(({ url, weight }) => ({ url, weight: String(weight) })),
    hostHeader: upstream.hostHeader,
    connectTimeoutMs: writeMs(upstream.connectTimeoutMs),
    headTimeoutMs: writeMs(upstream.headTimeoutMs),
    idleTimeoutMs: writeMs(upstream.idleTimeoutMs),
    http2: upstream.http2,
    tlsVerify: upstream.tls.verify,
    tlsCa: upstream.tls.ca ?? '',
    tlsServerName: upstream.tls.serverName ?? '',
    requestHeaders: rulesOf(route.headers.request),
    responseHeaders: rulesOf(route.headers.response),
    corsOrigins: route.cors.origins.join('\n'),
    corsCredentials: route.cors.credentials,
    heartbeatMs: route.stream.heartbeatMs === null ? '' : writeMs(route.stream.heartbeatMs),
    isCaptured: route.capture.enabled,
    isRedacted: route.capture.redact === 'default',
    areFaultsOn: faults.enabled,
    delayMs: faults.delayMs === 0 ? '' : writeMs(faults.delayMs),
    jitterMs: faults.jitterMs === 0 ? '' : writeMs(faults.jitterMs),
    splitBytes: faults.splitBytes === null ? '' : writeBytes(faults.splitBytes),
    mergeBytes: faults.mergeBytes === null ? '' : writeBytes(faults.mergeBytes),
    cutAfterBytes: faults.cutAfterBytes === null ? '' : writeBytes(faults.cutAfterBytes),
    cutAfterEvents: String(faults.cutAfterEvents ?? ''),
    stallAfterEvents: String(faults.stallAfterEvents ?? ''),
    faultStatus: String(faults.status ?? ''),
  }
}

/** An id for a route that has none yet, from its name or path, that no other route has. */
export function suggestId(draft: Pick<RouteDraft, 'name' | 'path'>, taken: readonly string[]): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56)
  const base = plain(draft.name) || plain(draft.path) || 'route'
  let id = base
  for (let count = 2; taken.includes(id); count++) id = `${base}-${count}`
  return id
}

/** The words of a list that was typed with commas, spaces or line breaks. */
export function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

function rulesOf(rules: HeaderRules): HeaderRule[] {
  return [
    ...Object.entries(rules.set).map(([name, value]) => ({ action: 'set' as const, name, value })),
    ...Object.entries(rules.add).map(([name, value]) => ({ action: 'add' as const, name, value })),
    ...rules.remove.map((name) => ({ action: 'remove' as const, name, value: '' })),
  ]
}
