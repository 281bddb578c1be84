import { afterAll, beforeAll, expect } from 'vitest'
import type { RouteInput } from '../../../proxy-core/contract/route.ts'
import type { ClientResponse } from '../../support/client-response.ts'
import { request } from '../../support/client.ts'
import { routeTo, startGateway, type TestGateway } from '../../support/gateway.ts'
import { startUpstream, type Upstream } from '../../support/upstream.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'

const everyMs = 5

/** What a file's tests share while a stream runs beside them. */
export interface Beside {
  readonly upstream: Upstream
  readonly gateway: TestGateway
}

/** Runs a gateway for a file's tests, and a stream through it that must be whole at their end; `serve` answers what is not that stream. */
export function besideStream(
  serve: (exchange: UpstreamExchange) => void | Promise<void>,
  routesTo: (upstreamUrl: string) => readonly RouteInput[] = (url) => [routeTo(url)],
): Beside {
  const beside = new StreamBeside()
  let upstream: Upstream
  let gateway: TestGateway
  beforeAll(async () => {
    upstream = await startUpstream((exchange) => (exchange.target === '/stream' ? beside.serve(exchange) : serve(exchange)))
    gateway = await startGateway({ routes: [...routesTo(upstream.url)] })
    await beside.open(gateway.url)
  })
  afterAll(async () => {
    await beside.close()
    await gateway.close()
    await upstream.close()
  })
  return {
    get upstream() {
      return upstream
    },
    get gateway() {
      return gateway
    },
  }
}

/** An ordinary event stream through the gateway while something else happens to it; the upstream answers `/stream` by `serve`. */
export class StreamBeside {
  #sent = ''
  #exchange: UpstreamExchange | null = null
  #response: ClientResponse | null = null
  #timer: ReturnType<typeof setInterval> | null = null
  readonly #crashes: unknown[] = []
  readonly #onCrash = (error: unknown): void => void this.#crashes.push(error)

  /** The upstream's side of it. */
  async serve(exchange: UpstreamExchange): Promise<void> {
    this.#exchange = exchange
    await exchange.eventStream()
    this.#timer = setInterval(() => {
      const event = `id: ${String(this.#sent.length)}\ndata: still here\n\n`
      this.#sent += event
      void exchange.chunk(event)
    }, everyMs)
  }

  async open(gatewayUrl: string): Promise<void> {
    process.on('uncaughtException', this.#onCrash).on('unhandledRejection', this.#onCrash)
    this.#response = await request(gatewayUrl, { target: '/stream', host: 'localhost' })
    expect(this.#response.status).toBe(200)
  }

  /** Ends the stream, which must have been whole, and tells of every error that nobody caught. */
  async close(): Promise<void> {
    process.off('uncaughtException', this.#onCrash).off('unhandledRejection', this.#onCrash)
    if (this.#timer) clearInterval(this.#timer)
    await this.#exchange?.endChunks()
    const body = await this.#response?.readAll()
    expect(body?.toString()).toBe(this.#sent)
    expect(this.#sent).not.toBe('')
    expect(this.#crashes).toEqual([])
    this.#response?.client.close()
  }
}
