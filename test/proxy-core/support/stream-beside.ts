import { expect } from 'vitest'
import type { ClientResponse } from '../../support/client-response.ts'
import { request } from '../../support/client.ts'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'

const everyMs = 5

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
