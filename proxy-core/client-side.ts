import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { HoldSink } from './hold.ts'

/** A request as the gateway reads it, whichever HTTP version carried it; node:http's `IncomingMessage` is one. */
export interface ClientRequest extends Readable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: string[]
  readonly httpVersion: string
  readonly socket: Socket
  /** Whether all of it has come. */
  readonly complete: boolean
  /** Where the HTTP version marks it otherwise than by a field. */
  readonly hasBody?: boolean
}

/** Who is told what becomes of the client's side. */
export interface ClientSideObserver {
  /** The bytes that waited have been taken by the client's socket. */
  drained(): void
  /** The client takes no more: the response has ended, or the client has left. */
  closed(): void
}

/** Where the response of one exchange goes, whichever HTTP version carries it. */
export interface ClientSide extends HoldSink {
  /** Whether a head was sent, so that an error can no longer be answered. */
  readonly hasHead: boolean
  /** Whether the client has left. */
  readonly isGone: boolean
  observe(observer: ClientSideObserver): void
  /** Sends an interim response (RFC 9110 §15.2), or the head that switches protocols. */
  writeInformational(status: number, fields: readonly string[]): void
  /** Sends the head at once, so that an `EventSource` opens before the first event. */
  writeHead(status: number, statusText: string, fields: readonly string[], hasBody: boolean): void
  /** Ends the body as its framing demands. */
  end(trailers: readonly (readonly [string, string])[]): void
  /** Shows what was sent to be cut, so that it can't be taken for a whole. */
  destroy(): void
  /** Sends a whole answer of the gateway's own; the body is left out where the method has none. */
  answer(status: number, fields: readonly string[], body: Buffer | null): void
}

/** Whether a body follows the head (RFC 9112 §6.3). */
export function hasBody(request: Pick<ClientRequest, 'hasBody' | 'headers'>): boolean {
  const { headers } = request
  return request.hasBody ?? (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}
