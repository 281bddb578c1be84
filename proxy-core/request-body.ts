import { Readable } from 'node:stream'
import type { ClientRequest } from './client-side.ts'
import { now } from './clock.ts'
import { GatewayError } from './contract/errors.ts'
import { watchForReset } from './reset-watch.ts'
import { SilenceWatch } from './silence-watch.ts'

/** A client may go on for so long with a body that nobody wants any more; nginx's `lingering_time` is the same. */
const lingeringMs = 30_000
/** A client that is waited for may be silent for so long in the middle of its body; nginx's `client_body_timeout` is the same. */
const silenceMs = 60_000
/** A body that is no larger can be kept, to be sent again; most requests to language models are smaller. */
const keptBytes = 65_536

/**
 * The body of a request on its way to the upstream. Where the upstream wants no more of it, the rest is read and dropped.
 * Whoever sends it destroys it at the end of the response. The request itself would lose its connection by that, and a client which first
 * sends all of its body would never read the answer.
 */
export class RequestBody extends Readable {
  readonly #request: ClientRequest
  readonly #silence: SilenceWatch
  #kept: Buffer[] | null
  #keptBytes = 0
  #isWhole = false
  /** Stops the watch for a client that resets its connection. */
  #leaveClient: (() => void) | null = null
  readonly #onData = (chunk: Buffer): void => {
    this.#silence.heard(now())
    this.#keep(chunk)
    if (this.push(chunk)) return
    this.#request.pause()
    this.#silence.throttled(true, now())
    this.#watchClient()
  }
  readonly #onEnd = (): void => {
    this.#silence.stop()
    this.#leaveClient?.()
    this.#isWhole = true
    this.push(null)
  }
  readonly #onError = (error: Error): void => void this.destroy(error)

  /** `isAwaited` says whether nobody has begun to answer, so that all depends on the rest of the body; `isKept`, whether it may be sent again. */
  constructor(request: ClientRequest, { isAwaited, isKept }: { isAwaited: () => boolean; isKept: boolean }) {
    super()
    this.#request = request
    this.#kept = isKept ? [] : null
    this.#silence = new SilenceWatch(silenceMs, now(), () => {
      if (isAwaited()) this.destroy(new GatewayError('request-timeout', 'The client fell silent in the middle of its request.'))
    })
    this.#silence.throttled(true, now())
    request.pause().on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError)
  }

  /** The whole body from its start; null where something of it was taken and not all of it has come or was kept. */
  again(): Readable | null {
    if (!this.readableDidRead && !this.destroyed) return this
    return this.#isWhole && this.#kept !== null ? Readable.from([Buffer.concat(this.#kept)]) : null
  }

  #keep(chunk: Buffer): void {
    this.#keptBytes += chunk.length
    if (this.#keptBytes > keptBytes) this.#kept = null
    this.#kept?.push(chunk)
  }

  /** From the first time on that it has to wait; over HTTP/2 the connection is read all the same. */
  #watchClient(): void {
    const { httpVersion, socket } = this.#request
    if (httpVersion !== '2') this.#leaveClient ??= watchForReset(socket)
  }

  override _read(): void {
    this.#silence.throttled(false, now())
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#silence.stop()
    this.#leaveClient?.()
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
