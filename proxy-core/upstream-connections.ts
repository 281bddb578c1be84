import type { Socket } from 'node:net'
import { Dispatcher, type buildConnector } from 'undici'
import { UpstreamConnection, type ConnectionOwner } from './upstream-connection.ts'
import { UpstreamExchange } from './upstream-exchange.ts'

/** More idle connections to one origin are closed rather than kept. */
const maxIdle = 256

/**
 * The HTTP/1.1 connections to one origin: one exchange at a time on each, as many as there are exchanges, and idle ones used again,
 * the one used last first.
 */
export class UpstreamConnections extends Dispatcher implements ConnectionOwner {
  readonly #address: buildConnector.Options
  /** Sockets whose bytes come by `readInto`. */
  readonly #connect: buildConnector.connector
  /** Sockets that can be given away, for a switch of protocols. */
  readonly #connectWhole: buildConnector.connector
  readonly #isPlain: boolean
  readonly #connections = new Set<UpstreamConnection>()
  readonly #idle: UpstreamConnection[] = []
  #isRetired = false
  readonly #onEmpty: (() => void)[] = []

  /** `connect` makes a connector with these further options. */
  constructor(origin: string, connect: (more: object) => buildConnector.connector) {
    super()
    const { protocol, hostname, host, port } = new URL(origin)
    this.#address = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port }
    this.#isPlain = protocol === 'http:'
    this.#connectWhole = connect({})
    this.#connect = this.#isPlain ? connect({ onread: { buffer: readBuffer, callback: readInto } }) : this.#connectWhole
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#connections.size
  }

  override dispatch(options: ConnectionOptions, handler: ConnectionUser): boolean {
    const mayUpgrade = typeof options.upgrade === 'string'
    const idle = options.isFresh === true || mayUpgrade ? undefined : this.#idle.pop()
    const connection = idle ?? new UpstreamConnection(this.#address.host ?? '', this)
    let exchange: UpstreamExchange
    try {
      exchange = new UpstreamExchange(connection, options, handler)
    } catch (error) {
      if (idle !== undefined) this.#idle.push(idle)
      handler.onResponseError?.(null as unknown as Dispatcher.DispatchController, error as Error)
      return true
    }
    handler.isReusing = idle !== undefined
    connection.idleIndex = -1
    if (connection.idleTimer !== null) clearTimeout(connection.idleTimer)
    connection.idleTimer = null
    if (idle === undefined) this.#open(connection, this.#isPlain && !mayUpgrade)
    connection.use(exchange)
    return true
  }

  /** Closes idle connections now and every other one when its exchange has ended. Exchanges that are dispatched later still find one. */
  override close(): Promise<void>
  override close(callback: () => void): void
  override close(callback?: () => void): Promise<void> | undefined {
    this.#isRetired = true
    for (const connection of this.#idle.splice(0)) {
      connection.idleIndex = -1
      connection.cut(destroyed())
    }
    if (!callback) return new Promise((resolve) => this.#whenEmpty(resolve))
    this.#whenEmpty(callback)
    return undefined
  }

  /** Cuts all connections, whatever is on them. */
  override destroy(error?: Error | null): Promise<void>
  override destroy(callback: () => void): void
  override destroy(error: Error | null, callback: () => void): void
  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> | undefined {
    this.#isRetired = true
    const reason = typeof error === 'function' ? null : (error ?? null)
    const whenDone = typeof error === 'function' ? error : callback
    for (const connection of this.#connections) connection.cut(reason ?? destroyed())
    if (!whenDone) return Promise.resolve()
    queueMicrotask(whenDone)
    return undefined
  }

  /** Its exchange is over: it is kept for another, or closed. */
  idle(connection: UpstreamConnection, keepAliveMs: number | null): void {
    if (this.#isRetired || this.#idle.length >= maxIdle) {
      connection.cut(destroyed())
      return
    }
    // A second before the upstream closes it, a request sent on it may meet the close.
    const idleMs = keepAliveMs === null ? defaultIdleMs : Math.min(keepAliveMs - closeAheadMs, maxIdleMs)
    if (idleMs <= 0) {
      connection.cut(destroyed())
      return
    }
    connection.idleTimer = setTimeout(() => connection.cut(destroyed()), idleMs)
    connection.idleTimer.unref()
    connection.idleIndex = this.#idle.push(connection) - 1
  }

  gone(connection: UpstreamConnection): void {
    if (!this.#connections.delete(connection)) return
    if (connection.idleTimer !== null) clearTimeout(connection.idleTimer)
    const last = this.#idle.at(-1)
    if (connection.idleIndex >= 0 && last) {
      this.#idle[connection.idleIndex] = last
      last.idleIndex = connection.idleIndex
      this.#idle.pop()
      connection.idleIndex = -1
    }
    if (this.#connections.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve()
  }

  #whenEmpty(callback: () => void): void {
    if (this.#connections.size === 0) queueMicrotask(callback)
    else this.#onEmpty.push(callback)
  }

  #open(connection: UpstreamConnection, isRead: boolean): void {
    this.#connections.add(connection)
    const connect = isRead ? this.#connect : this.#connectWhole
    connect(this.#address, (...[error, socket]) => {
      if (error !== null) {
        connection.unconnected(error)
        return
      }
      if (isRead) readers.set(socket, connection)
      connection.connected(socket, isRead)
    })
  }
}

/** A handler that can tell, when its exchange has ended, that nobody should use the connection after it. */
export interface ConnectionUser extends Dispatcher.DispatchHandler {
  readonly hasSpoiltConnection?: boolean
  /** Written here: others have used its connection before, and nothing has come on it since, so that it may have died unseen. */
  isReusing?: boolean
}

/** What undici takes, and whether a connection must be a new one. */
export interface ConnectionOptions extends Dispatcher.DispatchOptions {
  readonly isFresh?: boolean
}

const defaultIdleMs = 4000
const maxIdleMs = 60_000
const closeAheadMs = 2000

/** All sockets are read into one buffer: what is in it is taken or copied before the next read. A stream would take 64 KiB for each. */
const readBuffer = Buffer.alloc(65_536)
const readers = new WeakMap<object, UpstreamConnection>()

function readInto(this: Socket, bytes: number): boolean {
  readers.get(this)?.read(readBuffer.subarray(0, bytes))
  return !this.isPaused()
}

function destroyed(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'UND_ERR_DESTROYED' })
}
