import type { Socket } from 'node:net'
import type { UpstreamExchange } from './upstream-exchange.ts'

/** Who is told what becomes of a connection. */
export interface ConnectionOwner {
  /** Its exchange is over and another may use it, for so long as the upstream keeps it. */
  idle(connection: UpstreamConnection, keepAliveMs: number | null): void
  gone(connection: UpstreamConnection): void
}

/** One HTTP/1.1 connection to an upstream, with one exchange at a time: bytes go from the socket through a parser to its user. */
export class UpstreamConnection {
  readonly #owner: ConnectionOwner
  #socket: Socket | null = null
  #exchange: UpstreamExchange | null = null
  #reason: Error | null = null
  idleIndex = -1
  idleTimer: ReturnType<typeof setTimeout> | null = null

  /** Host and port as a Host field says them. */
  readonly authority: string

  constructor(authority: string, owner: ConnectionOwner) {
    this.authority = authority
    this.#owner = owner
  }

  /** The socket stands; `isRead` when its bytes come by `read` and not as `data`. */
  connected(socket: Socket, isRead: boolean): void {
    this.#socket = socket
    if (!isRead) socket.on('data', this.#onData)
    socket.on('drain', this.#onDrain).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
    if (this.#reason !== null) socket.destroy()
    else this.#exchange?.start(socket)
  }

  /** There is no socket. */
  unconnected(error: Error): void {
    this.#lose(this.#reason ?? error)
  }

  /** Begins an exchange, at once or when the socket stands. */
  use(exchange: UpstreamExchange): void {
    this.#exchange = exchange
    if (this.#socket !== null) exchange.start(this.#socket)
  }

  /** Takes bytes whose memory is used again. */
  read(bytes: Buffer): void {
    this.#take(bytes, true)
  }

  /** Cuts it, whatever is on it. */
  cut(reason: Error): void {
    this.#reason = reason
    this.#lose(reason)
    this.#socket?.destroy()
  }

  /** Its exchange is over. */
  settled(exchange: UpstreamExchange, isKept: boolean, keepAliveMs: number | null): void {
    if (this.#exchange !== exchange) return
    this.#exchange = null
    const socket = this.#socket
    if (!isKept || socket === null || socket.destroyed) {
      this.#owner.gone(this)
      socket?.destroy()
      return
    }
    // Only who reads sees the upstream close it.
    socket.resume()
    // A close that comes right behind the response is seen before anybody else uses the connection.
    setImmediate(() => {
      if (!socket.destroyed && this.#reason === null) this.#owner.idle(this, keepAliveMs)
    })
  }

  /** Gives the socket away. */
  handOver(): void {
    this.#exchange = null
    const socket = this.#socket
    socket?.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd)
    socket?.off('error', this.#onError).off('close', this.#onClose)
    this.#owner.gone(this)
  }

  #take(bytes: Buffer, isBorrowed: boolean): void {
    // RFC 9112 §9.2: what nobody asked for ends the connection.
    if (this.#exchange === null) this.cut(closedEarly())
    else this.#exchange.take(bytes, isBorrowed)
  }

  #lose(error: Error): void {
    const exchange = this.#exchange
    this.#exchange = null
    this.#owner.gone(this)
    exchange?.failed(error)
  }

  readonly #onData = (bytes: Buffer): void => this.#take(bytes, false)
  readonly #onDrain = (): void => this.#exchange?.drained()
  readonly #onError = (error: Error): void => this.#lose(this.#reason ?? error)
  readonly #onClose = (): void => this.#lose(this.#reason ?? closedEarly())
  readonly #onEnd = (): void => {
    if (this.#exchange?.finish() !== true) this.#lose(this.#reason ?? closedEarly())
    this.#socket?.destroy()
  }
}

function closedEarly(): Error {
  return Object.assign(new Error('closed early'), { code: 'ECONNRESET' })
}
