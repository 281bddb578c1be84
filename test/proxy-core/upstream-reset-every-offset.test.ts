// QUALITY F1: upstream reset at any offset of an event: the client has the exact prefix, then a connection error ≤ 100 ms, no last chunk;
// the record says so.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { cpuWaitMs } from './support/measure.ts'

const barMs = 100
const first = 'id: 1\ndata: whole\n\n'
const second = 'event: tick\nid: 2\ndata: {"text":"caf\u00e9"}\n\n'
const offsets = Array.from({ length: Buffer.byteLength(second) + 1 }, (_, offset) => offset)

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream()
  const route = (id: 'off' | 'on') => ({
    id,
    match: { path: `/${id}/*` },
    upstream: upstream.url,
    buffering: { response: id, holdBytes: null },
  })
  gateway = await startGateway({ routes: [route('off'), route('on')] })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

test.for([
  ['is handed on', 'off', 'chunked'],
  ['is held', 'on', 'chunked'],
  ['is handed on, its length told beforehand', 'off', 'length'],
  ['is held, its length told beforehand', 'on', 'length'],
  ['is handed on, to end with the connection', 'off', 'close'],
  ['is held, to end with the connection', 'on', 'close'],
] as const)(
  'whatever the offset of an event at which the upstream resets a stream that %s, the client sees the cut',
  async ([, route, framing]) => {
    const streams: Opened[] = []
    for (const offset of offsets) streams.push(await open(offset, route, framing))
    feed.look(await Promise.all(streams.map(async ({ target }) => (await feed.exchange((one) => one.target === target)).id)))
    await Promise.all(streams.map((stream) => cut(stream, route)))
  },
)

interface Opened {
  readonly target: string
  readonly exchange: UpstreamExchange
  readonly response: ClientResponse
  readonly prefix: Buffer
  readonly events: number
}

/** Opens a stream and sends an event and a part of the next. */
async function open(offset: number, route: 'off' | 'on', framing: 'chunked' | 'length' | 'close'): Promise<Opened> {
  const target = `/${route}/${framing}-${offset}`
  const responding = request(`${gateway.url}${target}`)
  const exchange = await upstream.next()
  const prefix = Buffer.concat([Buffer.from(first), Buffer.from(second).subarray(0, offset)])
  if (framing === 'chunked') {
    await exchange.eventStream()
    await exchange.chunk(first)
    // The size of the chunk promises the whole event.
    await exchange.write(`${Buffer.byteLength(second).toString(16)}\r\n`)
    await exchange.write(prefix.subarray(first.length))
  } else {
    const end = framing === 'length' ? { 'Content-Length': '1000' } : { Connection: 'close' }
    await exchange.head({ fields: { 'Content-Type': 'text/event-stream', ...end } })
    await exchange.write(prefix)
  }
  return { target, exchange, response: await responding, prefix, events: offset === offsets.length - 1 ? 2 : 1 }
}

/** Resets a stream at its upstream and checks what the client and the record say. */
async function cut({ target, exchange, response, prefix, events }: Opened, route: 'off' | 'on'): Promise<void> {
  // All of it has reached the gateway, or the reset could overtake it.
  await recordOf(target, (one) => one.arrivedBytes === prefix.length)
  if (route === 'on') expect(response.byteCount).toBe(0)
  else await response.waitForBytes(prefix.length)

  const waitedMs = cpuWaitMs()
  const resetAt = epochMs()
  exchange.reset()
  const closed = await response.client.closed()
  expect(closed.at - resetAt - (cpuWaitMs() - waitedMs)).toBeLessThanOrEqual(barMs)
  await response.readAll()
  expect(response.isDestroyedEarly).toBe(true)
  expect(response.bytes.equals(prefix)).toBe(true)
  expect(response.rawBytes.includes('\r\n0\r\n')).toBe(false)

  expect(await recordOf(target, (one) => one.state !== 'open')).toMatchObject({
    state: 'failed',
    error: { code: 'upstream-reset' },
    arrivedBytes: prefix.length,
    leftBytes: prefix.length,
    heldBytes: 0,
    events,
  })
}

function recordOf(target: string, predicate: (exchange: Exchange) => boolean): Promise<Exchange> {
  return feed.exchange((one) => one.target === target && predicate(one), `the record of ${target}`)
}
