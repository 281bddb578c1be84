import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  moveRoute,
  parseConfig,
  removeRoute,
  setRoute,
  setRouteField,
  toText,
  type ConfigDocument,
} from '../../proxy-core/config-document.ts'
import { demoConfig } from '../../proxy-core/demo/demo-config.ts'
import type { Route } from '../../proxy-core/contract/route.ts'

const handWritten = `# my gateway

version: 1
listen: 127.0.0.1:9080              # or a list
routes:
  # all of them

  # the events
  - id: sse                         # stable
    name: Events


    match: { path: /.sse, hosts: [a.example,
       b.example] }
    upstream: "demo:"
    buffering: on   # the switch
    headers: {request: {set: {'X-A': "b  c"}}}

  # the chat
  - id: chat
    match:
        path: /v1/*
        methods: [GET,POST] # both
    upstream: { url: 'http://127.0.0.1:1' }
    # below the chat

# the end
`

function edit(text: string, change: (document: ConfigDocument) => void): string {
  const parsed = parseConfig(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  change(parsed.document)
  return toText(parsed.document)
}

function routesOf(text: string): readonly Route[] {
  const parsed = parseConfig(text)
  if (!parsed.ok) throw new Error(`${JSON.stringify(parsed.issues)}\n${text}`)
  return parsed.config.routes
}

/** What an edit took out of the lines of a text and put in, as `- line` and `+ line`. */
function changed(text: string, change: (document: ConfigDocument) => void): string[] {
  const before = text.split('\n')
  const after = edit(text, change).split('\n')
  while (before.length > 0 && after.length > 0 && before[0] === after[0]) {
    before.shift()
    after.shift()
  }
  while (before.length > 0 && after.length > 0 && before.at(-1) === after.at(-1)) {
    before.pop()
    after.pop()
  }
  return [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)]
}

describe('an edit changes the lines it is about and no other', () => {
  test('a flip, in the short form that is there, with its comment where it was', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'sse', ['buffering', 'response'], 'off'))).toEqual([
      '-     buffering: on   # the switch',
      '+     buffering: off  # the switch',
    ])
  })

  test('a flip of a route that says nothing of buffering', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['buffering', 'response'], 'auto'))).toEqual([
      '+     buffering: auto',
    ])
  })

  test('a setting beside the short form makes it long', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'sse', ['buffering', 'holdMs'], 100))).toEqual([
      '-     buffering: on   # the switch',
      '+     buffering:',
      '+         response: on # the switch',
      '+         holdMs: 100',
    ])
  })

  test('a value that is the default already is not written', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['buffering', 'response'], 'off'))).toEqual([])
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['enabled'], true))).toEqual([])
  })

  test('a list keeps its way of being written', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['match', 'methods'], ['POST', 'PUT']))).toEqual([
      '-         methods: [GET,POST] # both',
      '+         methods: [POST,PUT] # both',
    ])
  })

  test('an emptied list is taken out', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['match', 'methods'], []))).toEqual([
      '-         methods: [GET,POST] # both',
    ])
  })

  test('a new setting stands at its place among the others, indented as they are', () => {
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['enabled'], false))).toEqual(['+     enabled: false'])
    expect(changed(handWritten, (document) => setRouteField(document, 'chat', ['match', 'hosts'], ['c.example']))).toEqual([
      '+         hosts: [c.example]',
    ])
    expect(edit(handWritten, (document) => setRouteField(document, 'sse', ['enabled'], false))).toContain(
      'name: Events\n    enabled: false\n',
    )
  })

  test('a removed route takes the comment above it along', () => {
    const text = edit(handWritten, (document) => removeRoute(document, 'chat'))
    expect(text).toBe(`${handWritten.slice(0, handWritten.indexOf('\n  # the chat'))}\n# the end\n`)
  })

  test('a moved route is moved as it was written', () => {
    const text = edit(handWritten, (document) => moveRoute(document, 'chat', 0))
    expect(routesOf(text).map((route) => route.id)).toEqual(['chat', 'sse'])
    expect(text.split('\n').toSorted()).toEqual(handWritten.split('\n').toSorted())
    expect(text).toContain(
      "\n  # the chat\n  - id: chat\n    match:\n        path: /v1/*\n        methods: [GET,POST] # both\n    upstream: { url: 'http",
    )
    expect(text).toContain('\n  # all of them\n')
  })

  test('a new route is written in the fewest words', () => {
    const route = {
      id: 'new',
      enabled: true,
      match: { path: '/new', hosts: [], methods: ['GET'] },
      upstream: { url: 'http://127.0.0.1:2', hostHeader: 'client' },
      buffering: { response: 'on' as const, holdBytes: 8192 },
      cors: { origins: [] },
    }
    const text = edit(demoConfig, (document) => setRoute(document, route))
    expect(text).toBe(
      `${demoConfig}
  - id: new
    match:
      path: /new
      methods: [GET]
    upstream: http://127.0.0.1:2
    buffering: on
`,
    )
  })

  test('a new route can be put first', () => {
    const text = edit(demoConfig, (document) => setRoute(document, { id: 'new', match: { path: '/new' }, upstream: 'demo:' }, 0))
    expect(routesOf(text).map((route) => route.id)).toEqual(['new', 'sse-echo', 'chat-demo'])
    expect(text).toContain(
      'routes:\n  - id: new\n    match:\n      path: /new\n    upstream: "demo:"\n\n  # Server-sent events, one a second:\n',
    )
  })

  test('saving a route as it is changes nothing', () => {
    for (const route of routesOf(handWritten)) {
      expect(changed(handWritten, (document) => setRoute(document, structuredClone(route)))).toEqual([])
    }
  })

  test('a list of nodes takes the place of a url', () => {
    const text = edit(handWritten, (document) =>
      setRouteField(document, 'chat', ['upstream'], { nodes: [{ url: 'http://a' }, { url: 'http://b', weight: 2 }] }),
    )
    expect(routesOf(text)[1]?.upstream).toMatchObject({
      nodes: [
        { url: 'http://a', weight: 1 },
        { url: 'http://b', weight: 2 },
      ],
    })
    expect(text).not.toContain('weight: 1')
  })

  test('what an alias names is not changed by an edit of the one that uses it', () => {
    const shared =
      'version: 1\nroutes:\n- {id: a, match: {path: /a}, upstream: http://a, buffering: &b {response: on, holdMs: 5}}\n' +
      '- {id: b, match: {path: /b}, upstream: http://b, buffering: *b}\n'
    const [a, b] = routesOf(edit(shared, (document) => setRouteField(document, 'b', ['buffering', 'response'], 'off')))
    expect([a?.buffering.response, b?.buffering.response, b?.buffering.holdMs]).toEqual(['on', 'off', 5])
  })

  test('JSON stays JSON, Windows line ends stay', () => {
    const json =
      '{\n    "version": 1,\n    "routes": [\n        { "id": "a", "match": { "path": "/x" }, "upstream": "demo:", "buffering": "on" }\n    ]\n}\n'
    expect(edit(json, (document) => setRouteField(document, 'a', ['buffering', 'response'], 'off'))).toBe(json.replace('"on"', '"off"'))
    const added = edit(json, (document) => setRoute(document, { id: 'b', match: { path: '/y' }, upstream: 'demo:' }))
    expect(JSON.parse(added)).toMatchObject({ routes: [{ id: 'a' }, { id: 'b' }] })

    const windows = handWritten.replaceAll('\n', '\r\n')
    const flipped = edit(windows, (document) => setRouteField(document, 'chat', ['buffering', 'response'], 'on'))
    expect(flipped.replaceAll('\r\n', '')).not.toContain('\n')
  })
})

test.each([
  ['an unknown route', (document: ConfigDocument) => setRouteField(document, 'none', ['enabled'], false), 'route-not-found'],
  ['removing an unknown route', (document: ConfigDocument) => removeRoute(document, 'none'), 'route-not-found'],
  ['an invalid route', (document: ConfigDocument) => setRoute(document, { id: 'X', match: { path: 'x' }, upstream: 'y' }), 'invalid-input'],
  ['an invalid value', (document: ConfigDocument) => setRouteField(document, 'sse', ['priority'], 1e9), 'invalid-input'],
  ['an unknown field', (document: ConfigDocument) => setRouteField(document, 'sse', ['nothing', 'here'], 1), 'invalid-input'],
])('%s is refused', (_, change, code) => {
  expect(() => edit(handWritten, change)).toThrow(expect.objectContaining({ code }))
})

test('any edits after one another leave each route as it was wanted, and every comment of a route that stays', () => {
  const id = fc.constantFrom('sse', 'chat', 'x', 'y', 'z')
  const modes = fc.constantFrom('off', 'on', 'auto')
  const change = fc.oneof(
    fc.record({
      type: fc.constant('save'),
      id,
      mode: modes,
      holdMs: fc.option(fc.integer({ min: 1, max: 999 })),
      index: fc.option(fc.nat(5)),
    }),
    fc.record({ type: fc.constant('remove'), id }),
    fc.record({ type: fc.constant('move'), id, index: fc.nat(5) }),
    fc.record({ type: fc.constant('flip'), id, mode: modes }),
    fc.record({ type: fc.constant('methods'), id, methods: fc.uniqueArray(fc.constantFrom('GET', 'POST', 'PUT')) }),
    fc.record({
      type: fc.constant('header'),
      id,
      name: fc.constantFrom('X-A', 'X-B'),
      value: fc.constantFrom('a: b', '# c', "it's", '{d}', '  e'),
    }),
  )
  const styles = [
    handWritten,
    handWritten.replaceAll('\n', '\r\n'),
    demoConfig,
    'version: 1\n',
    '{"version":1,"routes":[]}',
    'version: 1\nroutes: []\n',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...styles), fc.array(change, { maxLength: 8 }), (style, changes) => {
      let text = style
      for (const step of changes) {
        const before = routesOf(text)
        const isThere = before.some((route) => route.id === step.id)
        if (!isThere && step.type !== 'save') continue
        let wanted: unknown
        text = edit(text, (document) => {
          if (step.type === 'remove') removeRoute(document, step.id)
          if (step.type === 'move' && 'index' in step) moveRoute(document, step.id, step.index ?? 0)
          if (step.type === 'flip' && 'mode' in step) setRouteField(document, step.id, ['buffering', 'response'], step.mode)
          if (step.type === 'methods' && 'methods' in step) setRouteField(document, step.id, ['match', 'methods'], step.methods)
          if (step.type === 'header' && 'value' in step)
            setRouteField(document, step.id, ['headers', 'request', 'set'], { [step.name]: step.value })
          if (step.type === 'save' && 'holdMs' in step) {
            const buffering = { response: step.mode, holdMs: step.holdMs }
            wanted = { id: step.id, match: { path: `/${step.id}` }, upstream: { url: 'http://a' }, buffering }
            setRoute(document, wanted as Parameters<typeof setRoute>[1], step.index ?? undefined)
          }
        })
        const after = routesOf(text)
        if (wanted) expect(after.find((route) => route.id === step.id)).toMatchObject(wanted)
        const others = (routes: readonly Route[]) => routes.filter((route) => route.id !== step.id)
        expect(others(after)).toEqual(others(before))
        if (
          style.includes('# the switch') &&
          after.some((route) => route.id === 'sse') &&
          !changes.some((each) => each.type === 'save' || each.type === 'remove')
        ) {
          for (const comment of ['# my gateway', '# or a list', '# all of them', '# the events', '# stable', '# the switch', '# the end']) {
            expect(text).toContain(comment)
          }
        }
      }
    }),
    { numRuns: 300 },
  )
})
