// Issue 3 §5: what a route's rules do to the fields of requests and responses, over both HTTP versions on both sides.
import type { ServerHttp2Stream } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { request } from '../support/client.ts'
import { startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { Http2Exchange, openHttp2, startTlsGateway } from './support/http2-client.ts'
import { startHttp2Upstream } from './support/http2-upstream.ts'

type Fields = [name: string, value: string][]

const rules: NonNullable<RouteInput['headers']> = {
  request: {
    set: { 'X-Key': 'injected', Authorization: 'Bearer of-the-route' },
    add: { 'X-List': 'three' },
    remove: ['User-Agent', 'x-real-ip', 'x-absent'],
  },
  response: { set: { Server: 'of-the-route', 'X-New': 'new' }, add: { 'Set-Cookie': 'c=3' }, remove: ['x-powered-by'] },
}
/** Rules that would break the message apart: none of them may have any effect. */
const framing = {
  'Content-Length': '1',
  'Transfer-Encoding': 'gzip',
  Connection: 'X-Kept',
  Upgrade: 'h2c',
  TE: 'gzip',
  Trailer: 'X',
  Via: '1.1 nobody',
}
const hostile: NonNullable<RouteInput['headers']> = {
  request: { set: framing, add: { ...framing, Host: 'second.example' }, remove: ['Content-Length', 'Host', 'Via', 'Transfer-Encoding'] },
  response: { set: framing, add: framing, remove: ['Content-Length', 'Via', 'Transfer-Encoding'] },
}
const asked: Fields = [
  ['User-Agent', 'test'],
  ['X-Key', 'of-the-client'],
  ['X-List', 'one'],
  ['X-Kept', 'kept'],
  ['Content-Length', '4'],
]
const answered: Fields = [
  ['Server', 'of-the-upstream'],
  ['X-Powered-By', 'test'],
  ['Set-Cookie', 'a=1'],
  ['X-Kept', 'kept'],
  ['Content-Length', '6'],
]

/** What came at the upstream, and at the client: fields by name in lower case. */
interface Passed {
  readonly sent: Fields
  readonly body: string
  readonly received: Fields
  readonly text: string
}

/** An upstream of one HTTP version, which answers the next request and tells what came. */
interface Far {
  readonly upstream: RouteInput['upstream']
  readonly answer: () => Promise<Pick<Passed, 'sent' | 'body'>>
}

async function farHttp1(): Promise<Far> {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const answer = async () => {
    const exchange = await upstream.next()
    const body = (await exchange.body()).toString()
    await exchange.head({ fields: answered })
    await exchange.write('answer')
    return { sent: inLowerCase(exchange.fields.flat()), body }
  }
  return { upstream: { url: upstream.url }, answer }
}

async function farHttp2(): Promise<Far> {
  const { upstream, streams, fieldsOf } = await startHttp2Upstream()
  const answer = async () => {
    const [stream] = (await streams('/', 1)) as [ServerHttp2Stream]
    const body = (await buffer(stream)).toString()
    stream.respond({ ':status': 200, ...Object.fromEntries(answered) })
    stream.end('answer')
    return { sent: inLowerCase(fieldsOf(stream)), body }
  }
  return { upstream, answer }
}

/** One POST from a client of that HTTP version to an upstream of that one. */
async function pass(client: '1.1' | '2', upstream: '1.1' | '2', headers: NonNullable<RouteInput['headers']>): Promise<Passed> {
  const far = upstream === '2' ? await farHttp2() : await farHttp1()
  const routes = [{ id: 'all', match: { path: '/*' }, upstream: far.upstream, headers }]
  if (client === '1.1') {
    const gateway = await startGateway({ routes })
    onTestFinished(() => gateway.close())
    const responding = request(gateway.url, { method: 'POST', fields: asked, body: 'body' })
    const arrived = await far.answer()
    const response = await responding
    return { ...arrived, received: inLowerCase(response.fields.flat()), text: (await response.readAll()).toString() }
  }
  const tls = await startTlsGateway({ routes })
  const session = await openHttp2(tls.url, tls.ca)
  const exchange = new Http2Exchange(session, { ':method': 'POST', ':path': '/', ...Object.fromEntries(asked) }, { isOpen: true })
  exchange.stream.end('body')
  const arrived = await far.answer()
  await exchange.closed()
  return { ...arrived, received: inLowerCase(exchange.rawHead), text: exchange.body.toString() }
}

function inLowerCase(list: readonly string[]): Fields {
  return list.flatMap((name, index): Fields => (index % 2 === 0 ? [[name.toLowerCase(), list[index + 1] ?? '']] : []))
}

function valuesOf(fields: Fields, ...names: string[]): Record<string, string[]> {
  const valuesOfOne = (wanted: string) => fields.filter(([name]) => name === wanted).map(([, value]) => value)
  return Object.fromEntries(names.map((name) => [name, valuesOfOne(name)]))
}

const ways = [
  ['1.1', '1.1'],
  ['2', '1.1'],
  ['1.1', '2'],
  ['2', '2'],
] as const

test.for(ways)('rules remove, set and add fields both ways (client HTTP/%s, upstream HTTP/%s)', async ([client, upstream]) => {
  const { sent, body, received, text } = await pass(client, upstream, rules)
  expect([body, text]).toEqual(['body', 'answer'])
  const requested = valuesOf(sent, 'x-key', 'authorization', 'x-list', 'user-agent', 'x-real-ip', 'x-kept')
  // HTTP/2 may put a repeated field in one line (RFC 9110 §5.3).
  expect({ ...requested, 'x-list': (requested['x-list'] ?? []).join(', ') }).toEqual({
    'x-key': ['injected'],
    authorization: ['Bearer of-the-route'],
    'x-list': 'one, three',
    'user-agent': [],
    'x-real-ip': [],
    'x-kept': ['kept'],
  })
  expect(valuesOf(received, 'server', 'x-powered-by', 'set-cookie', 'x-new', 'x-kept')).toEqual({
    server: ['of-the-route'],
    'x-powered-by': [],
    'set-cookie': ['a=1', 'c=3'],
    'x-new': ['new'],
    'x-kept': ['kept'],
  })
})

test.for(ways)(
  'no rule reaches framing, hop-by-hop fields, Via or a second Host (client HTTP/%s, upstream HTTP/%s)',
  async ([client, upstream]) => {
    const { sent, body, received, text } = await pass(client, upstream, hostile)
    expect([body, text]).toEqual(['body', 'answer'])
    const names = ['content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'x-kept']
    const untouched = { 'transfer-encoding': [], upgrade: [], te: [], trailer: [], 'x-kept': ['kept'] }
    expect(valuesOf(sent, ...names)).toEqual({ ...untouched, 'content-length': ['4'] })
    expect(valuesOf(received, ...names)).toEqual({ ...untouched, 'content-length': ['6'] })
    const hosts = valuesOf(sent, 'host', ':authority')
    expect([...(hosts['host'] ?? []), ...(hosts[':authority'] ?? [])]).toEqual([expect.stringMatching(/^(127\.0\.0\.1|localhost):\d+$/)])
    expect(valuesOf(sent, 'via')).toEqual({ via: [expect.stringMatching(/^(1\.1|2\.0) sluice-[0-9a-f]+$/)] })
    // RFC 9110 §7.6.3: the version by which the message was received.
    expect(valuesOf(received, 'via')).toEqual({
      via: [expect.stringMatching(upstream === '2' ? /^2\.0 sluice-[0-9a-f]+$/ : /^1\.1 sluice-[0-9a-f]+$/)],
    })
    expect(valuesOf(sent, 'via')['via']?.join()).toMatch(client === '2' ? /^2\.0 / : /^1\.1 /)
    for (const fields of [sent, received]) expect(valuesOf(fields, 'connection')['connection']?.join()).not.toContain('X-Kept')
  },
)
