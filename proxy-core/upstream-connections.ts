import { Client, Dispatcher } from 'undici'

/** More idle connections to one origin are closed rather than kept. */
const maxIdle = 256

/**
 * The HTTP/1.1 connections to one origin: one exchange at a time on each, as many as there are exchanges, and idle ones used again,
 * the one used last first.
 */
export class UpstreamConnections extends Dispatcher {
  // undici's Pool walks its connections at each dispatch to find a free one: 200 µs with 5,000 open streams, where this takes 4.
  readonly #origin: string
  readonly #serverName: string
  readonly #options: Client.Options
  readonly #connections = new Set<Connection>()
  readonly #idle: Connection[] = []
  #isRetired = false
  readonly #onEmpty: (() => void)[] = []

  constructor(origin: string, options: Omit<Client.Options, 'pipelining' | 'allowH2'>) {
    super()
    this.#origin = origin
    this.#serverName = new URL(origin).hostname
    this.#options = { ...options, pipelining: 1, allowH2: false }
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#connections.size
  }

  override dispatch(options: ConnectionOptions, handler: ConnectionUser): boolean {
    const idle = options.isFresh === true ? undefined : this.#idle.pop()
    const connection = idle ?? this.#open()
    handler.isReusing = idle !== undefined
    connection.user = handler
    connection.idleIndex = -1
    connection.isBusy = true
    // undici reads a server name off Host and drops the connection when it changes. Here it belongs to the origin, so it never does.
    const withServerName: Dispatcher.DispatchOptions & { servername: string } = { ...options, servername: this.#serverName }
    const needsNoDrain = connection.client.dispatch(withServerName, handler)
    // What undici refuses to queue has no drain event.
    if (connection.client.stats.size === 0) this.#settle(connection)
    return needsNoDrain
  }

  /** Closes idle connections now and every other one when its exchange has ended. Exchanges that are dispatched later still find one. */
  override close(): Promise<void>
  override close(callback: () => void): void
  override close(callback?: () => void): Promise<void> | undefined {
    this.#isRetired = true
    for (const connection of this.#idle.splice(0)) this.#drop(connection)
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
    const destroyed = Promise.all([...this.#connections].map((connection) => connection.client.destroy(reason))).then(() => {
      this.#idle.length = 0
      for (const connection of this.#connections) this.#drop(connection)
    })
    if (!whenDone) return destroyed
    void destroyed.then(whenDone)
    return undefined
  }

  #whenEmpty(callback: () => void): void {
    if (this.#connections.size === 0) queueMicrotask(callback)
    else this.#onEmpty.push(callback)
  }

  #open(): Connection {
    const client = new Client(this.#origin, this.#options)
    const connection: Connection = { client, user: null, isBusy: false, idleIndex: -1 }
    const lose = (): void => {
      if (!connection.isBusy) this.#drop(connection)
    }
    client.on('disconnect', lose)
    client.on('connectionError', lose)
    client.on('drain', () => this.#settle(connection))
    this.#connections.add(connection)
    return connection
  }

  /** Its exchange has ended: the connection waits for the next one, or goes. */
  #settle(connection: Connection): void {
    if (!connection.isBusy) return
    connection.isBusy = false
    const isSpoilt = connection.user?.hasSpoiltConnection === true
    connection.user = null
    if (this.#isRetired || isSpoilt || this.#idle.length >= maxIdle || !connection.client.stats.connected) this.#drop(connection)
    else connection.idleIndex = this.#idle.push(connection) - 1
  }

  #drop(connection: Connection): void {
    if (!this.#connections.delete(connection)) return
    const last = this.#idle.at(-1)
    if (connection.idleIndex >= 0 && last) {
      this.#idle[connection.idleIndex] = last
      last.idleIndex = connection.idleIndex
      this.#idle.pop()
      connection.idleIndex = -1
    }
    if (!connection.client.closed && !connection.client.destroyed) void connection.client.close()
    if (this.#connections.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve()
  }
}

/** A handler that can tell, when its exchange has ended, that nobody should use the connection after it. */
export interface ConnectionUser extends Dispatcher.DispatchHandler {
  readonly hasSpoiltConnection?: boolean
  /** Written here: others have used its connection before, so that it may have died unseen. */
  isReusing?: boolean
}

/** What undici takes, and whether a connection must be a new one. */
export interface ConnectionOptions extends Dispatcher.DispatchOptions {
  readonly isFresh?: boolean
}

interface Connection {
  readonly client: Client
  /** Whose exchange is on it. */
  user: ConnectionUser | null
  isBusy: boolean
  /** Where it stands among the idle ones; -1 while it is not one of them. */
  idleIndex: number
}
