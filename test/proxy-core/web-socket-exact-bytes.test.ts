import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startSwitchingUpstream, type SwitchingUpstream, type TunnelEnd } from '../support/raw-tunnel.ts'
import { cutBytes, frame } from '../support/web-socket-frames.ts'

let upstream: SwitchingUpstream
let gateway: TestGateway

beforeAll(async () => {
  upstream = await startSwitchingUpstream(['Sec-WebSocket-Extensions: permessage-deflate'])
  // Little room, so that forgetting goes on meanwhile.
  gateway = await startGateway({ routes: [routeTo(upstream.url)], capture: { budgetMiB: 16 } })
})
afterAll(async () => {
  await gateway.close()
  await upstream.close()
})

const key = fc.option(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), { nil: null })
const hostileFrame = fc
  .record({
    opcode: fc.nat(15),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(70_000).map((length) => Buffer.alloc(length, 'z')),
    ),
    isFinal: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 4, 7),
    key,
    lengthBytes: fc.constantFrom(undefined, undefined, 8 as const),
  })
  .map(({ lengthBytes, ...parts }) => frame({ ...parts, ...(lengthBytes === undefined ? {} : { lengthBytes }) }))
const side = fc.record({
  bytes: fc
    .array(fc.oneof({ weight: 4, arbitrary: hostileFrame }, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 })
    .map((parts) => Buffer.concat(parts)),
  cuts: fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40_000 })), { minLength: 1, maxLength: 6 }),
})

test('whatever goes through a WebSocket, and however it is cut, both sides receive exactly the bytes', async () => {
  await fc.assert(
    fc.asyncProperty(side, side, async (up, down) => {
      const { client, upstream: server } = await upstream.open(gateway.url)
      await Promise.all([send(client, up), send(server, down), client.until(down.bytes.length), server.until(up.bytes.length)])
      expect(server.received.equals(up.bytes)).toBe(true)
      expect(client.received.equals(down.bytes)).toBe(true)
      client.socket.destroy()
    }),
    { numRuns: 150, interruptAfterTimeLimit: 20_000 },
  )
})

async function send({ socket }: TunnelEnd, { bytes, cuts }: { readonly bytes: Buffer; readonly cuts: readonly number[] }): Promise<void> {
  const chunks = cutBytes(bytes, cuts)
  // A turn of the loop now and then, so that what is written apart is read apart.
  const turns = Math.ceil(chunks.length / 40)
  for (const [index, chunk] of chunks.entries()) {
    socket.write(chunk)
    if (index % turns === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}
