// QUALITY B1 with heartbeats: without whole comments between events, the client's bytes are the upstream's, whatever is flipped meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FeedReader } from '../support/feed-view.ts'
import { request } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { spanOf } from './support/measure.ts'

const streams = 24
const steps = 14
const comment = ':\n\n'

let upstream: Upstream
let gateway: TestGateway
let feed: FeedReader
beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGateway({
    routes: Array.from({ length: streams }, (_, index) => ({
      id: `route-${index}`,
      match: { path: `/${index}` },
      upstream: upstream.url,
      buffering: { response: 'off', holdBytes: null },
      capture: { enabled: index % 2 === 0 },
      stream: { heartbeatMs: 1000 },
    })),
  })
  feed = await gateway.feed()
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

test('streams that are cut up, flipped and left alone at random times get comments between events alone', { timeout: 60_000 }, async () => {
  const beats = await Promise.all(Array.from({ length: streams }, (_, index) => play(index)))
  expect(beats.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(streams)
})

/** Plays one stream, and returns how many comments it got. */
async function play(index: number): Promise<number> {
  const random = numbersFrom(index)
  const responding = request(`${gateway.url}/${String(index)}`)
  await expect.poll(() => upstream.exchanges.some(({ target }) => target === `/${String(index)}`), { interval: 2 }).toBe(true)
  const exchange = upstream.exchanges.find(({ target }) => target === `/${String(index)}`) ?? (await upstream.next())
  await exchange.eventStream()
  const response = await responding
  let sent = ''
  const lineEnd = ['\n', '\r\n', '\r'][index % 3] as string
  for (let step = 0; step < steps; step++) {
    const event = `id: ${String(step)}${lineEnd}data: ${'x'.repeat(random() * 40)}${lineEnd}${lineEnd}`
    // Half of the pauses are inside of an event, at any of its bytes.
    const cutAt = random() < 0.5 ? Math.floor(random() * event.length) : event.length
    for (const part of [event.slice(0, cutAt), event.slice(cutAt)]) {
      sent += part
      if (part !== '') await exchange.chunk(part)
      if (random() < 0.3) await spanOf(1000 + random() * 600)
      if (random() < 0.3) await gateway.command('route.buffering', { id: `route-${index}`, response: random() < 0.5 ? 'on' : 'off' })
    }
  }
  await exchange.endChunks()
  const got = (await response.readAll(30_000)).toString()
  expect(got.replaceAll(comment, '')).toBe(sent)
  for (let at = got.indexOf(comment); at >= 0; at = got.indexOf(comment, at + 1)) {
    const before = got.slice(0, at).replaceAll(comment, '')
    expect(before, 'a comment follows a blank line, or nothing').toMatch(/(^|\n\n|\r\n\r\n|\r\r)$/)
  }
  const record = await feed.exchange((one) => one.target === `/${String(index)}` && one.state === 'complete')
  expect([record.arrivedBytes, record.leftBytes]).toEqual([sent.length, sent.length])
  return (got.length - sent.length) / comment.length
}

/** Numbers from 0 to 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
