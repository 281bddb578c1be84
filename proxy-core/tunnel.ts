import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { now } from './clock.ts'
import type { Direction } from './contract/messages.ts'
import { watchForReset } from './reset-watch.ts'

/** Who watches a tunnel, while its bytes are on their way. */
export interface TunnelWatch {
  arrived(direction: Direction, chunk: Buffer, at: number): void
  /** So many further bytes were taken by the receiver's socket. */
  left(direction: Direction, bytes: number, at: number): void
  /** The sender waits for the receiver, or no longer. */
  paused(direction: Direction, isPaused: boolean, at: number): void
}

/** What a tunnel joins, and who is told. */
export interface TunnelOptions {
  readonly client: Socket
  readonly upstream: Duplex
  readonly watch: TunnelWatch
  /** Both sides have ended, or one was cut; `by` is who ended first. */
  onEnd(state: 'complete' | 'aborted' | 'failed', by: 'client' | 'upstream'): void
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
    const { client, upstream, watch } = this.#options
    client.setTimeout(0)
    carry(client, upstream, 'toUpstream', watch)
    carry(upstream, client, 'toClient', watch)
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
    this.#options.onEnd(state, other === upstream ? 'client' : 'upstream')
  }
}

function carry(from: Duplex, to: Duplex, direction: Direction, watch: TunnelWatch): void {
  let leaveSender: (() => void) | null = null
  from.on('data', (chunk: Buffer) => {
    const at = now()
    const hasRoom = to.write(chunk, (error) => {
      if (!error) watch.left(direction, chunk.length, now())
    })
    // Looked at when it is on its way.
    watch.arrived(direction, chunk, at)
    if (hasRoom || from.isPaused()) return
    from.pause()
    leaveSender ??= watchForReset(from)
    watch.paused(direction, true, at)
  })
  to.on('drain', () => {
    if (!from.isPaused()) return
    leaveSender?.()
    leaveSender = null
    watch.paused(direction, false, now())
    from.resume()
  })
}
