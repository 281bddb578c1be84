// Stopping capture keeps no bodies from then on: traffic, clocks and totals go on, and what was captured stays.
import { expect, onTestFinished, test } from 'vitest'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { openTickingStream } from './support/ticking-stream.ts'

test('while capture is stopped an open stream is passed on, timed and counted, and what it says is not kept', async () => {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const stream = await openTickingStream(upstream, gateway.url)
  const { id } = await feed.exchange((exchange) => exchange.rows >= 3)

  await gateway.command('capture.stop')
  await feed.until((view) => view.status.captureStoppedAt !== null)
  const stopped = await feed.exchange((exchange) => exchange.unkeptBytes > 100)
  await gateway.command('capture.start')
  await feed.until((view) => view.status.captureStoppedAt === null)
  await feed.exchange((exchange) => exchange.rows > stopped.rows + 5)
  expect(await stream.finish()).toBe(stream.sent)
  const ended = await feed.exchange((exchange) => exchange.id === id && exchange.state === 'complete')

  expect(ended.leftBytes).toBe(Buffer.byteLength(stream.sent))
  expect(ended.unkeptFrom).toBeLessThanOrEqual(ended.unkeptTo ?? 0)
  const { rows } = await gateway.command('exchange.rows', { id, from: 0, to: ended.rows })
  expect(rows).toHaveLength(ended.rows)
  const kept = rows.map((row) => row.isKept)
  expect([kept[0], kept.at(-1)]).toEqual([true, true])
  expect(kept).toContain(false)
  // Both clocks are known of all of them, and rise.
  for (const [index, row] of rows.entries()) {
    expect(row.leftAt).toBeGreaterThanOrEqual(row.arrivedAt)
    expect(row.arrivedAt).toBeGreaterThanOrEqual(rows[index - 1]?.arrivedAt ?? 0)
    expect(row.preview === '').toBe(!row.isKept)
  }
  const body = await gateway.command('exchange.body', { id, side: 'response', from: 0, to: 1e6 })
  expect(body.bytes.length).toBe(ended.arrivedBytes)
  expect(body.bytes.filter((byte) => byte === 0).length).toBe(ended.unkeptBytes)
})
