import type { Issue } from '../../proxy-core/contract/errors.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import { readBytes, readMs, type Quantity } from './quantity.ts'
import { splitList, type HeaderRule, type RouteDraft } from './route-draft.ts'

/** A part of the form that can be wrong; `form` is the route as a whole. */
export type DraftField = keyof RouteDraft | 'form'

/** What is wrong, by field; one message each. */
export type DraftIssues = Partial<Record<DraftField, string>>

/** A draft that has passed the contract's schema, or what is wrong with it. */
export type CheckedDraft = { readonly ok: true; readonly route: Route } | { readonly ok: false; readonly issues: DraftIssues }

/** Checks a draft with the schema that the gateway uses too; `taken` are the ids of the other routes. */
export function checkDraft(draft: RouteDraft, taken: readonly string[]): CheckedDraft {
  const issues: DraftIssues = {}
  const input = inputOf(draft, (field, message) => (issues[field] ??= message))
  const parsed = Route.safeParse(input)
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    // A key that is not allowed says why one level down.
    const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
    issues[fieldOfPath(path)] ??= inWords(message, draft, path)
  }
  if (taken.includes(draft.id)) issues.id = `Another route is called ${draft.id}; an id is unique.`
  if (!parsed.success || Object.keys(issues).length > 0) return { ok: false, issues }
  return { ok: true, route: parsed.data }
}

/** The gateway's own refusal, by field. */
export function issuesByField(reported: readonly Issue[]): DraftIssues {
  const issues: DraftIssues = {}
  for (const { path, message } of reported) issues[fieldOfPath(path)] ??= message
  return issues
}

/** Which part of the form a path of the schema leads to; the path may start at the command's input or at the whole config. */
export function fieldOfPath(path: readonly (string | number)[]): DraftField {
  const own = path[0] === 'route' ? path.slice(1) : path[0] === 'routes' ? path.slice(2) : path
  const key = own.filter((part) => typeof part === 'string').join('.')
  const known = fieldsByPath.find(([prefix]) => key === prefix || key.startsWith(`${prefix}.`))
  return known?.[1] ?? 'form'
}

// The first prefix that fits decides, so a longer one stands before a shorter.
const fieldsByPath: readonly (readonly [string, DraftField])[] = [
  ['id', 'id'],
  ['name', 'name'],
  ['enabled', 'enabled'],
  ['match.path', 'path'],
  ['match.hosts', 'hosts'],
  ['match.methods', 'methods'],
  ['priority', 'priority'],
  ['stripPrefix', 'stripPrefix'],
  ['upstream.nodes', 'nodes'],
  ['upstream.hostHeader', 'hostHeader'],
  ['upstream.connectTimeoutMs', 'connectTimeoutMs'],
  ['upstream.headTimeoutMs', 'headTimeoutMs'],
  ['upstream.idleTimeoutMs', 'idleTimeoutMs'],
  ['upstream.http2', 'http2'],
  ['upstream.tls.verify', 'tlsVerify'],
  ['upstream.tls.ca', 'tlsCa'],
  ['upstream.tls.serverName', 'tlsServerName'],
  ['upstream', 'url'],
  ['buffering.holdBytes', 'holdBytes'],
  ['buffering.holdMs', 'holdMs'],
  ['buffering.holdHead', 'holdHead'],
  ['buffering.memoryBytes', 'memoryBytes'],
  ['buffering.spoolBytes', 'spoolBytes'],
  ['buffering', 'mode'],
  ['headers.request', 'requestHeaders'],
  ['headers.response', 'responseHeaders'],
  ['cors.origins', 'corsOrigins'],
  ['cors.credentials', 'corsCredentials'],
  ['stream.heartbeatMs', 'heartbeatMs'],
  ['capture.enabled', 'isCaptured'],
  ['capture.redact', 'isRedacted'],
  ['faults.delayMs', 'delayMs'],
  ['faults.jitterMs', 'jitterMs'],
  ['faults.splitBytes', 'splitBytes'],
  ['faults.mergeBytes', 'mergeBytes'],
  ['faults.cutAfterBytes', 'cutAfterBytes'],
  ['faults.cutAfterEvents', 'cutAfterEvents'],
  ['faults.stallAfterEvents', 'stallAfterEvents'],
  ['faults.status', 'faultStatus'],
  ['faults', 'areFaultsOn'],
]

type Complain = (field: DraftField, message: string) => void

/** What the draft means, in the shape of the schema; what cannot even be read is complained about. */
function inputOf(draft: RouteDraft, complain: Complain): unknown {
  const bytes = (field: DraftField, text: string) => orComplain(readBytes(text), () => complain(field, 'Write a size such as 8 KiB.'))
  const ms = (field: DraftField, text: string) => orComplain(readMs(text), () => complain(field, 'Write a time such as 100 ms or 10 s.'))
  const count = (field: DraftField, text: string) => {
    if (text.trim() === '') return null
    return orComplain(/^\s*\d{1,12}\s*$/.test(text) ? Number(text) : undefined, () => complain(field, 'Write a whole number.'))
  }
  const present = (field: DraftField, value: number | null) => {
    if (value === null) complain(field, 'Write a number; 0 is allowed where there is no limit.')
    return value ?? undefined
  }
  const name = draft.name.trim()
  return {
    id: draft.id,
    ...(name === '' ? {} : { name }),
    enabled: draft.enabled,
    match: { path: draft.path.trim(), hosts: splitList(draft.hosts), methods: splitList(draft.methods) },
    priority: /^-?\d+$/.test(draft.priority.trim()) ? Number(draft.priority) : draft.priority,
    stripPrefix: draft.stripPrefix,
    upstream: {
      ...(draft.nodes.length > 0 ? {} : { url: draft.url.trim() }),
      nodes: draft.nodes.map(({ url, weight }) => ({ url: url.trim(), weight: Number(weight) })),
      hostHeader: draft.hostHeader.trim(),
      connectTimeoutMs: present('connectTimeoutMs', ms('connectTimeoutMs', draft.connectTimeoutMs)),
      headTimeoutMs: present('headTimeoutMs', ms('headTimeoutMs', draft.headTimeoutMs)),
      idleTimeoutMs: present('idleTimeoutMs', ms('idleTimeoutMs', draft.idleTimeoutMs)),
      http2: draft.http2,
      tls: { verify: draft.tlsVerify, ca: orNull(draft.tlsCa), serverName: orNull(draft.tlsServerName) },
    },
    buffering: {
      response: draft.mode,
      holdBytes: bytes('holdBytes', draft.holdBytes),
      holdMs: ms('holdMs', draft.holdMs),
      holdHead: draft.holdHead,
      memoryBytes: present('memoryBytes', bytes('memoryBytes', draft.memoryBytes)),
      spoolBytes: present('spoolBytes', bytes('spoolBytes', draft.spoolBytes)),
    },
    headers: {
      request: headerInput('requestHeaders', draft.requestHeaders, complain),
      response: headerInput('responseHeaders', draft.responseHeaders, complain),
    },
    cors: { origins: splitList(draft.corsOrigins), credentials: draft.corsCredentials },
    stream: { heartbeatMs: ms('heartbeatMs', draft.heartbeatMs) },
    capture: { enabled: draft.isCaptured, redact: draft.isRedacted ? 'default' : 'none' },
    faults: {
      enabled: draft.areFaultsOn,
      delayMs: ms('delayMs', draft.delayMs) ?? 0,
      jitterMs: ms('jitterMs', draft.jitterMs) ?? 0,
      splitBytes: bytes('splitBytes', draft.splitBytes),
      mergeBytes: bytes('mergeBytes', draft.mergeBytes),
      cutAfterBytes: bytes('cutAfterBytes', draft.cutAfterBytes),
      cutAfterEvents: count('cutAfterEvents', draft.cutAfterEvents),
      stallAfterEvents: count('stallAfterEvents', draft.stallAfterEvents),
      status: count('faultStatus', draft.faultStatus),
    },
  }
}

function headerInput(field: DraftField, rules: readonly HeaderRule[], complain: Complain): unknown {
  const input = { set: {} as Record<string, string>, add: {} as Record<string, string>, remove: [] as string[] }
  for (const { action, name, value } of rules) {
    const key = name.trim()
    if (action === 'remove') input.remove.push(key)
    else if (Object.keys(input[action]).some((other) => other.toLowerCase() === key.toLowerCase())) {
      complain(field, `There are two rules that ${action} ${key}; one value is possible.`)
    } else input[action][key] = value
  }
  return input
}

function orComplain(value: Quantity, complain: () => void): number | null {
  if (value !== undefined) return value
  complain()
  return null
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function inWords(message: string, draft: RouteDraft, path: readonly (string | number)[]): string {
  const key = path.join('.')
  if (key === 'match.path' && draft.path.trim() === '') return 'Write the path of the requests, such as /v1/*.'
  if (key === 'id' && draft.id === '') return 'Write an id: lower-case letters, digits and hyphens.'
  if (key === 'upstream.url' && draft.url.trim() === '') return 'Write where the requests go, such as http://127.0.0.1:8080.'
  const [, list, index] = /^(?:match|cors)\.(hosts|methods|origins)\.(\d+)$/.exec(key) ?? []
  if (list === undefined || index === undefined) return message
  const entries = splitList(list === 'hosts' ? draft.hosts : list === 'methods' ? draft.methods : draft.corsOrigins)
  return `${entries[Number(index)] ?? ''}: ${message}`
}
