import type { Readable } from 'node:stream'
import { type buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { resetLeftStreams } from './http2-left-streams.ts'
import { isByGoaway } from './upstream-errors.ts'

resetLeftStreams()

/** What a pool is opened with. */
export interface Http2PoolOptions {
  readonly connect: buildConnector.connector
  /** Opens connections for a request that asks to switch protocols. */
  readonly openHttp1: () => Dispatcher
  /** Told when the upstream has asked to open no more streams here, and another pool is to be used. */
  readonly leave: (pool: Http2Pool) => void
}

/** HTTP/2 connections to one upstream, each shared among many exchanges, which is undici's business. */
export class Http2Pool extends Pool {
  readonly #origin: string
  readonly #openHttp1: () => Dispatcher

  constructor(origin: string, { connect, openHttp1, leave }: Http2PoolOptions) {
    // Timeouts are those of each request; a quiet stream is not a dead one, so by default there is none.
    const options = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4000, keepAliveMaxTimeout: 60_000, maxHeaderSize: 65_536 }
    super(origin, { ...options, connect, allowH2: true })
    this.#origin = origin
    this.#openHttp1 = openHttp1
    this.on('disconnect', (_origin, targets, error) => {
      if (!isByGoaway(error)) return
      // undici opens no connection beside one that was told to go away (RFC 9113 §6.8) until that one's open streams have ended.
      leave(this)
      const client = targets.at(-1)
      if (client instanceof Client) openNoMore(client, error)
    })
  }

  override dispatch({ body, ...rest }: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // RFC 9113 §8.6: HTTP/2 has no switch of protocols, and the one of RFC 8441 has another answer than the client waits for.
    if (typeof rest.upgrade === 'string') {
      const connections = this.#openHttp1()
      const isTaken = connections.dispatch(rest, handler)
      // What has switched stays, and is used by nobody else.
      void connections.close()
      return isTaken
    }
    // By itself undici takes it from the Host field, and has a request with another one wait until every open stream has ended, and all
    // behind it too: it wants a connection for each. Which name is sent is the connector's business.
    const options: Dispatcher.DispatchOptions & { readonly servername: string } = { ...rest, servername: this.#origin }
    if (body === null || body === undefined) return super.dispatch(options, handler)
    // Of a stream undici watches for sent bytes on the side where those of the response come, which then may come before their head and
    // are lost. What can be iterated it counts where it writes.
    const chunks = { [Symbol.asyncIterator]: () => (body as Readable)[Symbol.asyncIterator]() }
    return super.dispatch({ ...options, body: chunks as unknown as Readable }, handler)
  }
}

/**
 * Has a client that was told to go away open no further connection: what waits for one fails, so that it is sent elsewhere.
 *
 * undici keeps what a GOAWAY left out, or what is refused behind it, and has no body for a next connection of the same client. Beside
 * streams that go on it would not open that one. With leave to do so it takes the answers of an upstream that now speaks HTTP/1.1 for those
 * of these streams, and calls one that is gone again and again without a pause.
 */
function openNoMore(client: Client, error: Error): void {
  const [resume, queue, pending] = ['resume', 'queue', 'pending index'].map((name) => ownSymbol(client, name))
  if (!resume || !queue || !pending) return
  const goOn = Reflect.get(client, resume) as (isNow?: boolean) => void
  Reflect.set(client, resume, (isNow?: boolean) => {
    const requests = Reflect.get(client, queue) as { onResponseError(error: Error): void }[]
    const waiting = requests.splice(Reflect.get(client, pending) as number)
    for (const request of waiting) request.onResponseError(error)
    goOn(isNow)
  })
}

/** The symbol by that name under which undici keeps something on an object. */
function ownSymbol(object: object, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find(({ description }) => description === name)
}
