import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { fieldValue } from './headers.ts'
import { requestHead } from './request-head.ts'
import { ResponseParser, type ResponseReader } from './response-parser.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import type { ConnectionOptions, ConnectionUser } from './upstream-connections.ts'

/** One exchange on a connection, from its request's first byte to its response's last. */
export class UpstreamExchange implements Dispatcher.DispatchController, ResponseReader {
  readonly #connection: UpstreamConnection
  readonly #options: ConnectionOptions
  readonly #user: ConnectionUser
  readonly #parser: ResponseParser
  readonly #body: Readable | null
  /** Until it is sent. */
  #requestHead: string
  #socket: Socket | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #isBodySent: boolean
  #hasHead = false
  #isOver = false
  #leftBytes: number | null = null
  aborted = false
  paused = false
  reason: Error | null = null
  rawHeaders: string[] = []
  /** That of the last head. */
  httpVersion: '1.0' | '1.1' = '1.1'
  rawTrailers: string[] = []

  /** Throws where the request can't be put in words. */
  constructor(connection: UpstreamConnection, options: ConnectionOptions, user: ConnectionUser) {
    this.#requestHead = requestHead(options, connection.authority)
    this.#connection = connection
    this.#options = options
    this.#user = user
    this.#body = (options.body ?? null) as Readable | null
    this.#isBodySent = this.#body === null
    const mayUpgrade = typeof options.upgrade === 'string'
    this.#parser = new ResponseParser({ method: options.method, mayUpgrade }, this)
  }

  start(socket: Socket): void {
    this.#socket = socket
    this.#user.onRequestStart?.(this, null)
    if (this.#isOver) return
    socket.write(this.#requestHead, 'latin1')
    this.#requestHead = ''
    this.#limit(this.#options.headersTimeout ?? 0, 'UND_ERR_HEADERS_TIMEOUT')
    if (this.#body !== null) this.#sendBody(this.#body)
  }

  take(bytes: Buffer, isBorrowed: boolean): void {
    if (this.#hasHead) this.#timer?.refresh()
    else this.#user.isReusing = false
    try {
      this.#parser.feed(bytes, isBorrowed)
    } catch (error) {
      // What is no fault of the response is one of ours: it ends this exchange, and no other.
      this.#connection.cut(error instanceof Error ? error : new Error(String(error)))
    }
  }

  finish(): boolean {
    return this.#parser.finish()
  }

  drained(): void {
    this.#body?.resume()
  }

  failed(error: Error): void {
    if (this.#isOver) return
    this.#over()
    this.#user.onResponseError?.(this, error)
  }

  abort(reason: Error): void {
    if (this.#isOver) return
    this.aborted = true
    this.reason = reason
    this.#connection.cut(reason)
  }

  pause(): void {
    if (this.#isOver) return
    this.paused = true
    this.#socket?.pause()
  }

  resume(): void {
    if (this.#isOver) return
    this.paused = false
    this.#timer?.refresh()
    this.#socket?.resume()
  }

  head(status: number, reason: string, fields: string[], httpVersion: '1.0' | '1.1'): void {
    if (this.#isOver) return
    this.httpVersion = httpVersion
    this.rawHeaders = fields
    if (status === 101) return
    if (status >= 200) {
      this.#hasHead = true
      this.#limit(this.#options.bodyTimeout ?? 0, 'UND_ERR_BODY_TIMEOUT')
    }
    this.#user.onResponseStart?.(this, status, {}, reason)
  }

  data(chunk: Buffer): void {
    if (!this.#isOver) this.#user.onResponseData?.(this, chunk)
  }

  end(trailers: string[], rest: Buffer): void {
    if (this.#isOver) return
    const socket = this.#socket
    if (!this.#hasHead && socket !== null) {
      this.#over()
      this.#connection.handOver()
      if (rest.length > 0) socket.unshift(rest)
      this.#user.onRequestUpgrade?.(this, 101, {}, socket)
      return
    }
    this.rawTrailers = trailers
    // Bytes behind a response belong to no exchange, and what is left of a request would be taken for the next.
    const mayKeep = this.#parser.isKept && this.#isBodySent && rest.length === 0
    this.#over()
    this.#user.onResponseEnd?.(this, {})
    this.#connection.settled(this, mayKeep && this.#user.hasSpoiltConnection !== true, this.#parser.keepAliveMs)
  }

  #over(): void {
    this.#isOver = true
    this.#parser.stop()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** A limit that is passed while the client makes the upstream wait is not the upstream's. */
  #limit(ms: number, code: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (ms === 0 || this.#isOver) return
    this.#timer = setTimeout(() => {
      if (this.paused) this.#timer?.refresh()
      else this.#connection.cut(Object.assign(new Error(code), { code }))
    }, ms)
  }

  #sendBody(body: Readable): void {
    const length = fieldValue(this.#options.headers as string[], 'content-length')
    this.#leftBytes = length === undefined ? null : Number(length)
    body.on('data', (chunk: Buffer) => this.#send(body, chunk))
    body.on('end', () => this.#sent())
    body.on('error', (error) => this.#connectionFault(error))
  }

  #send(body: Readable, chunk: Buffer): void {
    const socket = this.#socket
    if (this.#isOver || socket === null || chunk.length === 0) return
    let hasRoom: boolean
    if (this.#leftBytes === null) {
      socket.cork()
      socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
      socket.write(chunk)
      hasRoom = socket.write('\r\n', 'latin1')
      socket.uncork()
    } else {
      this.#leftBytes -= chunk.length
      if (this.#leftBytes < 0) return this.#connectionFault(wrongLength())
      hasRoom = socket.write(chunk)
    }
    if (!this.#hasHead) this.#timer?.refresh()
    this.#user.onBodySent?.(chunk)
    if (!hasRoom) body.pause()
  }

  #sent(): void {
    if (this.#isOver) return
    if (this.#leftBytes !== null && this.#leftBytes > 0) return this.#connectionFault(wrongLength())
    this.#isBodySent = true
    if (this.#leftBytes === null) this.#socket?.write('0\r\n\r\n', 'latin1')
  }

  #connectionFault(error: Error): void {
    if (!this.#isOver) this.#connection.cut(error)
  }
}

/** The HTTP version that a response came by. undici serves upstreams with HTTP/2, and has the fields of such a response as an object. */
export function responseVersion(controller: Dispatcher.DispatchController): '1.0' | '1.1' | '2' {
  if (controller instanceof UpstreamExchange) return controller.httpVersion
  return Array.isArray(controller.rawHeaders) ? '1.1' : '2'
}

function wrongLength(): Error {
  return Object.assign(new Error('wrong length'), { code: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH' })
}
