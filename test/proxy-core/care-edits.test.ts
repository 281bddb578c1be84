// DESIGN §3: an edit takes effect at once, on open streams too: `stream.heartbeatMs` and `upstream.idleTimeoutMs`.
import { expect, onTestFinished, test } from 'vitest'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { spanOf } from './support/measure.ts'
import { openStream } from './support/open-stream.ts'

const comment = ':\n\n'

/** An open event stream, and a way to edit its route. */
async function open(first: { idleTimeoutMs?: number; heartbeatMs?: number | null }) {
  const route = (url: string, { idleTimeoutMs = 0, heartbeatMs = null }: typeof first): RouteInput => ({
    id: 'all',
    match: { path: '/*' },
    upstream: { url, idleTimeoutMs },
    stream: { heartbeatMs },
  })
  const { upstream, gateway, exchange, response, ended } = await openStream((url) => route(url, first))
  await exchange.chunk('data: one\n\n')
  await response.waitForText('data: one\n\n')
  const edit = (next: typeof first) => gateway.command('route.save', { route: route(upstream.url, next) })
  return { exchange, response, edit, ended }
}

test('heartbeats begin in an open stream when its route asks for them, and end when it no longer does', async () => {
  const { exchange, response, edit } = await open({})
  await edit({ heartbeatMs: 1000 })
  await response.waitForText(`data: one\n\n${comment}`)
  await edit({ heartbeatMs: null })
  const before = response.text
  await spanOf(1500)
  expect(response.text).toBe(before)
  await exchange.chunk('data: two\n\n')
  exchange.end()
  expect((await response.readAll()).toString().replaceAll(comment, '')).toBe('data: one\n\ndata: two\n\n')
})

test('heartbeats that begin in the middle of an event wait for its end', async () => {
  const { exchange, response, edit } = await open({})
  await exchange.chunk('data: tw')
  await response.waitForText('tw')
  await edit({ heartbeatMs: 1000 })
  await spanOf(1500)
  expect(response.text).toBe('data: one\n\ndata: tw')
  await exchange.chunk('o\n\n')
  await response.waitForText(`data: two\n\n${comment}`)
  exchange.end()
  expect((await response.readAll()).toString().replaceAll(comment, '')).toBe('data: one\n\ndata: two\n\n')
})

test('an open stream that is silent is left when an edit limits its silence', async () => {
  const { exchange, response, edit, ended } = await open({})
  await edit({ idleTimeoutMs: 300 })
  expect((await response.readAll()).toString()).toBe('data: one\n\n')
  expect(response.isDestroyedEarly).toBe(true)
  await exchange.closed()
  expect((await ended()).error?.code).toBe('upstream-timeout')
})

test('an open stream may be silent when an edit takes the limit away', async () => {
  const { exchange, response, edit } = await open({ idleTimeoutMs: 1500 })
  await edit({ idleTimeoutMs: 0 })
  await spanOf(2500)
  await exchange.chunk('data: two\n\n')
  exchange.end()
  expect((await response.readAll()).toString()).toBe('data: one\n\ndata: two\n\n')
  expect(response.isDestroyedEarly).toBe(false)
})

test('a limit that an edit leaves as it was is not given anew', async () => {
  const { response, edit } = await open({ idleTimeoutMs: 1000 })
  const editing = setInterval(() => void edit({ idleTimeoutMs: 1000, heartbeatMs: 60_000 }), 200)
  onTestFinished(() => clearInterval(editing))
  expect((await response.readAll()).toString()).toBe('data: one\n\n')
  expect(response.isDestroyedEarly).toBe(true)
})
