import type { ClientResponse } from '../../support/client-response.ts'
import { request } from '../../support/client.ts'
import { epochMs } from '../../support/epoch.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'
import type { Upstream } from '../../support/upstream.ts'

/** The n-th event of a ticking stream: all have one length, so that an offset says which event it lies in. */
export function tick(index: number): string {
  return `id: ${String(index).padStart(8, '0')}\ndata: tick\n\n`
}

const tickBytes = tick(0).length

/** An open event stream through the gateway whose upstream sends an event every few milliseconds, with the times of both sides. */
export class TickingStream {
  readonly exchange: UpstreamExchange
  readonly response: ClientResponse
  readonly sentAt: number[] = []
  readonly #timer: ReturnType<typeof setInterval>

  constructor(exchange: UpstreamExchange, response: ClientResponse, everyMs: number) {
    this.exchange = exchange
    this.response = response
    this.#timer = setInterval(() => this.#send(), everyMs)
  }

  /** When the client received the last byte of each event. */
  get receivedAt(): readonly number[] {
    const times: number[] = []
    let bytes = 0
    for (const piece of this.response.pieces) {
      bytes += piece.bytes.length
      while ((times.length + 1) * tickBytes <= bytes) times.push(piece.at)
    }
    return times
  }

  /** How long each event that has been received took from the upstream to the client. */
  get latenciesMs(): readonly number[] {
    return this.receivedAt.map((at, index) => at - (this.sentAt[index] ?? Number.NaN))
  }

  /** How many bytes so many events have. */
  bytesOf(events: number): number {
    return events * tickBytes
  }

  /** All that was sent so far. */
  get sent(): string {
    return this.sentAt.map((_, index) => tick(index)).join('')
  }

  /** Ends the stream at the upstream and waits for the whole of it at the client. */
  async finish(): Promise<string> {
    this.stop()
    this.exchange.end()
    return (await this.response.readAll()).toString()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #send(): void {
    const index = this.sentAt.length
    this.sentAt.push(epochMs())
    void this.exchange.chunk(tick(index))
  }
}

/** Opens a ticking stream through a gateway, on a route that does not hold; its first event has been received. The upstream's handler leaves it alone. */
export async function openTickingStream(upstream: Upstream, url: string, everyMs = 5): Promise<TickingStream> {
  const responding = request(url)
  const exchange = await upstream.next()
  await exchange.eventStream()
  const stream = new TickingStream(exchange, await responding, everyMs)
  await stream.response.waitForBytes(tickBytes)
  return stream
}

/** Opens several of them, one after the other. */
export async function openTickingStreams(count: number, upstream: Upstream, url: string, everyMs?: number): Promise<TickingStream[]> {
  const streams: TickingStream[] = []
  while (streams.length < count) streams.push(await openTickingStream(upstream, url, everyMs))
  return streams
}
