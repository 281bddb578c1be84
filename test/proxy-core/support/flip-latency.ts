import { expect } from 'vitest'
import { cpuWaitMs, spanOf } from './measure.ts'
import type { TickingStream } from './ticking-stream.ts'

/** How long each state lasts: longer than a flip may take, so that a late one shows. */
const stateMs = 120
/** A round in which the process waited so long for a processor says nothing, and is played again. */
const busyMs = 60
const attemptsPerRound = 4

/**
 * Flips open streams to on and back to off, several times; `flip` asks for it. The result is the longest that one of the streams took in each
 * round: to on, until the last event that still passed was sent; to off, until the last event that was held had been received.
 */
export async function flipLatencies(
  streams: readonly TickingStream[],
  rounds: number,
  flip: (to: 'on' | 'off') => Promise<number>,
): Promise<number[]> {
  const latencies: number[] = []
  for (let attempt = 0; latencies.length < rounds && attempt < rounds * attemptsPerRound; attempt++) {
    const latency = await flipOnce(streams, flip)
    if (latency !== null) latencies.push(latency)
  }
  expect(latencies.length, 'this machine is too busy to measure anything').toBeGreaterThan(0)
  return latencies
}

async function flipOnce(streams: readonly TickingStream[], flip: (to: 'on' | 'off') => Promise<number>): Promise<number | null> {
  const startedMs = cpuWaitMs()
  const onAt = await flip('on')
  await spanOf(stateMs)
  const onWaitMs = cpuWaitMs() - startedMs
  const passed = streams.map((stream) => stream.receivedAt.length)
  const offAt = await flip('off')
  await spanOf(stateMs)
  const offWaitMs = cpuWaitMs() - startedMs - onWaitMs
  if (Math.max(onWaitMs, offWaitMs) > busyMs) return null
  const latencies = streams.map(({ sentAt, receivedAt }, index) => {
    const last = passed[index] ?? 0
    const heldTo = sentAt.findLastIndex((at) => at < offAt)
    expect(heldTo, 'events were sent while they were held').toBeGreaterThan(last)
    const toOn = (sentAt[last - 1] ?? Number.NaN) - onAt - onWaitMs
    const toOff = (receivedAt[heldTo] ?? Number.POSITIVE_INFINITY) - offAt - offWaitMs
    return Math.max(toOn, toOff)
  })
  return Math.max(...latencies)
}
