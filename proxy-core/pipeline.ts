import type { Socket } from 'node:net'
import { watchForReset } from './reset-watch.ts'

/** So many requests may wait on a connection behind the one that is being answered; its client is read on when their turn has come. */
const maxWaiting = 64

/** The requests that wait on one connection. */
export class Pipeline {
  static readonly #all = new WeakMap<Socket, Pipeline>()
  readonly #socket: Socket
  #waiting = 0
  #leaveClient: (() => void) | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static of(socket: Socket): Pipeline {
    let pipeline = Pipeline.#all.get(socket)
    if (!pipeline) Pipeline.#all.set(socket, (pipeline = new Pipeline(socket)))
    return pipeline
  }

  /** Another one waits. */
  entered(): void {
    this.#waiting++
    // node:http reads on at the end of each request: what has come in one piece is taken in first.
    if (this.#waiting === maxWaiting) queueMicrotask(() => this.#pause())
  }

  /** The turn of the first one has come. */
  left(): void {
    this.#waiting--
    if (this.#leaveClient === null || this.#waiting >= maxWaiting / 2) return
    this.#leaveClient()
    this.#leaveClient = null
    this.#socket.resume()
  }

  #pause(): void {
    if (this.#leaveClient !== null || this.#waiting < maxWaiting) return
    this.#leaveClient = watchForReset(this.#socket)
    this.#socket.pause()
  }
}
