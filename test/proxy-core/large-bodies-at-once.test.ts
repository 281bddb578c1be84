// Sockets to upstreams are read into buffers that are shared or handed on: no body may end up in another one.
import { createHash, randomFillSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let gateway: TestGateway
beforeAll(async () => {
  upstream = await startUpstream()
  const route = { match: { path: '/held/*' }, upstream: upstream.url }
  gateway = await startGateway({
    routes: [
      { id: 'held', ...route, buffering: { response: 'on', holdBytes: null, memoryBytes: 64_000_000 } },
      { id: 'passed', ...route, match: { path: '/passed/*' }, buffering: 'off' },
    ],
  })
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test.each(['held', 'passed'])('large and small parts of many bodies that come at once stay with their own: %s', async (kind) => {
  const sizes = [1_000_000, 50, 65_536, 300_000, 5, 40_000, 3000, 700_000]
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const bodies = Array.from({ length: 6 }, () => randomFillSync(Buffer.alloc(total)))
  const opened = []
  for (const [index, body] of bodies.entries()) {
    const responding = request(`${gateway.url}/${kind}/${index}`)
    const exchange = await upstream.next()
    await exchange.chunked()
    opened.push({ body, exchange, response: await responding })
  }
  const read = opened.map(async ({ body, exchange, response }) => {
    let at = 0
    for (const size of sizes) {
      await exchange.chunk(body.subarray(at, at + size))
      at += size
    }
    exchange.end()
    return digest(await response.readAll())
  })
  expect(await Promise.all(read)).toEqual(bodies.map(digest))
})
