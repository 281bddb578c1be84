import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventSource } from 'eventsource'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pace } from '../../proxy-core/demo/demo-answers.ts'
import { startDemoUpstream } from '../../proxy-core/demo/demo-upstream.ts'
import type { LoopbackServer } from '../../proxy-core/loopback-server.ts'
import { fetchWhole, request } from '../support/client.ts'

let demo: LoopbackServer

beforeAll(async () => {
  demo = await startDemoUpstream()
})

afterAll(() => demo.close())

test('the stream tells the server, the request that it saw, and the time', async () => {
  const fields = { Accept: 'text/event-stream', 'X-Forwarded-Proto': 'http', 'x-odd-case': 'a  b' }
  const response = await fetchWhole(`${demo.origin}/.sse?every=5&count=3`, { fields })
  expect(response.status).toBe(200)
  expect(response.header('Content-Type')).toBe('text/event-stream')
  expect(response.header('Cache-Control')).toBe('no-cache')
  expect(response.header('X-Accel-Buffering')).toBeNull()
  const time = String.raw`data: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
  expect(response.text).toMatch(
    new RegExp(
      [
        'event: server\ndata: Sluice demo upstream\n\n',
        'event: request\ndata: GET /\\.sse\\?every=5&count=3 HTTP/1\\.1\n(data: .*\n)*data: X-Forwarded-Proto: http\ndata: x-odd-case: a  b\n(data: .*\n)*\n',
        `event: time\n${time}\nid: 1\n\nevent: time\n${time}\nid: 2\n\nevent: time\n${time}\nid: 3\n\n$`,
      ].join(''),
    ),
  )
})

test('without a pace the time comes once a second', async () => {
  const startedAt = performance.now()
  const response = await fetchWhole(`${demo.origin}/.sse?count=1`)
  expect(response.text).toContain('id: 1\n')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990)
})

test('a set pace is kept', async () => {
  const response = await fetchWhole(`${demo.origin}/.sse?every=10&count=50`)
  const times = [...response.text.matchAll(/data: (\d{4}-.*)\n/g)].map(([, time]) => Date.parse(time ?? ''))
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  expect(times).toHaveLength(50)
  expect(spanMs).toBeGreaterThanOrEqual(470)
  // A tenth of what the same would take without a pace.
  expect(spanMs).toBeLessThan(4900)
})

test('counting goes on after a Last-Event-ID', async () => {
  const response = await fetchWhole(`${demo.origin}/.sse?every=1&count=2`, { fields: { 'Last-Event-ID': '41' } })
  expect(response.text.match(/^id: .*$/gm)).toEqual(['id: 42', 'id: 43'])
  const odd = await fetchWhole(`${demo.origin}/.sse?every=1&count=1`, { fields: { 'Last-Event-ID': 'x' } })
  expect(odd.text.match(/^id: .*$/gm)).toEqual(['id: 1'])
})

test('an EventSource that connects again misses nothing', async () => {
  const source = new EventSource(`${demo.origin}/.sse?every=1&count=3`)
  const ids: string[] = []
  await new Promise<void>((resolve) => {
    source.addEventListener('time', (event) => {
      ids.push(event.lastEventId)
      if (ids.length === 5) resolve()
    })
  })
  source.close()
  expect(ids).toEqual(['1', '2', '3', '4', '5'])
}, 30_000)

test('a client that does not read stops the clock, and nothing piles up for it', async () => {
  let steps = 0
  const piece = Buffer.alloc(64 * 1024, 'x')
  const server = createServer((_, answer) =>
    pace(answer, 1, () => {
      answer.write(piece)
      return ++steps > 0
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const response = await request(`http://127.0.0.1:${port}/`)
  response.client.socket.pause()
  // What the sockets of both sides take by themselves is a few megabytes.
  await new Promise((resolve) => setTimeout(resolve, 600))
  const stalled = steps
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(steps).toBe(stalled)

  response.client.socket.resume()
  await response.waitForBytes(piece.length * (stalled + 10))
  expect(steps).toBeGreaterThan(stalled)
  response.client.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('closing ends the open streams', async () => {
  const own = await startDemoUpstream()
  const response = await request(`${own.origin}/.sse`)
  await own.close()
  await response.readAll().catch(() => undefined)
  expect(response.isDestroyedEarly).toBe(true)
})

describe('a request for something else is told what there is', () => {
  test.each([
    ['/nowhere', 'GET', 404, 'There is no /nowhere here.'],
    ['/constructor', 'GET', 404, 'There is no /constructor here.'],
    ['/.sse', 'POST', 405, '/.sse takes GET.'],
    ['/v1/chat/completions', 'GET', 405, '/v1/chat/completions takes POST.'],
    ['/.sse?every=0', 'GET', 400, 'every is a number'],
    ['/.sse?count=x', 'GET', 400, 'count is a number'],
  ])('%s by %s: %i', async (target, method, status, message) => {
    const response = await fetchWhole(demo.origin, { method, target })
    expect(response.status).toBe(status)
    expect(response.header('Content-Type')).toBe('application/json; charset=utf-8')
    expect((JSON.parse(response.text) as { error: { message: string } }).error.message).toContain(message)
    if (status === 405) expect(response.header('Allow')).toBe(target === '/.sse' ? 'GET, HEAD' : 'POST')
    if (status === 404) expect(response.text).toContain('/v1/chat/completions')
  })

  test('the index lists it in words', async () => {
    const response = await fetchWhole(`${demo.origin}/`)
    expect(response.header('Content-Type')).toBe('text/plain; charset=utf-8')
    for (const path of ['/.sse', '/v1/chat/completions', '/v1/models']) expect(response.text).toContain(path)
  })

  test('HEAD has the head of GET alone', async () => {
    for (const target of ['/', '/.sse', '/v1/models']) {
      const response = await fetchWhole(demo.origin, { method: 'HEAD', target })
      expect([response.status, response.text]).toEqual([200, ''])
    }
  })
})
