import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Condition } from './condition.ts'
import { UpstreamConnection, type UpstreamExchange } from './upstream-exchange.ts'

/** A scripted server on 127.0.0.1 whose every byte is the test's. */
export interface Upstream {
  readonly url: string
  readonly port: number
  /** Requests so far, oldest first. */
  readonly exchanges: readonly UpstreamExchange[]
  /** The next request that has not been asked for yet. */
  next(): Promise<UpstreamExchange>
  /** Connections so far. */
  readonly connections: number
  readonly openConnections: number
  /** Waits until so many connections are open. */
  untilOpenConnections(count: number): Promise<void>
  /** Ends everything; fails when the handler did. */
  close(): Promise<void>
}

/** How a scripted upstream listens. */
export interface UpstreamOptions {
  readonly port?: number
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** Starts a scripted upstream. Each request goes to the handler as soon as its head is there, and to `next()`. */
export async function startUpstream(
  handler: (exchange: UpstreamExchange) => void | Promise<void> = () => {},
  { port = 0, tls }: UpstreamOptions = {},
): Promise<Upstream> {
  const exchanges: UpstreamExchange[] = []
  const sockets = new Set<Socket>()
  const failures: unknown[] = []
  const condition = new Condition()
  let asked = 0
  let connections = 0

  const onExchange = (exchange: UpstreamExchange) => {
    exchanges.push(exchange)
    void (async () => handler(exchange))().catch((error: unknown) => {
      failures.push(error)
      exchange.destroy()
    })
    condition.changed()
  }
  const onSocket = (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      condition.changed()
    })
    new UpstreamConnection(socket, onExchange)
    condition.changed()
  }

  const server = tls ? createTlsServer({ ...tls, ALPNProtocols: ['http/1.1'] }, onSocket) : createSocketServer({ noDelay: true }, onSocket)
  const bound = await listen(server, port)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${String(bound)}`,
    port: bound,
    exchanges,
    next: () => {
      const index = asked++
      return condition.until(
        () => exchanges[index],
        () => `request ${String(index + 1)} at the upstream`,
      )
    },
    get connections() {
      return connections
    },
    get openConnections() {
      return sockets.size
    },
    untilOpenConnections: async (count) => {
      await condition.until(
        () => sockets.size === count,
        () => `${String(count)} open connections at the upstream (${String(sockets.size)} now)`,
      )
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** An ordinary node:http server on 127.0.0.1. */
export interface HttpUpstream {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** Starts a node:http server, for tests that need no control over bytes. */
export async function startHttpUpstream(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { port = 0, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<HttpUpstream> {
  const server = createServer(handler)
  const bound = await listen(server, port, host)
  return {
    url: `http://127.0.0.1:${String(bound)}`,
    port: bound,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function listen(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
