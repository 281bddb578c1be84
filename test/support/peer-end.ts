import type { Socket } from 'node:net'
import { Condition } from './condition.ts'
import { epochMs } from './epoch.ts'

/** When the other side closed a connection, and whether it was reset. */
export interface PeerEnded {
  readonly at: number
  readonly isReset: boolean
}

/** Watches a socket for its end. It must be read from, or the end goes unseen. */
export class PeerEnd {
  readonly #condition = new Condition()
  #ended: PeerEnded | null = null

  constructor(socket: Socket) {
    const end = (isReset: boolean) => {
      this.#ended ??= { at: epochMs(), isReset }
      this.#condition.changed()
    }
    socket.on('end', () => end(false))
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNRESET' || error.code === 'EPIPE'))
    socket.on('close', () => end(false))
  }

  get isEnded(): boolean {
    return this.#ended !== null
  }

  get end(): PeerEnded | null {
    return this.#ended
  }

  ended(timeoutMs?: number): Promise<PeerEnded> {
    return this.#condition.until(
      () => this.#ended,
      () => 'the connection to close',
      timeoutMs,
    )
  }
}
