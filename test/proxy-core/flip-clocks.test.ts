// DESIGN §6: the two clocks are true: `arrivedAt` is when an event came from the upstream, `leftAt` when it was handed to the client.
import { expect, test } from 'vitest'
import type { RouteId } from '../../proxy-core/contract/route.ts'
import { timelineStride } from '../../proxy-core/contract/rows.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo } from '../support/gateway.ts'
import { cpuWaitMs, percentile, spanOf } from './support/measure.ts'
import { openStream } from './support/open-stream.ts'

/** What lies between a clock and what a test sees of the same moment: a turn or two of the loop. */
const typicalMs = 5
const worstMs = 25
const eventBytes = 20
const event = (index: number) => `data: ${String(index).padStart(12, '0')}\n\n`

test('in a stream that is held, released, flipped and held again, each event’s clocks are the upstream’s and the client’s', async () => {
  const buffering = { response: 'on', holdBytes: null } as const
  const { gateway, feed, exchange, response, id } = await openStream((url) => routeTo(url, { buffering }))
  feed.look([id])
  const waitedMs = cpuWaitMs()

  const sentAt: number[] = []
  /** When each event was let go at the earliest. */
  const freeAt: number[] = []
  const send = async (count: number) => {
    for (let index = 0; index < count; index++) {
      sentAt.push(epochMs())
      void exchange.chunk(event(sentAt.length - 1))
      await spanOf(7)
    }
  }
  const untilHeld = async (bytes: number) => {
    const held = await feed.exchange((one) => one.heldBytes === bytes, `${bytes} held bytes`)
    const first = freeAt.length
    expect(held.arrivedBytes).toBe(sentAt.length * eventBytes)
    expect(held.leftBytes).toBe(first * eventBytes)
    expect(held.leftRows).toBe(first)
    expect(near(held.oldestHeldAt, sentAt[first])).toBe(true)
    const { routeTotals } = await feed.until(
      (view) => view.routeTotals.get('all' as RouteId)?.heldBytes === bytes,
      'the totals of the route',
    )
    expect(routeTotals.get('all' as RouteId)?.oldestHeldAt).toBe(held.oldestHeldAt)
  }
  const free = (count: number) => {
    const at = epochMs()
    for (let index = 0; index < count; index++) freeAt.push(at)
  }
  const near = (a: number | null | undefined, b: number | undefined) =>
    Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) <= worstMs + cpuWaitMs() - waitedMs

  await send(10)
  await untilHeld(10 * eventBytes)
  free(10)
  await gateway.command('exchange.release', { id })
  await response.waitForBytes(10 * eventBytes)
  await send(5)
  await untilHeld(5 * eventBytes)
  free(5)
  await gateway.command('route.buffering', { id: 'all', response: 'off' })
  await send(10)
  freeAt.push(...sentAt.slice(15))
  await gateway.command('route.buffering', { id: 'all', response: 'on' })
  await send(8)
  await untilHeld(8 * eventBytes)
  free(8)
  exchange.end()
  await response.readAll()

  const { rows, total, leftRows } = await gateway.command('exchange.rows', { id, from: 0, to: 1000 })
  expect([rows.length, total, leftRows]).toEqual([33, 33, 33])
  const receivedAt = rows.map((_, index) => receivedAtOf(response.pieces, (index + 1) * eventBytes))
  const arrivals = rows.map((row, index) => row.arrivedAt - (sentAt[index] ?? Number.NaN))
  const departures = rows.map((row, index) => (receivedAt[index] ?? Number.NaN) - (row.leftAt ?? Number.NaN))
  const releases = rows.map((row, index) => (row.leftAt ?? Number.NaN) - (freeAt[index] ?? Number.NaN))
  const noiseMs = cpuWaitMs() - waitedMs
  for (const lags of [arrivals, departures, releases]) {
    // Nothing arrives before it was sent, leaves before it was let go, or is received before it left.
    expect(Math.min(...lags)).toBeGreaterThanOrEqual(0)
    expect(percentile(lags, 0.5)).toBeLessThanOrEqual(typicalMs + noiseMs / 10)
    expect(Math.max(...lags)).toBeLessThanOrEqual(worstMs + noiseMs)
  }
  expect(rows.map((row) => row.gapMs)).toEqual(
    rows.map((row, index) => (index === 0 ? null : row.arrivedAt - (rows[index - 1]?.arrivedAt ?? 0))),
  )

  // The strip is drawn from the same clocks.
  const { points } = await gateway.command('exchange.timeline', { id, from: (rows[0]?.arrivedAt ?? 0) - 1, to: epochMs(), columns: 1000 })
  for (let at = 0; at < points.length; at += timelineStride) {
    const row = rows[points[at + 2] ?? -1]
    expect([points[at], points[at + 1]]).toEqual([row?.arrivedAt, row?.leftAt])
  }

  const ended = await feed.exchange((one) => one.state === 'complete')
  const longestHeldMs = Math.max(...rows.map((row) => (row.leftAt ?? 0) - row.arrivedAt))
  expect(ended.verdict.type).toBe('held')
  if (ended.verdict.type === 'held') {
    expect(Math.abs(ended.verdict.longestHeldMs - longestHeldMs)).toBeLessThanOrEqual(typicalMs)
    expect(ended.verdict.largestReleaseBytes).toBe(10 * eventBytes)
  }
  expect(near(ended.respondedAt, response.respondedAt)).toBe(true)
  expect(near(ended.endedAt, response.endedAt ?? undefined)).toBe(true)
  expect(ended).toMatchObject({
    heldBytes: 0,
    oldestHeldAt: null,
    leftBytes: 33 * eventBytes,
    leftRows: 33,
    firstRowAt: rows[0]?.arrivedAt,
  })
})

function receivedAtOf(pieces: readonly { readonly at: number; readonly bytes: Buffer }[], offset: number): number {
  let bytes = 0
  for (const piece of pieces) {
    bytes += piece.bytes.length
    if (bytes >= offset) return piece.at
  }
  return Number.NaN
}
