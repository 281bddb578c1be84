import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { now } from './clock.ts'
import type { LiveExchange } from './live-exchange.ts'
import type { Tap } from './tap.ts'

/** What a tunnel joins, and who is told. */
export interface TunnelOptions {
  readonly client: Socket
  readonly upstream: Duplex
  readonly exchange: LiveExchange
  /** Watches what the client sends; the exchange's own tap watches the other direction. */
  readonly requestTap: Tap | null
  /** Both sides have ended, or one was cut. */
  onEnd(state: 'complete' | 'aborted' | 'failed'): void
}

/**
 * Joins two connections after a switch of protocols (RFC 9110 §7.8) until both have ended: bytes pass as they come, in both directions,
 * at the pace of whoever reads slower.
 */
export class Tunnel {
  readonly #options: TunnelOptions
  #isOver = false

  constructor(options: TunnelOptions) {
    this.#options = options
  }

  start(): void {
    const { client, upstream, exchange, requestTap } = this.#options
    client.setTimeout(0)
    carry(client, upstream, {
      came: (chunk) => {
        exchange.requestBytes += chunk.length
        requestTap?.arrived(chunk, now())
        exchange.touch()
      },
      taken: (bytes) => requestTap?.left(bytes, now()),
    })
    carry(upstream, client, {
      came: (chunk) => exchange.arrived(chunk, now()),
      taken: (bytes) => exchange.left(bytes, now()),
    })
    // Whoever ends its side ends the tunnel, once the other has been given all that came before.
    client.once('end', () => this.#end(upstream, 'complete'))
    upstream.once('end', () => this.#end(client, 'complete'))
    client.once('close', () => this.#end(upstream, 'aborted'))
    upstream.once('close', () => this.#end(client, 'failed'))
    client.on('error', () => undefined)
    upstream.on('error', () => undefined)
  }

  /** Cuts both sides. */
  stop(): void {
    this.#isOver = true
    this.#options.client.destroy()
    this.#options.upstream.destroy()
  }

  #end(other: Duplex, state: 'complete' | 'aborted' | 'failed'): void {
    if (this.#isOver) return
    this.#isOver = true
    const { client, upstream } = this.#options
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    if (state === 'complete') other.end(cut)
    else cut()
    this.#options.onEnd(state)
  }
}

function carry(from: Duplex, to: Duplex, seen: { came(chunk: Buffer): void; taken(bytes: number): void }): void {
  from.on('data', (chunk: Buffer) => {
    seen.came(chunk)
    const hasRoom = to.write(chunk, (error) => {
      if (!error) seen.taken(chunk.length)
    })
    if (!hasRoom) from.pause()
  })
  to.on('drain', () => from.resume())
}
