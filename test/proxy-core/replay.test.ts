// A captured stream becomes an upstream that sends it again: the same bytes, with its own pauses, faster, or at once.
import { expect, onTestFinished, test } from 'vitest'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const pauseMs = 120
const events = ['data: one\n\n', 'data: two\n\n', ': quiet\n\n', 'event: last\ndata: three\n\n']

/** A gateway that has recorded a stream as `demo-stream`, with a route that plays it for each of the speeds. */
async function record(speeds: readonly string[], cut = false) {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream()
    for (const event of events) {
      await exchange.chunk(event)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    if (cut) exchange.reset()
    else exchange.end()
  })
  onTestFinished(() => upstream.close())
  const replays = speeds.map((speed, index): RouteInput => {
    return { id: `replay-${index}`, match: { path: `/replay/${index}/*` }, upstream: `replay:demo-stream${speed}`, buffering: 'off' }
  })
  const gateway = await startGateway({ routes: [...replays, routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const response = await request(gateway.url, { target: '/live' })
  await response.readAll().catch(() => undefined)
  const { id } = await feed.exchange((one) => one.state !== 'open')
  await gateway.command('recording.save', { id, name: 'demo-stream' })
  return { gateway, feed }
}

test('a recording is played with the same bytes and its own pauses, and twice as fast or at once if so asked', async () => {
  const { gateway } = await record(['', '?speed=2', '?speed=max'])
  const took: number[] = []
  for (const index of [0, 1, 2]) {
    const startedAt = performance.now()
    const response = await request(gateway.url, { target: `/replay/${index}/any?thing` })
    expect(response.status).toBe(200)
    expect(response.header('content-type')).toBe('text/event-stream')
    expect((await response.readAll()).toString()).toBe(events.join(''))
    took.push(performance.now() - startedAt)
  }
  const ownMs = pauseMs * events.length
  expect(took[0]).toBeGreaterThan(ownMs * 0.95)
  expect(took[1]).toBeGreaterThan((ownMs / 2) * 0.95)
  expect(took[1]).toBeLessThan((took[0] ?? 0) * 0.8)
  expect(took[2]).toBeLessThan(ownMs / 2)
})

test('a played stream goes through any buffering policy', async () => {
  const { gateway, feed } = await record(['?speed=10'])
  await gateway.command('route.buffering', { id: Route.shape.id.parse('replay-0'), response: 'on' })
  const response = await request(gateway.url, { target: '/replay/0/x' })
  await response.readAll()
  const { verdict } = await feed.exchange((one) => one.routeId === 'replay-0' && one.state === 'complete')
  expect(verdict.type).toBe('held')
})

test('a stream that was cut is cut again', async () => {
  const { gateway } = await record(['?speed=max'], true)
  const response = await request(gateway.url, { target: '/replay/0/x' })
  expect((await response.readAll()).toString()).toBe(events.join(''))
  expect(response.isDestroyedEarly).toBe(true)
})

test('a name without a recording is answered with a sentence', async () => {
  const gateway = await startGateway({ routes: [routeTo('replay:nothing-here')] })
  onTestFinished(() => gateway.close())
  const response = await request(gateway.url)
  expect(response.status).toBe(404)
  expect((await response.readAll()).toString()).toContain('There is no recording called nothing-here.')
})

test('a recording is a file for its owner alone, is listed, and can be removed', async () => {
  const { gateway } = await record([])
  const file = join(gateway.dataDir, 'recordings', 'demo-stream.jsonl')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await gateway.command('recording.list')).toMatchObject([{ name: 'demo-stream' }])
  await gateway.command('recording.remove', { name: 'demo-stream' })
  expect(await gateway.command('recording.list')).toEqual([])
})

test.for(['replay:', 'replay:../x', 'replay:A', 'replay:x?speed=0x', 'replay:x?speed=', 'replay:x?other=1', 'replay://x'])(
  'the upstream %s is refused',
  (url) => {
    expect(Route.safeParse(routeTo(url)).success).toBe(false)
  },
)
