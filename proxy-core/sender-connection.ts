import type { Socket } from 'node:net'
import { buildConnector, Client, type Dispatcher } from 'undici'
import type { OwnRequest } from './request-plan.ts'

/** Who is told how a request of the window's fares. */
export interface SenderObserver {
  /** The connection stands and nothing has been sent; its own address is the one that the listener will see. */
  connected(localAddress: string): void
  responded(status: number, headers: unknown): void
  received(chunk: Buffer): void
  /** The answer was read to its end, or was cut. */
  ended(error: Error | null): void
}

/** Sends one request on a connection of its own and reads the answer away. Returns how to leave. */
export function sendOwnRequest(
  request: OwnRequest & { readonly method: string; readonly body: string | Uint8Array | null },
  observer: SenderObserver,
  ca: string | null,
): () => void {
  const connect = buildConnector({ allowH2: false, ...(ca === null ? {} : { ca }) })
  const client = new Client(request.origin, {
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (socket) observer.connected(localAddress(socket))
        // The pair is a union, and undici's own callback takes one of its kinds.
        ;(callback as (error: Error | null, socket: Socket | null) => void)(error, socket)
      }),
  })
  let isOver = false
  const end = (error: Error | null): void => {
    if (isOver) return
    isOver = true
    client.destroy().catch(() => undefined)
    observer.ended(error)
  }
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => undefined,
    onResponseStart: (controller, status, headers) => {
      if (!isOver && status >= 200) observer.responded(status, controller.rawHeaders ?? headers)
    },
    onResponseData: (_controller, chunk) => {
      if (!isOver) observer.received(chunk)
    },
    onResponseEnd: () => end(null),
    onResponseError: (_controller, error) => end(error),
  }
  const { target, method, fields, body } = request
  client.dispatch({ path: target, method: method as Dispatcher.HttpMethod, headers: fields, body }, handler)
  return () => end(new Error('stopped'))
}

/** A connection as both its ends know it. */
export function connectionKey(address: string | undefined, port: number | undefined): string {
  return `${(address ?? '').replace(/^::ffff:(?=\d)/i, '')} ${String(port ?? 0)}`
}

function localAddress({ localAddress: address, localPort }: Socket): string {
  return connectionKey(address, localPort)
}
