import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../proxy-core/config-document.ts'

const route = 'version: 1\nroutes:\n  - id: a\n    match: { path: /a }\n    upstream: http://127.0.0.1:1\n'

/** Every issue of a text as `LINE:COLUMN message`. */
function issuesOf(text: string): string[] {
  const parsed = parseConfig(text)
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.line}:${issue.column} ${issue.message}`)
}

describe('a mistake in a config is told with its line and column', () => {
  test.each([
    ['an unknown mode', `${route}    buffering: oof\n`, '6:16 Write off, on or auto.'],
    ['a value in a long form', `${route}    buffering:\n      response: on\n      holdBytes: 0\n`, '8:18 This is at least 1.'],
    ['a setting that does not exist, at its key', `${route}    buffring: on\n`, '6:5 There is no setting called buffring here.'],
    [
      'a missing setting, at the nearest thing there is',
      'version: 1\nroutes:\n  - id: a\n    match: {}\n    upstream: http://a\n',
      '4:12 path is missing.',
    ],
    ['a missing version', 'routes: []\n', '1:1 version is missing. Write 1 here.'],
    ['a version of no kind', 'version: x\n', '1:10 Write 1 here.'],
    ['a number where text belongs', `${route}    headers: { request: { set: { X-A: 5 } } }\n`, '6:39 Write text here; put it in quotes.'],
    ['a header name, at its key', `${route}    headers: { request: { set: { "X A": b } } }\n`, '6:34 This is not a header name.'],
    [
      'two routes of one id',
      `${route}  - id: a\n    match: { path: /b }\n    upstream: http://b\n`,
      '6:9 Two routes are called a; an id is unique.',
    ],
    [
      'an address that is not local',
      'version: 1\nlisten: 0.0.0.0:80\n',
      '2:9 This address is not on loopback: it needs remote.allow: true and a remote.token.',
    ],
    [
      'a Host beyond ASCII',
      route.replace('http://127.0.0.1:1', '{ url: "http://127.0.0.1:1", hostHeader: 日本.example }'),
      '5:56 Write client, upstream or a host name, in the letters of its wire form (xn--…).',
    ],
    [
      'a path with a backslash',
      route.replace('/a', '/a\\b'),
      '4:20 A path starts with / and has no query and no backslash; a * may end it.',
    ],
    ['a list where settings belong', 'version: 1\nroutes:\n  - []\n', '3:5 Write settings here, each as key: value.'],
    ['text where a list belongs', 'version: 1\nroutes: none\n', '2:9 Write a list here.'],
  ])('%s', (_, text, issue) => {
    expect(issuesOf(text)).toEqual([issue])
  })

  test.each(['/a/../b', '/..', '/./*', '/%2E%2e/b'])('the path %s, which no request ever has', (path) => {
    expect(issuesOf(route.replace('/a', path))).toEqual([
      '4:20 A path has no . or .. segment: requests are matched when theirs are resolved.',
    ])
  })

  test('several mistakes are told all at once', () => {
    expect(issuesOf(`${route}    enabled: maybe\n    priority: 5000\n    x: 1\n`)).toEqual([
      '6:14 Write true or false here.',
      '7:15 This is at most 1000.',
      '8:5 There is no setting called x here.',
    ])
  })
})

describe('a text that is no YAML is told at the place where it breaks', () => {
  test.each([
    ['a list that does not end', 'version: 1\nroutes: [\n', /^3:1 /],
    ['a tab as indent', 'version: 1\nroutes:\n\t- id: a\n', /^3:1 Indent with spaces, not tabs\.$/],
    ['a key twice', 'version: 1\nversion: 1\n', /^2:1 This key is written twice\.$/],
    ['a second document', 'version: 1\n---\nversion: 1\n', /^2:1 /],
    ['a colon that makes a mapping of a value', 'version: 1\nroutes:\n  - id: a\n    upstream: demo:\n', /^4:15 .*"demo:"/],
    ['a file cut in the middle of a quoted text', 'version: 1\nroutes:\n  - id: "a', /^3:1[01] /],
  ])('%s', (_, text, issue) => {
    const issues = issuesOf(text)
    expect(issues).toHaveLength(1)
    expect(issues[0]).toMatch(issue)
  })
})

describe('whatever a file holds, reading it ends with an issue', () => {
  test.each([
    ['nothing', ''],
    ['blank lines and a comment', '\n\n# later\n'],
    ['null', 'null'],
    ['one word', 'hello'],
    ['a list', '- 1\n- 2\n'],
    ['bytes of zero', '\0'.repeat(100)],
    ['20,000 opening brackets', '['.repeat(20_000)],
    ['an alias that names nothing', 'version: *none\n'],
    ['a list that holds itself', 'version: 1\nroutes: &r [*r]\n'],
    ['a key that is a list', '? [a]\n: 1\n'],
    ['a page of HTML', '<!doctype html><p>Not found</p>'],
    ['ten levels of nine aliases', aliasBomb()],
  ])('%s', (_, text) => {
    const [issue] = issuesOf(text)
    expect(issue).toMatch(/^\d+:\d+ \S.*\.$/)
  })
})

test('a file of a newer version says so, and nothing else', () => {
  expect(issuesOf('version: 2\nlisteners: {}\nroutes: 7\n')).toEqual([
    '1:10 This file was written by a newer Sluice: version 2; this one reads version 1.',
  ])
})

test('JSON is read as YAML is', () => {
  const parsed = parseConfig(
    '{ "version": 1, "routes": [{ "id": "a", "match": { "path": "/a" }, "upstream": "demo:", "buffering": true }] }',
  )
  expect(parsed.ok && parsed.config.routes[0]).toMatchObject({ id: 'a', upstream: { url: 'demo:' }, buffering: { response: 'on' } })
})

test('a byte order mark and Windows line ends are read', () => {
  const parsed = parseConfig(`\ufeff${route.replaceAll('\n', '\r\n')}`)
  expect(parsed.ok && parsed.config.routes[0]?.id).toBe('a')
})

function aliasBomb(): string {
  const levels = Array.from({ length: 10 }, (_, level) => `a${level}: &a${level} [${level === 0 ? 'x' : `*a${level - 1}, `.repeat(9)}]`)
  return `version: 1\n${levels.join('\n')}\n`
}
