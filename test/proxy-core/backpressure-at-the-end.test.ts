// QUALITY B1, B5: an upstream that ends while it is made to wait has ended all the same, and its body is whole.
import { randomFillSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { spanOf } from './support/measure.ts'

// As much as a socket is read at a time, so that nothing is left in it when the gateway stops to read.
const pieceBytes = 65_536
const plentyBytes = 60_000_000

test.for([
  ['in chunks', 'keep-alive'],
  ['in chunks', 'close'],
  ['with a length', 'keep-alive'],
  ['with a length', 'close'],
  ['up to the end of the connection', 'close'],
] as const)('a body %s (Connection: %s) whose upstream ends just when it has to wait ends cleanly', async ([framing, connection]) => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const open = async (length: number) => {
    const responding = request(gateway.url)
    const exchange = await upstream.next()
    const fields = { Connection: connection }
    if (framing === 'in chunks') await exchange.chunked({ fields })
    else await exchange.head({ fields: framing === 'with a length' ? { ...fields, 'Content-Length': String(length) } : fields })
    const response = await responding
    response.client.pause()
    const { id } = await feed.exchange((one) => one.state === 'open')
    const sent = await fill(gateway, id, length, (piece) => void (framing === 'in chunks' ? exchange.chunk(piece) : exchange.write(piece)))
    return { exchange, response, sent }
  }

  let length = plentyBytes
  if (framing === 'with a length') {
    // How much it takes until the upstream has to wait is found out first.
    const trial = await open(length)
    length = trial.sent.length
    trial.response.client.leave()
    await feed.exchange((one) => one.state === 'aborted')
  }
  const { exchange, response, sent } = await open(length)
  // The kernel may take less this time than on trial.
  const rest = framing === 'with a length' ? Buffer.alloc(length - sent.length, 'r') : Buffer.alloc(0)
  if (rest.length > 0) void exchange.write(rest)
  if (framing === 'in chunks') void exchange.endChunks()
  exchange.cut()
  // The end comes while the client still does not read.
  await spanOf(30)
  response.client.resume()
  expect((await response.readAll()).equals(Buffer.concat([sent, rest]))).toBe(true)
  expect(response.isDestroyedEarly).toBe(false)
  await feed.exchange((one) => one.state === 'complete')
})

/** Sends piece after piece, each when the one before has arrived, until the client's socket takes no more. */
async function fill(gateway: TestGateway, id: ExchangeId, atMost: number, send: (piece: Buffer) => void): Promise<Buffer> {
  const sent: Buffer[] = []
  for (let bytes = 0; bytes < atMost;) {
    const piece = randomFillSync(Buffer.alloc(Math.min(pieceBytes, atMost - bytes)))
    sent.push(piece)
    bytes += piece.length
    send(piece)
    for (let arrivedBytes = 0; arrivedBytes < bytes; await spanOf(0)) {
      const { total, leftRows } = await gateway.command('exchange.rows', { id, from: 0, to: 0 })
      if (leftRows < total) return Buffer.concat(sent)
      arrivedBytes = (await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 0 })).total
    }
  }
  return Buffer.concat(sent)
}
