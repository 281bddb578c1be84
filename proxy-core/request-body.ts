import { Readable } from 'node:stream'
import type { ClientRequest } from './client-side.ts'

/** A client may go on for so long with a body that nobody wants any more; nginx's `lingering_time` is the same. */
const lingeringMs = 30_000

/**
 * The body of a request on its way to the upstream. Where the upstream wants no more of it, the rest is read and dropped.
 * undici takes the socket from a request that it destroys, so that a client which first sends all of its body would wait for ever.
 */
export class RequestBody extends Readable {
  readonly #request: ClientRequest
  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#request.pause()
  }
  readonly #onEnd = (): void => void this.push(null)
  readonly #onError = (error: Error): void => void this.destroy(error)

  constructor(request: ClientRequest) {
    super()
    this.#request = request
    request.pause().on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError)
  }

  override _read(): void {
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError)
    dropRest(this.#request)
    callback(error)
  }
}

/** Reads what is left of a body away, so that the client gets to read its answer; for so long, then its connection is cut. */
export function dropRest(request: ClientRequest): void {
  if (request.complete || request.destroyed) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), lingeringMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
