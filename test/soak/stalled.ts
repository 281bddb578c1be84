import { writeFile } from 'node:fs/promises'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import { epochMs } from '../support/epoch.ts'
import { openTempFolder } from '../support/temp.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import { startUpstream } from '../support/upstream.ts'
import { residentBytes } from '../bench/process-cost.ts'
import { quantile } from '../bench/statistics.ts'
import { startGatewayChild } from './gateway-child.ts'

/** What clients that stop reading cost a gateway and its other clients. */
export interface Stalled {
  /** What the gateway had in RAM before, and most of its growth since. */
  readonly beforeBytes: number
  readonly growthBytes: number
  /** How much of that came after the upstreams could send no more. */
  readonly lateGrowthBytes: number
  /** What its captures count at the end: they have a bound of their own. */
  readonly capturedBytes: number
  /** Events of the other streams: how late they were before and meanwhile, and how many never came. */
  readonly p50BeforeMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly lostEvents: number
  /** What the stalled upstreams were let send, and how long that took. */
  readonly sentBytes: number
  readonly stuckAfterMs: number
}

/** How stalled clients are had. */
export interface StallOptions {
  readonly clients: number
  /** How long they go on after their upstreams can send no more. */
  readonly ms: number
  readonly isCaptured: boolean
}

const flood = Buffer.from(`data: ${'x'.repeat(16_384)}\n\n`)
const tickEveryMs = 50
const warmUpMs = 2000
const spoolBytes = 8_388_608
/** An upstream that could send nothing for so long is stuck. */
const stuckMs = 1000
const stuckWithinMs = 20_000

/**
 * Lets clients ask for streams that never pause and read nothing of them, half on a route with buffering off and half with it on, while
 * as many others read a quiet stream each.
 */
export async function stallClients({ clients, ms, isCaptured }: StallOptions): Promise<Stalled> {
  let sentBytes = 0
  const upstream = await startUpstream((exchange) =>
    exchange.target.startsWith('/tick') ? tick(exchange) : pour(exchange, (bytes) => (sentBytes += bytes)),
  )
  const folder = await openTempFolder()
  const to = { upstream: upstream.url, capture: { enabled: isCaptured } }
  const routes = [
    { id: 'off', match: { path: '/off/*' }, ...to, buffering: 'off' },
    { id: 'on', match: { path: '/on/*' }, ...to, buffering: { response: 'on', spoolBytes } },
    { id: 'tick', match: { path: '/tick/*' }, ...to },
  ]
  await writeFile(folder.file('sluice.yaml'), JSON.stringify({ version: 1, listen: '127.0.0.1:0', routes }))
  const gateway = await startGatewayChild(folder.file('sluice.yaml'), { temporaryFolder: folder.path })
  try {
    const ticking = await Promise.all(Array.from({ length: clients }, (_, index) => request(`${gateway.url}/tick/${String(index)}`)))
    await wait(warmUpMs)
    await gateway.footprint()
    const beforeBytes = residentBytes(gateway.pid)
    const samples: number[] = []
    const sampleFor = async (isDone: (passedMs: number) => boolean) => {
      for (const startedAt = epochMs(); !isDone(epochMs() - startedAt); samples.push(residentBytes(gateway.pid))) await wait(100)
    }
    const stalledAt = epochMs()
    const stalled = await Promise.all(
      Array.from({ length: clients }, (_, index) => openStalled(`${gateway.url}/${index % 2 ? 'on' : 'off'}/x`)),
    )
    let seen = { bytes: -1, at: 0 }
    await sampleFor((passedMs) => {
      if (sentBytes !== seen.bytes) seen = { bytes: sentBytes, at: epochMs() }
      return epochMs() - seen.at > stuckMs || passedMs > stuckWithinMs
    })
    const stuckAt = epochMs()
    const early = Math.max(...samples)
    await sampleFor((passedMs) => passedMs > ms)
    const endedAt = epochMs()
    const { capturedBytes } = await gateway.footprint()
    for (const response of [...stalled, ...ticking]) response.client.leave()
    const late = ticking.flatMap((response) => lateness(response))
    const lateMs = (from: number, to: number) => late.filter(({ sentAt }) => sentAt >= from && sentAt < to).map((event) => event.lateMs)
    return {
      beforeBytes,
      growthBytes: Math.max(...samples) - beforeBytes,
      lateGrowthBytes: Math.max(0, Math.max(...samples) - early),
      capturedBytes,
      p50BeforeMs: quantile(lateMs(0, stalledAt), 0.5),
      p50Ms: quantile(lateMs(stuckAt, endedAt), 0.5),
      p99Ms: quantile(lateMs(stuckAt, endedAt), 0.99),
      lostEvents: ticking.reduce((sum, response) => sum + gaps(response), 0),
      sentBytes,
      stuckAfterMs: stuckAt - stalledAt,
    }
  } finally {
    await gateway.close()
    await upstream.close()
    await folder.close()
  }
}

async function openStalled(url: string): Promise<ClientResponse> {
  const response = await request(url)
  response.client.pause()
  return response
}

/** Sends for as long as it is let. */
async function pour(exchange: UpstreamExchange, told: (bytes: number) => void): Promise<void> {
  await exchange.eventStream()
  const ended = exchange.closed(600_000)
  while (!exchange.isClosed) {
    // What is still on its way when the connection closes is never called taken.
    await Promise.race([exchange.chunk(flood), ended])
    told(flood.length)
  }
}

async function tick(exchange: UpstreamExchange): Promise<void> {
  await exchange.eventStream()
  for (let count = 0; !exchange.isClosed; count++) {
    void exchange.chunk(`id: ${String(count)}\ndata: ${epochMs().toFixed(3)}\n\n`)
    await wait(tickEveryMs)
  }
}

interface Late {
  readonly sentAt: number
  readonly lateMs: number
}

function lateness({ pieces }: ClientResponse): readonly Late[] {
  return pieces.flatMap(({ at, bytes }) =>
    [...bytes.toString().matchAll(/data: ([\d.]+)/g)].map(([, sentAt]) => ({ sentAt: Number(sentAt), lateMs: at - Number(sentAt) })),
  )
}

/** How many numbers are missing in between. */
function gaps({ text }: ClientResponse): number {
  const ids = [...text.matchAll(/id: (\d+)/g)].map(([, id]) => Number(id))
  return (ids.at(-1) ?? 0) + 1 - ids.length
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
