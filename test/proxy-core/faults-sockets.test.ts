// Issue 4 §10: a route's faults on purpose, seen by a client on a socket and by whoever looks at the exchange.
import { randomBytes } from 'node:crypto'
import { EventSource } from 'eventsource'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultRoomBytes } from '../../proxy-core/contract/faults.ts'
import { Route, type RouteInput } from '../../proxy-core/contract/route.ts'
import { request } from '../support/client.ts'
import type { FeedReader } from '../support/feed-view.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader

function faulty(id: string, faults: RouteInput['faults']): RouteInput {
  return { id, match: { path: `/${id}` }, upstream: upstream.url, faults: { enabled: true, ...faults } }
}

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGateway({
    routes: [
      faulty('off', { enabled: false, delayMs: 60_000, cutAfterBytes: 1, status: 503 }),
      faulty('late', { delayMs: 300 }),
      faulty('full', { delayMs: 700 }),
      faulty('split', { splitBytes: 3 }),
      faulty('merge', { mergeBytes: 10 }),
      faulty('cut', { cutAfterEvents: 2 }),
      faulty('cut-bytes', { cutAfterBytes: 5 }),
      faulty('late-cut', { delayMs: 200, cutAfterBytes: 5 }),
      faulty('stall', { stallAfterEvents: 1 }),
      faulty('later', { enabled: false, cutAfterEvents: 1 }),
      faulty('large', { delayMs: 20, jitterMs: 20, mergeBytes: 100_000, splitBytes: 40_000 }),
      faulty('busy', { status: 503 }),
      faulty('nothing', { status: 204 }),
      faulty('reconnects', { cutAfterEvents: 2 }),
    ],
  })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

/** Opens an event stream through a route: the client's response, and the upstream's hand on it. */
async function open(route: string) {
  const asked = request(`${gateway.url}/${route}`)
  const exchange = await arrival(route, 0)
  await exchange.eventStream()
  return { response: await asked, exchange, record: () => feed.exchange((one) => one.target === `/${route}`) }
}

async function arrival(route: string, index: number): Promise<UpstreamExchange> {
  const find = () => upstream.exchanges.filter((one) => one.target === `/${route}`)[index]
  await expect.poll(find, { interval: 2, timeout: 10_000 }).toBeDefined()
  return find() as UpstreamExchange
}

test('faults that are not enabled do nothing', async () => {
  const { response, exchange, record } = await open('off')
  await exchange.chunk('data: a\n\n')
  await exchange.endChunks()
  expect((await response.readAll()).toString()).toBe('data: a\n\n')
  expect((await record()).verdict.type).not.toBe('fault')
})

test('a delay makes each piece late, with its time of arrival kept', async () => {
  const { response, exchange, record } = await open('late')
  const sentAt = performance.now()
  await exchange.chunk('data: a\n\n')
  await exchange.endChunks()
  expect((await response.readAll()).toString()).toBe('data: a\n\n')
  expect(performance.now() - sentAt).toBeGreaterThan(295)
  const { id } = await record()
  const { state, verdict } = await feed.exchange((one) => one.id === id && one.state !== 'open')
  expect([state, verdict]).toEqual(['complete', { type: 'fault', faults: [{ type: 'delayed', delayMs: 300, jitterMs: 0 }], causes: [] }])
  const row = await gateway.command('exchange.row', { id, index: 0 })
  expect((row.leftAt ?? 0) - row.arrivedAt).toBeGreaterThan(295)
})

test('what a delay keeps back is told apart from what is held, and limits the pace of a fast stream', async () => {
  const { response, exchange, record } = await open('full')
  const event = `data: ${'x'.repeat(100_000)}\n\n`
  const sent = exchange.chunk(event.repeat(8))
  const full = await feed.exchange((one) => one.target === '/full' && (one.faultBytes ?? 0) > faultRoomBytes)
  expect(full).toMatchObject({ heldBytes: 0, oldestHeldAt: null, leftBytes: 0, verdict: { type: 'fault' } })
  await sent
  await exchange.endChunks()
  expect((await response.readAll(20_000)).toString()).toBe(event.repeat(8))
  const { id } = await record()
  const ended = await feed.exchange((one) => one.id === id && one.state !== 'open')
  expect(ended).toMatchObject({ state: 'complete', faultBytes: 0, heldBytes: 0 })
  expect(ended.verdict).toMatchObject({
    type: 'fault',
    faults: [
      { type: 'delayed', delayMs: 700 },
      { type: 'filled', roomBytes: faultRoomBytes },
    ],
  })
  // More than one room of bytes, one room a delay.
  expect((ended.endedAt ?? 0) - (ended.respondedAt ?? 0)).toBeGreaterThan(2 * 700)
})

test('a split makes pieces of the size that is asked for', async () => {
  const { response, exchange } = await open('split')
  await exchange.chunk('data: hello\n\n')
  await exchange.endChunks()
  await response.readAll()
  expect(response.pieces.map(({ bytes }) => bytes.toString())).toEqual(['dat', 'a: ', 'hel', 'lo\n', '\n'])
})

test('a merge hands bytes on when enough are together, and the rest at the end', async () => {
  const { response, exchange, record } = await open('merge')
  await exchange.chunk('data: ')
  await feed.exchange((one) => one.target === '/merge' && one.arrivedBytes === 6)
  await exchange.chunk('abcdef')
  await response.waitForBytes(12)
  await exchange.chunk('\n\n')
  await feed.exchange((one) => one.target === '/merge' && one.arrivedBytes === 14)
  expect(response.byteCount).toBe(12)
  await exchange.endChunks()
  await response.readAll()
  expect(response.pieces.map(({ bytes }) => bytes.toString())).toEqual(['data: abcdef', '\n\n'])
  expect((await record()).verdict).toMatchObject({ type: 'fault', faults: [{ type: 'merged', bytes: 10 }] })
})

test.each([
  ['cut', 'data: a\n\n: beat\n\ndata: b\n\n', 'after 2 events'],
  ['cut-bytes', 'data:', 'after 5 bytes'],
])('a cut destroys the connection behind an exact start of the body (%s)', async (route, expected, words) => {
  const { response, exchange } = await open(route)
  await exchange.chunk('data: a\n\n: beat\n\ndata: b\n\ndata: c\n\n')
  await response.readAll()
  expect([response.text, response.isDestroyedEarly]).toEqual([expected, true])
  const ended = await feed.exchange((one) => one.target === `/${route}` && one.state !== 'open')
  expect(ended).toMatchObject({ state: 'failed', error: { code: 'fault-on-purpose' }, verdict: { type: 'fault' } })
  expect(ended.error?.message).toContain(words)
  await expect.poll(() => exchange.socket.destroyed, { timeout: 10_000 }).toBe(true)
})

test('a cut is a cut also where the upstream has long ended', async () => {
  const { response, exchange } = await open('late-cut')
  await exchange.chunk('data: a\n\n')
  await exchange.endChunks()
  await response.readAll()
  expect([response.text, response.isDestroyedEarly]).toEqual(['data:', true])
})

test('a stall holds all that follows, the end too, until faults are switched off', async () => {
  const { response, exchange } = await open('stall')
  await exchange.chunk('data: a\n\ndata: b\n\n')
  await exchange.endChunks()
  await response.waitForText('data: a\n\n')
  const stalled = await feed.exchange((one) => one.target === '/stall' && one.verdict.type === 'fault')
  expect([stalled.state, stalled.leftRows, stalled.rows, response.text]).toEqual(['open', 1, 2, 'data: a\n\n'])
  await gateway.command('route.faults', { id: Route.shape.id.parse('stall'), enabled: false })
  expect((await response.readAll()).toString()).toBe('data: a\n\ndata: b\n\n')
  expect((await feed.exchange((one) => one.id === stalled.id && one.state !== 'open')).state).toBe('complete')
})

test('faults that are switched on reach an open stream, and count from then on', async () => {
  const { response, exchange } = await open('later')
  await exchange.chunk('data: a\n\ndata: b\n\n')
  await response.waitForText('data: b\n\n')
  await gateway.command('route.faults', { id: Route.shape.id.parse('later'), enabled: true })
  await exchange.chunk('data: c\n\ndata: d\n\n')
  await response.readAll()
  expect([response.text, response.isDestroyedEarly]).toEqual(['data: a\n\ndata: b\n\ndata: c\n\n', true])
})

test('a body larger than a fault may keep comes whole, while the upstream waits', async () => {
  const body = randomBytes(2_000_000)
  const asked = request(`${gateway.url}/large`)
  const exchange = await arrival('large', 0)
  await exchange.chunked()
  await exchange.chunk(body)
  await exchange.endChunks()
  expect((await (await asked).readAll(20_000)).equals(body)).toBe(true)
  expect((await asked).isDestroyedEarly).toBe(false)
})

test('a status is answered here, and the upstream is not called', async () => {
  const busy = await request(`${gateway.url}/busy`)
  expect(busy.status).toBe(503)
  expect(JSON.parse((await busy.readAll()).toString())).toEqual({
    error: { code: 'fault-on-purpose', message: 'Fault on purpose: answered here with 503.' },
  })
  const nothing = await request(`${gateway.url}/nothing`)
  expect([nothing.status, (await nothing.readAll()).length]).toEqual([204, 0])
  expect(upstream.exchanges.filter(({ target }) => target === '/busy' || target === '/nothing')).toEqual([])
  const record = await feed.exchange((one) => one.target === '/busy' && one.state !== 'open')
  expect(record.verdict).toEqual({ type: 'fault', faults: [{ type: 'answered', status: 503 }], causes: [] })
})

test('an EventSource connects again after a cut and says which event it had last', async () => {
  const source = new EventSource(`${gateway.url}/reconnects`)
  const got: string[] = []
  source.addEventListener('message', ({ data }) => got.push(String(data)))
  try {
    const first = await arrival('reconnects', 0)
    await first.eventStream()
    await first.chunk('retry: 10\nid: 1\ndata: one\n\nid: 2\ndata: two\n\nid: 3\ndata: lost\n\n')
    const second = await arrival('reconnects', 1)
    expect(second.header('Last-Event-ID')).toBe('2')
    await second.eventStream()
    await second.chunk('id: 3\ndata: three\n\n')
    await expect.poll(() => got, { timeout: 10_000 }).toEqual(['one', 'two', 'three'])
  } finally {
    source.close()
  }
})
