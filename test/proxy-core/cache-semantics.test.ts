// QUALITY H6: HTTP caching semantics pass through. Each exchange is made direct and through the gateway, and differs in nothing but the
// stated fields: `Via` both ways, the forwarding fields of the request, and a `Date` where the upstream sent none.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole, type ClientRequest } from '../support/client.ts'
import type { Field } from '../support/http-reader.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

interface Case {
  readonly rule: string
  readonly name: string
  readonly method?: string
  readonly asks?: readonly Field[]
  readonly status?: number
  readonly answers?: readonly Field[]
  readonly body?: string
}

const date = 'Wed, 25 Nov 2026 10:00:00 GMT'
const earlier = 'Tue, 24 Nov 2026 10:00:00 GMT'

const cases: readonly Case[] = [
  // What says how fresh a response is.
  ...[
    'no-store',
    'no-cache',
    'no-cache="Set-Cookie"',
    'private',
    'private="X-User"',
    'public, max-age=60',
    'max-age=0, must-revalidate',
    's-maxage=10, proxy-revalidate',
    'no-transform',
    'must-understand, no-store',
    'immutable, max-age=31536000',
    'stale-while-revalidate=30, stale-if-error=60',
    'max-age=99999999999999999999',
    'max-age=-1',
    'MAX-AGE="60"',
    ' , ,community="UCI"',
  ].map((value) => ({ rule: 'RFC 9111 §5.2.2', name: `Cache-Control: ${value}`, answers: [['Cache-Control', value.trim()] as const] })),
  {
    rule: 'RFC 9111 §5.2',
    name: 'Cache-Control on two lines',
    answers: [
      ['Cache-Control', 'no-cache'],
      ['cache-control', 'max-age=5'],
    ],
  },
  { rule: 'RFC 9111 §5.1', name: 'Age is neither added nor changed', answers: [['Age', '30']] },
  { rule: 'RFC 9111 §5.1', name: 'an Age that is no number', answers: [['Age', 'old']] },
  { rule: 'RFC 9111 §5.3', name: 'Expires', answers: [['Expires', date]] },
  { rule: 'RFC 9111 §5.3', name: 'an Expires that is no date', answers: [['Expires', '0']] },
  { rule: 'RFC 9111 §5.4', name: 'Pragma both ways', asks: [['Pragma', 'no-cache']], answers: [['Pragma', 'no-cache']] },
  { rule: 'RFC 9111 §5.5', name: 'Warning', answers: [['Warning', '110 cache "Response is stale"']] },
  { rule: 'RFC 9110 §6.6.1', name: 'Date', answers: [['Date', date]] },
  { rule: 'RFC 9110 §6.6.1', name: 'no Date: the time of receipt is put in, as a recipient with a clock must' },
  {
    rule: 'RFC 9213 §2.2',
    name: 'CDN-Cache-Control and Surrogate-Control',
    answers: [
      ['CDN-Cache-Control', 'max-age=600'],
      ['Surrogate-Control', 'max-age=9'],
    ],
  },
  { rule: 'RFC 9211 §2', name: 'Cache-Status', answers: [['Cache-Status', 'other; hit; ttl=30']] },
  // Validators.
  { rule: 'RFC 9110 §8.8.3', name: 'a strong ETag', answers: [['ETag', '"a,b"']] },
  { rule: 'RFC 9110 §8.8.3', name: 'a weak ETag', answers: [['ETag', 'W/"1"']] },
  { rule: 'RFC 9110 §8.8.3', name: 'an ETag of bytes beyond ASCII', answers: [['ETag', '"\xe9\xff"']] },
  { rule: 'RFC 9110 §8.8.2', name: 'Last-Modified', answers: [['Last-Modified', earlier]] },
  { rule: 'RFC 9110 §12.5.5', name: 'Vary', answers: [['Vary', 'Accept-Encoding, Cookie']] },
  { rule: 'RFC 9110 §12.5.5', name: 'Vary: *', answers: [['Vary', '*']] },
  {
    rule: 'RFC 9110 §8.4',
    name: 'a coding is neither undone nor added',
    asks: [['Accept-Encoding', 'gzip, br']],
    answers: [['Content-Encoding', 'gzip']],
    body: '\x1f\x8bnot really',
  },
  { rule: 'RFC 9110 §12.5.3', name: 'no Accept-Encoding: none is sent' },
  // Conditional requests.
  {
    rule: 'RFC 9110 §13.1.2',
    name: 'If-None-Match, 304',
    asks: [['If-None-Match', 'W/"1", "2"']],
    status: 304,
    answers: [
      ['ETag', '"2"'],
      ['Cache-Control', 'max-age=9'],
      ['Expires', date],
      ['Vary', 'Accept'],
    ],
  },
  {
    rule: 'RFC 9110 §15.4.5',
    name: 'a 304 with the length of what it stands for',
    asks: [['If-None-Match', '*']],
    status: 304,
    answers: [
      ['Content-Length', '1234'],
      ['ETag', '"1"'],
    ],
  },
  {
    rule: 'RFC 9110 §13.1.3',
    name: 'If-Modified-Since, 304',
    asks: [['If-Modified-Since', earlier]],
    status: 304,
    answers: [['Last-Modified', earlier]],
  },
  {
    rule: 'RFC 9110 §13.1.1',
    name: 'If-Match, 412',
    method: 'PUT',
    asks: [
      ['If-Match', '"1"'],
      ['Content-Length', '0'],
    ],
    status: 412,
  },
  { rule: 'RFC 9110 §13.1.4', name: 'If-Unmodified-Since, 412', method: 'DELETE', asks: [['If-Unmodified-Since', earlier]], status: 412 },
  // Parts.
  {
    rule: 'RFC 9110 §14.2',
    name: 'Range, 206',
    asks: [['Range', 'bytes=0-3']],
    status: 206,
    answers: [
      ['Content-Range', 'bytes 0-3/10'],
      ['Accept-Ranges', 'bytes'],
    ],
    body: 'part',
  },
  {
    rule: 'RFC 9110 §13.1.5',
    name: 'If-Range',
    asks: [
      ['Range', 'bytes=1-'],
      ['If-Range', '"1"'],
    ],
    status: 200,
    answers: [['ETag', '"2"']],
    body: 'whole',
  },
  {
    rule: 'RFC 9110 §14.6',
    name: 'several parts',
    asks: [['Range', 'bytes=0-0,-1']],
    status: 206,
    answers: [['Content-Type', 'multipart/byteranges; boundary=THIS']],
    body: '--THIS\r\n\r\na\r\n--THIS--\r\n',
  },
  { rule: 'RFC 9110 §15.5.17', name: '416', asks: [['Range', 'bytes=99-']], status: 416, answers: [['Content-Range', 'bytes */10']] },
  // What a client asks of caches.
  ...['no-cache', 'no-store', 'max-age=0', 'max-stale=60', 'min-fresh=5', 'only-if-cached', 'no-transform'].map((value) => ({
    rule: 'RFC 9111 §5.2.1',
    name: `Cache-Control: ${value} in a request, which is always sent on`,
    asks: [['Cache-Control', value] as const],
  })),
  // Statuses that caches know.
  ...[203, 204, 300, 301, 307, 308, 404, 405, 410, 414, 501, 503, 504].map((status) => ({
    rule: 'RFC 9110 §15.1',
    name: `status ${String(status)} with an explicit freshness`,
    status,
    answers: [
      ['Cache-Control', 'max-age=3600'],
      ['Location', '/other'],
      ['Retry-After', '120'],
    ] as const,
  })),
  {
    rule: 'RFC 9111 §4.3.5',
    name: 'HEAD updates what is stored',
    method: 'HEAD',
    answers: [
      ['ETag', '"3"'],
      ['Content-Length', '7'],
    ],
  },
  {
    rule: 'RFC 9111 §4.4',
    name: 'an unsafe method invalidates',
    method: 'POST',
    asks: [['Content-Length', '0']],
    status: 201,
    answers: [
      ['Location', '/new'],
      ['Content-Location', '/new'],
    ],
  },
  {
    rule: 'RFC 9111 §3.5',
    name: 'Authorization is sent on',
    asks: [['Authorization', 'Bearer key']],
    answers: [['Cache-Control', 'public']],
  },
  {
    rule: 'RFC 9111 §7.3',
    name: 'Set-Cookie on several lines',
    answers: [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2; Path=/'],
    ],
  },
]

let upstream: Upstream
let gateway: TestGateway
beforeAll(async () => {
  upstream = await startUpstream(serve)
  gateway = await startGateway({ routes: [routeTo(upstream.url)] })
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

test.for(cases.map((one, index) => [`${one.rule}: ${one.name}`, one, index] as const))('%s', async ([, one, index]) => {
  const init: ClientRequest = { method: one.method ?? 'GET', host: 'localhost', fields: one.asks ?? [] }
  const direct = await ask(upstream.url, init, index)
  const through = await ask(gateway.url, init, index)
  expect(through.response).toEqual({ ...direct.response, via: [expect.stringMatching(/^1\.1 sluice-/)] })
  expect(through.request).toEqual({
    ...direct.request,
    forwarding: expect.arrayContaining(['via', 'x-forwarded-for', 'x-real-ip']) as string[],
  })
})

async function ask(url: string, init: ClientRequest, index: number) {
  const response = await fetchWhole(`${url}/case/${String(index)}`, init)
  const asked = upstream.exchanges.at(-1)
  const { rest, via } = withoutStated(response.fields, responseAdds)
  const isDated = cases[index]?.answers?.some(([name]) => name === 'Date') === true
  if (!isDated && url === gateway.url) expect(Math.abs(Date.parse(response.header('date') ?? '') - Date.now())).toBeLessThan(10_000)
  const sent = withoutStated(asked?.fields ?? [], requestAdds)
  return {
    response: {
      status: response.status,
      reason: response.reason,
      fields: isDated ? rest : rest.filter(([name]) => name !== 'Date'),
      via: via.map(([, value]) => value),
      body: response.bytes.toString('latin1'),
    },
    request: {
      method: asked?.method,
      target: asked?.target,
      fields: sent.rest.map(([name, value]) => (/^host$/i.test(name) ? ['Host', value] : [name, value])),
      forwarding: sent.via.map(([name]) => name.toLowerCase()),
    },
  }
}

const responseAdds: ReadonlySet<string> = new Set(['via'])
const requestAdds: ReadonlySet<string> = new Set([
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
])
// What is about the connection alone (RFC 9110 §7.6.1), and may be different on each.
const ofTheHop: ReadonlySet<string> = new Set(['connection', 'keep-alive'])

function withoutStated(fields: readonly Field[], stated: ReadonlySet<string>) {
  const rest = fields.filter(([name]) => !stated.has(name.toLowerCase()) && !ofTheHop.has(name.toLowerCase()))
  return { rest, via: fields.filter(([name]) => stated.has(name.toLowerCase())) }
}

async function serve(exchange: UpstreamExchange): Promise<void> {
  const one = cases[Number(exchange.target.split('/')[2])] as Case
  const { status = 200, answers = [], body = 'body' } = one
  const hasNoBody = one.method === 'HEAD' || status === 204 || status === 304
  const reason = 'As It Is'
  if (hasNoBody) await exchange.write(Buffer.from(head(status, reason, answers), 'latin1'))
  else await exchange.write(Buffer.from(head(status, reason, [...answers, ['Content-Length', String(body.length)]]) + body, 'latin1'))
}

function head(status: number, reason: string, fields: readonly Field[]): string {
  return `HTTP/1.1 ${String(status)} ${reason}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}
