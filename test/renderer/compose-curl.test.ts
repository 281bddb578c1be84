import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copiedAs, curlOf, eventSourceOf, fetchOf } from '../../renderer/compose/copy-request.ts'
import { readCurl } from '../../renderer/compose/curl-reader.ts'
import { jsonProblem, redactedDraft, requestOf, type RequestDraft } from '../../renderer/compose/request-draft.ts'
import { firstDraft } from '../../renderer/compose/request-presets.ts'
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
  ['curl -G http://a?x=1 -d a=1 --data-urlencode "b=c d&e"', { method: 'GET', url: 'http://a?x=1&a=1&b=c+d%26e', body: '' }],
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
    { method: 'POST', url: 'http://a', headers: [], body: '' },
    ['--insecure', '--location', '--output out', '--http3', '--data @file, a file', 'the header Content-Length'],
  ],
  ['curl -b a=1 --cookie "b=2" http://a', { headers: [header('Cookie', 'a=1; b=2')] }],
  ['curl http://a/x;', { url: 'http://a/x' }],
  ["curl http://a/x -d 'b;' ; ", { url: 'http://a/x', body: 'b;', headers: [header('Content-Type', 'application/x-www-form-urlencoded')] }],
  ['curl http://a/x?b=1;c=2', { url: 'http://a/x?b=1;c=2' }],
  ['curl -u me http://a', { headers: [header('Authorization', 'Basic bWU6')] }],
  ['curl --oauth2-bearer abc -r 0-9 http://a', { headers: [header('Authorization', 'Bearer abc'), header('Range', 'bytes=0-9')] }],
  ['curl --url-query "a=b c" http://a#top', { url: 'http://a?a=b+c#top' }],
  ['curl --limit 1M http://a/x', { url: 'http://a/x' }, ['--limit', '1M']],
  ['curl http://a -d @-', { method: 'POST', body: '' }, ['--data @-, the input of curl']],
  ['curl http://a --data-urlencode name@file -d b=1', { method: 'POST', body: 'b=1' }, ['--data-urlencode name@file, a file']],
  ['curl http://a -F "file=@x.png"', { method: 'POST', body: '' }, ['--form file=@x.png']],
  ['curl -T x.bin http://a', { method: 'PUT', body: '' }, ['--upload-file x.bin, a file']],
  [`curl http://a --json @- <<'EOF'\n{\n  "it's": "$HOME"\n}\nEOF`, { method: 'POST', url: 'http://a', body: `{\n  "it's": "$HOME"\n}\n` }],
  ['curl -d @- http://a <<EOF -H "A: b"\na=1\nb=2\nEOF\n', { method: 'POST', body: 'a=1b=2' }],
  [`curl --json @- http://a <<< '{"a":1}'`, { method: 'POST', url: 'http://a', body: '{"a":1}\n' }],
  [`curl --data-raw $'{"a":"it\\'s \\u00e9\\n"}' 'http://a'`, { method: 'POST', body: '{"a":"it\'s é\n"}' }],
])('%s is read', ([line, expected, ignored = []]) => {
  const read = readCurl(line)
  expect(read.draft).toMatchObject(expected)
  expect(read.ignored).toEqual(ignored)
})

describe('a line of the Windows prompt', () => {
  test.for<[line: string, expected: Partial<RequestDraft>]>([
    [
      'curl "http://a/x?y=1" ^\r\n  -H "Accept: */*" ^\r\n  --data-raw "{\\"a\\":\\"b c\\"}"',
      { method: 'POST', url: 'http://a/x?y=1', body: '{"a":"b c"}' },
    ],
    [
      'curl ^"http://a/x?y=1^&z=^%^20^" ^\r\n  -H ^"Accept: */*^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b^\\\\^\\^"^\r\n\r\nc^\\^"^}^"',
      {
        method: 'POST',
        url: 'http://a/x?y=1&z=%20',
        headers: [header('Accept', '*/*'), header('Content-Type', 'application/x-www-form-urlencoded')],
        body: '{"a":"b\\"\nc"}',
      },
    ],
    ['curl.exe http://a ^\n -G ^\n -d a=1', { method: 'GET', url: 'http://a?a=1' }],
  ])('%s is read', ([line, expected]) => {
    const { draft: read, ignored } = readCurl(line)
    expect(ignored).toEqual([])
    expect(read).toMatchObject({ ...expected, headers: expected.headers ?? read.headers })
  })
})

test('what curl makes of its own data is what is read', async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('ok', { fields: { Connection: 'close' } }))
  onTestFinished(() => upstream.close())
  const lines = [
    `curl -u me:pw -G --data-urlencode "q=a b&c'(!)" --data-urlencode "=x y" -d z=1 ${upstream.url}/x?k=v`,
    `curl --json '{"a":' --json '1}' --url-query "p=ö" ${upstream.url}/y`,
    `curl ${upstream.url}/z --data-binary @- --data-urlencode more@- <<'EOF'\n{"a": 1}\n  two\nEOF`,
    `curl ${upstream.url}/z --data-urlencode more@- <<'EOF'\nö & 1\nEOF`,
    `curl ${upstream.url}/z -d @- <<< "a b"`,
  ]
  for (const line of lines) {
    const { draft: read } = readCurl(line)
    const run = promisify(execFile)('/bin/bash', ['-c', line.replace('curl', 'curl -s --max-time 10')])
    const exchange = await upstream.next()
    const target = requestOf(read).url.slice(upstream.url.length)
    // Its versions differ in the case of what they encode.
    expect([exchange.method, exchange.target.toLowerCase()]).toEqual([read.method, target.toLowerCase()])
    for (const { name, value } of read.headers) expect(exchange.header(name)).toBe(value)
    expect([line, (await exchange.body()).toString()]).toEqual([line, read.body])
    await run
  }
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

test('a copy without secrets names them and says what they were of, in every form', () => {
  const secret = 'sk-very-secret-0123456789'
  const one = draft({
    url: `/x?api_key=${secret}&q=1`,
    headers: [header('Authorization', `Bearer ${secret}`), header('x-api-key', secret), header('Accept', 'text/event-stream')],
  })
  const { draft: redacted, secrets } = redactedDraft(one)
  expect(secrets).toEqual(['Authorization', 'x-api-key', 'a part of the URL'])
  for (const form of ['curl', 'fetch'] as const) {
    expect(copiedAs(form, one, base)).toMatchObject({ code: expect.stringContaining(secret) as string })
    const made = copiedAs(form, redacted, base)
    expect('code' in made && made.code).not.toContain('sk-very-secret')
    expect('code' in made && made.code).toContain('text/event-stream')
  }
  expect(copiedAs('EventSource', redactedDraft(draft({ url: `/x?api_key=${secret}` })).draft, base)).toEqual({
    code: `new EventSource("${base}/x?api_key=[redacted]6789")`,
  })
})
