import { z } from 'zod'
import { BufferingPolicy } from './buffering.ts'
import { Faults } from './faults.ts'
import { replayUrlPattern } from './replay.ts'

/** A route's stable name: lower-case letters, digits and hyphens. */
export const RouteId = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, { error: 'Use 1 to 64 lower-case letters, digits and hyphens.' })
  .brand<'RouteId'>()
export type RouteId = z.output<typeof RouteId>

const fieldName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'This is not a header name.' })
// RFC 9110 §5.5: visible characters, spaces and tabs; a line break would start another field.
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const fieldValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'A header value is one line of text.' })
const headerRules = z
  .strictObject({
    set: z.record(fieldName, fieldValue).default({}),
    add: z.record(fieldName, fieldValue).default({}),
    remove: z.array(fieldName).default([]),
  })
  .prefault({})
export type HeaderRules = z.output<typeof headerRules>

const host = z.string().regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/, {
  error: 'Write a host name in lower case, without scheme or port; *.example.com is allowed.',
})
const method = z.string().regex(/^[A-Z][A-Z-]{0,30}$/, { error: 'Write a method in upper case, such as GET.' })

const dotSegment = /\/(?:\.|%2e){1,2}(?:\/|$)/i
const matchFields = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^\s?#*\\]*\*?$/, { error: 'A path starts with / and has no query and no backslash; a * may end it.' })
    .refine((path) => !dotSegment.test(path), { error: 'A path has no . or .. segment: requests are matched when theirs are resolved.' }),
  hosts: z.array(host).default([]),
  methods: z.array(method).default([]),
})

const upstreamUrlHint = { error: 'Write an http:// or https:// URL without query or user name, demo: or replay:NAME' }
const upstreamUrl = z
  .url({ protocol: /^(https?|demo|replay)$/, ...upstreamUrlHint })
  .refine((url) => replayUrlPattern.test(url) || /^(demo:|https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?)$/i.test(url), upstreamUrlHint)

const upstreamFields = z
  .strictObject({
    url: upstreamUrl.optional(),
    nodes: z.array(z.strictObject({ url: upstreamUrl, weight: z.int().min(1).max(1000).default(1) })).default([]),
    hostHeader: z
      .string()
      .regex(/^[!-.0-~]+$/, { error: 'Write client, upstream or a host name, in the letters of its wire form (xn--…).' })
      .default('client'),
    connectTimeoutMs: z.int().min(1).max(3_600_000).default(10_000),
    headTimeoutMs: z.int().min(0).max(86_400_000).default(300_000),
    idleTimeoutMs: z.int().min(0).max(86_400_000).default(0),
    http2: z.boolean().default(false),
    tls: z
      .strictObject({
        verify: z.boolean().default(true),
        ca: z.string().nullable().default(null),
        serverName: z.string().nullable().default(null),
      })
      .prefault({}),
  })
  .refine((upstream) => (upstream.url === undefined) !== (upstream.nodes.length === 0), {
    path: ['url'],
    error: 'Name one url, or a list of nodes.',
  })

const corsOrigin = z.string().regex(/^https?:\/\/[^/\s*?#@]+$/, { error: 'Write an origin such as https://app.example.com.' })

/** One rule: which requests, to which upstream, with which policies. */
export const Route = z.strictObject({
  id: RouteId,
  name: z.string().max(120).optional(),
  enabled: z.boolean().default(true),
  match: matchFields,
  priority: z.int().min(-1000).max(1000).default(0),
  stripPrefix: z.boolean().default(false),
  upstream: z.preprocess((value) => (typeof value === 'string' ? { url: value } : value), upstreamFields),
  buffering: BufferingPolicy.prefault({}),
  headers: z.strictObject({ request: headerRules, response: headerRules }).prefault({}),
  cors: z.strictObject({ origins: z.array(corsOrigin).default([]), credentials: z.boolean().default(false) }).prefault({}),
  stream: z.strictObject({ heartbeatMs: z.int().min(1000).max(3_600_000).nullable().default(null) }).prefault({}),
  capture: z.strictObject({ enabled: z.boolean().default(true), redact: z.enum(['default', 'none']).default('default') }).prefault({}),
  faults: Faults,
})
export type Route = z.output<typeof Route>
/** A route as it may be written: short forms, and what has a default left out. */
export type RouteInput = z.input<typeof Route>

/** What a route is called on screen: its name, or else its id. */
export function routeLabel(route: Pick<Route, 'id' | 'name'>): string {
  return route.name === undefined || route.name === '' ? route.id : route.name
}
