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
    carry(client, upstream, (chunk, isTaken) => {
      exchange.requestBytes += chunk.length
      requestTap?.arrived(chunk, now())
      if (isTaken) requestTap?.left(chunk.length, now())
      exchange.touch()
    })
    carry(upstream, client, (chunk, isTaken) => {
      if (isTaken) exchange.left(chunk.length, now())
      else exchange.arrived(chunk, now())
    })
    client.once('close', () => this.#closed(upstream, 'aborted'))
    upstream.once('close', () => this.#closed(client, 'failed'))
    client.on('error', () => undefined)
    upstream.on('error', () => undefined)
  }

  /** Cuts both sides. */
  stop(): void {
    this.#isOver = true
    this.#options.client.destroy()
    this.#options.upstream.destroy()
  }

  #closed(other: Duplex, cutState: 'aborted' | 'failed'): void {
    if (this.#isOver) return
    this.#isOver = true
    const { client, upstream } = this.#options
    const isWhole = client.readableEnded && upstream.readableEnded
    other.destroy()
    this.#options.onEnd(isWhole ? 'complete' : cutState)
  }
}

/** Hands each chunk on; `seen` is told when it came and again when it was taken. */
function carry(from: Duplex, to: Duplex, seen: (chunk: Buffer, isTaken: boolean) => void): void {
  from.on('data', (chunk: Buffer) => {
    seen(chunk, false)
    const hasRoom = to.write(chunk, (error) => {
      if (!error) seen(chunk, true)
    })
    if (!hasRoom) from.pause()
  })
  to.on('drain', () => from.resume())
  from.once('end', () => to.end())
}
