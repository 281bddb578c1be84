import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { curlOf, eventSourceOf, fetchOf } from '../../renderer/compose/copy-request.ts'
import { readCurl } from '../../renderer/compose/curl-reader.ts'
import { firstDraft, jsonProblem, requestOf, type RequestDraft } from '../../renderer/compose/request-draft.ts'
import { startUpstream } from '../support/upstream.ts'

const base = 'http://127.0.0.1:9080'
const draft = (parts: Partial<RequestDraft>): RequestDraft => ({ ...firstDraft, url: '/x', headers: [], ...parts })
const header = (name: string, value: string) => ({ name, value })

const drafts: readonly RequestDraft[] = [
  draft({}),
  draft({ url: '/x?a=[1-3]&b={c,d}&e=%20/../f' }),
  draft({ method: 'DELETE', headers: [header('Accept', 'text/event-stream'), header('X-Quote', `it's "quoted" $HOME \`id\` \\ !`)] }),
  draft({ method: 'POST', body: `{"a": "it's\\n",\n\t"b": "é 😀 $(id)"}`, headers: [header('Content-Type', 'application/json')] }),
  draft({ method: 'PUT', body: '@not-a-file', headers: [header('X-Empty', ''), header('X-Two', '1'), header('X-Two', '2')] }),
  draft({ method: 'POST', body: 'a=1&b=2', headers: [header('X-Name', 'né')] }),
  draft({ method: 'GET', body: 'a body of a GET' }),
]

describe('what is copied as curl', () => {
  test.for(drafts.map((one) => [curlOf(one, base), one] as const))('%s is read back as it was', ([line, one]) => {
    const read = readCurl(line)
    expect(read.ignored).toEqual([])
    expect(read.draft).toEqual({ ...one, url: `${base}${one.url}` })
  })

  test.for(drafts.map((one, index) => [index, one] as const))('draft %i, run by curl, sends the same bytes', async ([, one]) => {
    const upstream = await startUpstream((exchange) => exchange.answer('ok', { fields: { Connection: 'close' } }))
    onTestFinished(() => upstream.close())
    const run = promisify(execFile)('/bin/sh', ['-c', `${curlOf(one, upstream.url)} -s --max-time 10`])
    const exchange = await upstream.next()
    const { headers, url } = requestOf(one)
    expect([exchange.method, exchange.target]).toEqual([one.method, url])
    expect((await exchange.body()).toString()).toBe(one.body)
    const framed = /^(host|content-length)$/i
    expect(exchange.fields.filter(([name]) => !framed.test(name))).toEqual(headers)
    await run
  })
})

test.for<[line: string, expected: Partial<RequestDraft>, ignored?: string[]]>([
  ['curl example.com', { method: 'GET', url: 'http://example.com' }],
  [
    `curl 'http://a/x' \\\n  -H 'A: b' \\\n  --compressed`,
    { url: 'http://a/x', headers: [header('A', 'b'), header('Accept-Encoding', 'gzip, deflate, br, zstd')] },
  ],
  [`curl -XPOST -H"A:b" "http://a/\\"x\\$"`, { method: 'POST', url: 'http://a/"x$', headers: [header('A', 'b')] }],
  [String.raw`curl http://a --data-raw $'it\'s \u00e9 \xc3\xa9\n'`, { method: 'POST', body: "it's é é\n" }],
  ['curl http://a -d a=1 -d b=2', { body: 'a=1&b=2', headers: [header('Content-Type', 'application/x-www-form-urlencoded')] }],
  ['curl -G http://a?x=1 -d a=1 --data-urlencode "b=c d&e"', { method: 'GET', url: 'http://a?x=1&a=1&b=c%20d%26e', body: '' }],
  [
    `curl http://a --json '{"a":1}'`,
    { method: 'POST', body: '{"a":1}', headers: [header('Content-Type', 'application/json'), header('Accept', 'application/json')] },
  ],
  ['curl -I http://a', { method: 'HEAD' }],
  [
    'curl -u me:pw -A agent -e http://r/ -b a=b --url http://a',
    {
      url: 'http://a',
      headers: [
        header('Authorization', 'Basic bWU6cHc='),
        header('User-Agent', 'agent'),
        header('Referer', 'http://r/'),
        header('Cookie', 'a=b'),
      ],
    },
  ],
  [
    'curl -sSkL -o out http://a --http3 -d @file -H "Content-Length: 9"',
    { method: 'GET', url: 'http://a', headers: [] },
    ['--insecure', '--location', '--output out', '--http3', '--data @file, a file', 'the header Content-Length'],
  ],
])('%s is read', ([line, expected, ignored = []]) => {
  const read = readCurl(line)
  expect(read.draft).toMatchObject(expected)
  expect(read.ignored).toEqual(ignored)
})

test.for([
  ['wget http://a', 'curl'],
  [`curl 'http://a`, 'not closed'],
  ['curl "http://a', 'not closed'],
  ['curl -H', 'needs a value'],
  ['curl -v', 'no URL'],
])('%s is refused: %s', ([line, why]) => expect(() => readCurl(line ?? '')).toThrow(why))

test('fetch and EventSource say the same, or why they can’t', () => {
  expect(fetchOf(draft({}), base)).toBe(`await fetch("${base}/x")`)
  expect(fetchOf(draft({ method: 'POST', body: '"' }), base)).toBe(`await fetch("${base}/x", {\n  method: "POST",\n  body: "\\"",\n})`)
  expect(eventSourceOf(firstDraft, base)).toEqual({ code: `new EventSource("${base}/.sse")` })
  expect(eventSourceOf(draft({ method: 'POST' }), base)).toEqual({ reason: 'An EventSource can’t send POST.' })
  expect(eventSourceOf(draft({ headers: [header('Authorization', 'x')] }), base)).toMatchObject({
    reason: expect.stringContaining('Authorization') as string,
  })
})

test('a body that is nearly JSON is told where it goes wrong', () => {
  expect(jsonProblem('{"a": 1}')).toBeNull()
  expect(jsonProblem('plain')).toBeNull()
  expect(jsonProblem('{\n  "a": x\n}')).toContain('This is not valid JSON')
  expect(jsonProblem('{"a":')).toContain('not valid JSON')
})
