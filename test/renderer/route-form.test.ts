import { expect, it } from 'vitest'
import { Route } from '../../proxy-core/contract/route.ts'
import { fieldOfPath, checkDraft, issuesByField } from '../../renderer/routes/route-check.ts'
import { draftOf, emptyDraft, suggestId, type RouteDraft } from '../../renderer/routes/route-draft.ts'
import { foldsWithIssues } from '../../renderer/routes/form-part.ts'
import { holdSentence, summaries } from '../../renderer/routes/form-words.ts'

const full = Route.parse({
  id: 'orders',
  name: 'Orders feed',
  enabled: false,
  match: { path: '/events/*', hosts: ['orders.localhost', '*.example.com'], methods: ['GET', 'POST'] },
  priority: -3,
  stripPrefix: true,
  upstream: {
    nodes: [
      { url: 'http://127.0.0.1:4010', weight: 2 },
      { url: 'https://api.example.com/base', weight: 1 },
    ],
    hostHeader: 'upstream',
    connectTimeoutMs: 1500,
    headTimeoutMs: 0,
    idleTimeoutMs: 300_000,
    http2: true,
    tls: { verify: false, ca: '/etc/ca.pem', serverName: 'api.internal' },
  },
  buffering: { response: 'auto', holdBytes: null, holdMs: 100, holdHead: true, memoryBytes: 65_536, spoolBytes: 0 },
  headers: {
    request: { set: { 'X-Tenant': 'acme' }, add: { Accept: 'text/event-stream' }, remove: ['Cookie'] },
    response: { set: {}, add: {}, remove: ['Server'] },
  },
  cors: { origins: ['https://app.example.com'], credentials: true },
  stream: { heartbeatMs: 15_000 },
  capture: { enabled: false, redact: 'none' },
  faults: {
    enabled: true,
    delayMs: 500,
    jitterMs: 20,
    splitBytes: 3,
    mergeBytes: 1024,
    cutAfterEvents: 5,
    stallAfterEvents: 9,
    status: 503,
  },
})

const good: RouteDraft = { ...emptyDraft(), id: 'sse', path: '/.sse', url: 'demo:' }

it('a route comes out of the form as it went in', () => {
  expect(checkDraft(draftOf(full), [])).toEqual({ ok: true, route: full })
})

it('a new route needs a path and an upstream, and has the defaults of the config file', () => {
  expect(checkDraft({ ...emptyDraft(), id: 'sse' }, [])).toEqual({
    ok: false,
    issues: {
      path: 'Write the path of the requests, such as /v1/*.',
      url: 'Write where the requests go, such as http://127.0.0.1:8080.',
    },
  })
  expect(checkDraft(good, [])).toEqual({ ok: true, route: Route.parse({ id: 'sse', match: { path: '/.sse' }, upstream: 'demo:' }) })
})

it.each<[Partial<RouteDraft>, keyof RouteDraft]>([
  [{ path: 'v1' }, 'path'],
  [{ hosts: 'localhost, Bad_Host' }, 'hosts'],
  [{ methods: 'G3T' }, 'methods'],
  [{ url: 'ftp://example.com' }, 'url'],
  [{ nodes: [{ url: 'http://127.0.0.1:1', weight: '0' }] }, 'nodes'],
  [{ hostHeader: 'a b' }, 'hostHeader'],
  [{ connectTimeoutMs: '' }, 'connectTimeoutMs'],
  [{ headTimeoutMs: 'soon' }, 'headTimeoutMs'],
  [{ holdBytes: 'much' }, 'holdBytes'],
  [{ holdMs: '0' }, 'holdMs'],
  [{ memoryBytes: '1 KiB' }, 'memoryBytes'],
  [{ requestHeaders: [{ action: 'set', name: 'Bad Name', value: '' }] }, 'requestHeaders'],
  [{ responseHeaders: [{ action: 'remove', name: '', value: '' }] }, 'responseHeaders'],
  [{ corsOrigins: 'app.example.com' }, 'corsOrigins'],
  [{ heartbeatMs: '10 ms' }, 'heartbeatMs'],
  [{ priority: 'first' }, 'priority'],
  [{ id: 'Not An Id' }, 'id'],
])('%j is complained about at its own field', (patch, field) => {
  const checked = checkDraft({ ...good, ...patch }, [])
  expect(checked).toMatchObject({ ok: false })
  expect(Object.keys(checked.ok ? {} : checked.issues)).toEqual([field])
})

it('of several hosts the wrong one is named', () => {
  const checked = checkDraft({ ...good, hosts: 'localhost, Bad_Host' }, [])
  expect(checked.ok ? '' : checked.issues.hosts).toMatch(/^Bad_Host: Write a host name/)
})

it('a header name that is none is said to be none', () => {
  const checked = checkDraft({ ...good, requestHeaders: [{ action: 'set', name: '', value: '' }] }, [])
  expect(checked.ok ? '' : checked.issues.requestHeaders).toBe('This is not a header name.')
})

it('two rules that set the same header are one too many', () => {
  const rule = { action: 'set', value: 'a' } as const
  const checked = checkDraft(
    {
      ...good,
      requestHeaders: [
        { ...rule, name: 'X-A' },
        { ...rule, name: 'x-a' },
      ],
    },
    [],
  )
  expect(checked.ok ? '' : checked.issues.requestHeaders).toBe('There are two rules that set x-a; one value is possible.')
})

it('an id that another route has is refused before it could replace that route', () => {
  expect(checkDraft(good, ['sse'])).toMatchObject({ ok: false, issues: { id: 'Another route is called sse; an id is unique.' } })
})

it('the refusal of the gateway is shown at the field it speaks of, wherever its path starts', () => {
  expect(fieldOfPath(['route', 'match', 'path'])).toBe('path')
  expect(fieldOfPath(['routes', 3, 'upstream', 'nodes', 0, 'url'])).toBe('nodes')
  expect(fieldOfPath(['headers', 'request', 'set', 'X-A'])).toBe('requestHeaders')
  expect(fieldOfPath(['upstream'])).toBe('url')
  expect(fieldOfPath([])).toBe('form')
  expect(issuesByField([{ path: ['route', 'id'], message: 'Taken.' }])).toEqual({ id: 'Taken.' })
})

it('a fold with a problem inside is known, so that it can be opened', () => {
  expect(foldsWithIssues({ corsOrigins: 'no', path: 'no' })).toEqual(['cors'])
})

it('an id is suggested from the name or the path, and is never one that is taken', () => {
  expect(suggestId({ name: 'Café Orders!', path: '' }, [])).toBe('cafe-orders')
  expect(suggestId({ name: '', path: '/v1/*' }, [])).toBe('v1')
  expect(suggestId({ name: 'Chat API', path: '' }, ['chat-api', 'chat-api-2'])).toBe('chat-api-3')
  expect(suggestId({ name: '', path: '' }, [])).toBe('route')
})

it('the form says in a sentence when held bytes go on', () => {
  expect(holdSentence({ holdBytes: '8 KiB', holdMs: '' })).toBe(
    'Held bytes go on when 8 KiB are here or the response ends, or when you release them.',
  )
  expect(holdSentence({ holdBytes: '', holdMs: '' })).toBe('Held bytes go on when the response ends, or when you release them.')
})

it('a folded part says in one line what is inside', () => {
  expect(summaries.timeouts(draftOf(full))).toBe('connect 1500 ms, head unlimited, idle 5 min')
  expect(summaries.headers(good)).toBe('passed on as they are')
  expect(summaries.capture(draftOf(full))).toBe('bodies are not kept')
})
