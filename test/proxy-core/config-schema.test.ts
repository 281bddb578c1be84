import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { configSchema, type JsonSchema } from '../../proxy-core/config-schema.ts'
import { parseConfig } from '../../proxy-core/config-document.ts'
import { demoConfig } from '../../proxy-core/demo/demo-config.ts'

const schema = z.fromJSONSchema(configSchema() as Parameters<typeof z.fromJSONSchema>[0])

const everything = `
version: 1
listen: [127.0.0.1:9080, "[::1]:0"]
remote: { allow: false, token: null }
routes:
  - id: sse-echo
    name: SSE echo
    enabled: true
    match: { path: /.sse, hosts: [stream.localhost, "*.example.com"], methods: [GET] }
    priority: 0
    stripPrefix: false
    upstream:
      url: http://127.0.0.1:8080/base
      nodes: []
      hostHeader: client
      connectTimeoutMs: 10000
      headTimeoutMs: 60000
      idleTimeoutMs: 0
      http2: false
      tls: { verify: true, ca: null, serverName: null }
    buffering: { response: off, holdBytes: null, holdMs: 5, holdHead: false, memoryBytes: 262144, spoolBytes: 0 }
    headers:
      request: { set: { X-A: b }, add: {}, remove: [Cookie] }
      response: { set: {}, add: {}, remove: [] }
    cors: { origins: ["https://app.example.com"], credentials: false }
    stream: { heartbeatMs: null }
    capture: { enabled: true, redact: default }
    faults:
      enabled: true
      delayMs: 500
      jitterMs: 100
      splitBytes: 3
      mergeBytes: null
      cutAfterBytes: null
      cutAfterEvents: 5
      stallAfterEvents: null
      status: null
`
const route = (rest: string) => `version: 1\nroutes:\n  - id: a\n    match: { path: /a }\n${rest}`

describe('the schema and the gateway agree', () => {
  test.each([
    ['every setting', everything],
    ['the demo', demoConfig],
    ['the least', 'version: 1'],
    ['short forms', route('    upstream: "demo:"\n    buffering: on\n')],
    ['a switch written as a truth value', route('    upstream: http://a\n    buffering: true\n')],
    ['a truth value in the long form', route('    upstream: { url: "demo:" }\n    buffering: { response: false }\n')],
    ['nodes', route('    upstream: { nodes: [{ url: http://a }, { url: "demo:", weight: 2 }] }\n')],
  ])('on what is good: %s', (_, text) => {
    expect(schema.safeParse(parse(text)).success).toBe(true)
    expect(parseConfig(text).ok).toBe(true)
  })

  test.each([
    ['no version', 'routes: []'],
    ['another version', 'version: 2'],
    ['an unknown setting', 'version: 1\nroute: []'],
    ['an unknown setting of a route', route('    upstream: http://a\n    buffring: on\n')],
    ['an unknown mode', route('    upstream: http://a\n    buffering: oof\n')],
    ['an unknown mode in the long form', route('    upstream: http://a\n    buffering: { response: oof }\n')],
    ['an upstream that is no URL', route('    upstream: localhost\n')],
    ['no upstream', route('')],
    ['an address without a port', 'version: 1\nlisten: localhost'],
    ['a number that is too small', route('    upstream: http://a\n    buffering: { holdBytes: 0 }\n')],
    ['a path without its slash', 'version: 1\nroutes: [{ id: a, match: { path: a }, upstream: http://a }]'],
  ])('on what is not: %s', (_, text) => {
    expect(schema.safeParse(parse(text)).success).toBe(false)
    expect(parseConfig(text).ok).toBe(false)
  })
})

test('each setting is described', () => {
  const undescribed = (path: string, { properties, items, anyOf }: JsonSchema): string[] => [
    ...Object.entries(properties ?? {}).flatMap(([name, child]) => [
      ...(child.description === undefined ? [`${path}.${name}`] : []),
      ...undescribed(`${path}.${name}`, child),
    ]),
    ...[...(items ? [items] : []), ...(anyOf ?? [])].flatMap((child) => undescribed(path, child)),
  ]
  expect(undescribed('config', configSchema())).toEqual([])
})
