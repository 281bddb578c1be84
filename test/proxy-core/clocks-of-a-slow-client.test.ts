// DESIGN §6, ARCHITECTURE "Two clocks": what waits for the client's socket has not left, and leaves when the client takes it.
import { expect, test } from 'vitest'
import { epochMs } from '../support/epoch.ts'
import { routeTo } from '../support/gateway.ts'
import { spanOf } from './support/measure.ts'
import { openStream } from './support/open-stream.ts'

/** Small enough that some end in what waits, of which the gateway itself keeps a read or two. */
const event = `data: ${'x'.repeat(20_000)}\n\n`
/** No kernel takes as much for a client that does not read. */
const mostEvents = 1000
/** A write that is not taken for so long is stuck. */
const stuckMs = 500

test.for([
  ['off', { response: 'off' }],
  ['on, each event released at once', { response: 'on', holdBytes: 1, memoryBytes: 1_000_000, spoolBytes: 0 }],
] as const)('an event that a slow client has not taken has not left: buffering %s', async ([, buffering]) => {
  const { gateway, feed, exchange, response } = await openStream((url) => routeTo(url, { buffering }))
  response.client.pause()

  let sent = 0
  for (let isTaken = true; isTaken && sent < mostEvents; sent++)
    isTaken = await Promise.race([exchange.chunk(event).then(() => true), spanOf(stuckMs).then(() => false)])
  const { id } = await feed.exchange((one) => one.arrivedBytes > one.leftBytes, 'bytes that wait for the client')
  const before = await gateway.command('exchange.rows', { id, from: 0, to: mostEvents })
  const waiting = before.rows.filter(({ leftAt }) => leftAt === null)
  expect(waiting.length).toBeGreaterThan(0)
  expect(before.leftRows).toBe(before.rows.length - waiting.length)
  const [firstWaiting] = waiting
  expect(before.rows.every(({ index, leftAt }) => leftAt === null || index < (firstWaiting?.index ?? 0))).toBe(true)

  await spanOf(300)
  const resumedAt = epochMs()
  response.client.resume()
  await exchange.endChunks()
  expect((await response.readAll()).length).toBe(sent * event.length)
  const { verdict } = await feed.exchange((one) => one.state === 'complete')
  const { rows } = await gateway.command('exchange.rows', { id, from: 0, to: mostEvents })
  expect(rows).toHaveLength(sent)
  for (const { index, arrivedAt, leftAt } of rows) {
    expect(leftAt).toBeGreaterThanOrEqual(arrivedAt)
    if (index < (firstWaiting?.index ?? 0)) expect(leftAt).toBe(before.rows[index]?.leftAt)
    else expect(leftAt).toBeGreaterThan(resumedAt - 5)
  }
  // Whose doing that was.
  expect(verdict.type).toBe('client-slow')
})
