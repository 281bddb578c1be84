import { expect } from 'vitest'
import { cpuWaitMs, spanOf } from './measure.ts'
import type { TickingStream } from './ticking-stream.ts'

/** How long each state lasts: longer than a flip may take, so that a late one shows. */
const stateMs = 120

/**
 * Flips open streams to on and back to off; `flip` returns when it was asked for. The result is the longest that one of them took:
 * to on, until the last event that still passed was sent; to off, until the last event that was held had been received.
 */
export async function flipLatency(streams: readonly TickingStream[], flip: (to: 'on' | 'off') => Promise<number>): Promise<number> {
  const waitedMs = [cpuWaitMs()]
  const onAt = await flip('on')
  await spanOf(stateMs)
  const passed = streams.map((stream) => stream.receivedAt.length)
  waitedMs.push(cpuWaitMs())
  const offAt = await flip('off')
  await spanOf(stateMs)
  waitedMs.push(cpuWaitMs())
  const [before = 0, between = 0, after = 0] = waitedMs
  const latencies = streams.map(({ sentAt, receivedAt }, index) => {
    const last = passed[index] ?? 0
    const heldTo = sentAt.findLastIndex((at) => at < offAt)
    expect(heldTo, 'events were sent while they were held').toBeGreaterThan(last)
    const toOn = (sentAt[last - 1] ?? Number.NaN) - onAt - (between - before)
    const toOff = (receivedAt[heldTo] ?? Number.POSITIVE_INFINITY) - offAt - (after - between)
    return Math.max(toOn, toOff)
  })
  return Math.max(...latencies)
}
