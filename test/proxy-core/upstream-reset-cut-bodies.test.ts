// QUALITY F1: a body that the upstream cuts, by a reset or by other means, never ends cleanly, whatever its framing.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let gateway: TestGateway
let serial = 0
beforeAll(async () => {
  upstream = await startUpstream()
  const route = (id: string, response: 'off' | 'on', holdHead: boolean) => ({
    id,
    match: { path: `/${id}` },
    upstream: upstream.url,
    buffering: { response, holdBytes: null, holdHead },
  })
  gateway = await startGateway({ routes: [route('off', 'off', false), route('on', 'on', false), route('head-too', 'on', true)] })
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

const body = 'data: one\n\ndata: tw'

/** What the upstream sends besides the body, and how it ends the connection. */
const cuts = [
  ['chunks without a last one, and the end of the connection', { rest: '', end: 'cut' }],
  ['chunks without a last one, and a reset', { rest: '', end: 'reset' }],
  ['a chunk that is shorter than its size', { rest: 'ff\r\nshort', end: 'cut' }],
  ['a last chunk without its line end', { rest: '0\r\n', end: 'cut' }],
  ['a Content-Length that is cut short', { rest: null, end: 'cut' }],
  ['a Content-Length that is reset', { rest: null, end: 'reset' }],
] as const

const cases = cuts.flatMap(([what, cut]) =>
  ['off', 'on', 'head-too'].flatMap((route) => ['keep-alive', 'close'].map((connection) => [what, route, connection, cut] as const)),
)

test.for(cases)('%s: the client has all that came, then a cut (hold %s, Connection: %s)', async ([, route, connection, { rest, end }]) => {
  const feed = await gateway.feed()
  const target = `/${route}?${++serial}`
  const responding = request(`${gateway.url}${target}`)
  const exchange = await upstream.next()
  if (rest === null) {
    await exchange.head({ fields: { 'Content-Length': '100', Connection: connection } })
    await exchange.write(body)
  } else {
    await exchange.chunked({ fields: { 'Content-Type': 'text/event-stream', Connection: connection } })
    await exchange.chunk(body)
    await exchange.write(rest)
  }
  const { id } = await feed.exchange((one) => one.target === target)
  feed.look([id])
  // A reset may overtake what was sent before it.
  await feed.exchange((one) => one.id === id && one.arrivedBytes >= body.length, 'the arrival of the body')
  exchange[end]()

  const response = await responding
  expect((await response.readAll()).toString()).toMatch(/^data: one\n\ndata: tw(short)?$/)
  expect(response.isDestroyedEarly).toBe(true)
  expect(response.rawBytes.toString()).not.toMatch(/\r\n0\r\n/)
  const record = await feed.exchange((one) => one.id === id && one.state !== 'open')
  expect(record).toMatchObject({ state: 'failed', error: { code: 'upstream-reset' }, leftBytes: response.byteCount })
  feed.close()
})
