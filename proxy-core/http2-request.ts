import type { IncomingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { ClientRequest } from './client-side.ts'

/**
 * A request that came on an HTTP/2 stream, with its fields as HTTP/1.1 would have them. A body that its client cuts short is an error,
 * never an end: node:http2 itself ends the stream then.
 */
export class Http2Request extends Readable implements ClientRequest {
  readonly method: string
  readonly url: string
  readonly rawHeaders: string[]
  readonly headers: IncomingHttpHeaders
  /** As Via names it (RFC 9113 §3.1). */
  readonly httpVersion = '2'
  readonly socket: Socket
  readonly hasBody: boolean
  readonly #stream: ServerHttp2Stream
  #isReading = false

  constructor(stream: ServerHttp2Stream, received: readonly string[], options: { hasBody: boolean; socket: Socket }) {
    super()
    const { method, path, fields } = readFields(received)
    this.method = method
    this.url = path
    this.rawHeaders = fields
    this.headers = recordOf(fields)
    this.socket = options.socket
    this.hasBody = options.hasBody
    this.#stream = stream
    // Whoever reads it hears of it; when nobody reads, nobody minds.
    this.on('error', () => undefined)
    stream.once('close', () => {
      if (!this.readableEnded) this.destroy(new Error('The client cut the request short.'))
    })
  }

  get complete(): boolean {
    return this.readableEnded
  }

  override _read(): void {
    if (this.#isReading) {
      this.#stream.resume()
      return
    }
    this.#isReading = true
    this.#stream.on('data', (chunk: Buffer) => {
      if (!this.destroyed && !this.push(chunk)) this.#stream.pause()
    })
    this.#stream.once('end', () => setImmediate(() => this.#ended()))
  }

  /** A reset, too, is an end to node:http2 at first; by now its state tells which it was. */
  #ended(): void {
    if (this.#stream.state.remoteClose === 1) this.push(null)
    else this.destroy(new Error('The client cut the request short.'))
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // What still comes is not for anybody, and must not fill the window of the connection.
    this.#stream.resume()
    done(error)
  }
}

// RFC 9113 §8.3.1
function readFields(received: readonly string[]): { method: string; path: string; fields: string[] } {
  const pseudo = Object.create(null) as Record<string, string>
  const fields: string[] = []
  const cookies: string[] = []
  const hosts: string[] = []
  for (let index = 0; index + 1 < received.length; index += 2) {
    const name = received[index] ?? ''
    const value = received[index + 1] ?? ''
    if (name.startsWith(':')) pseudo[name] = value
    else if (name === 'cookie') cookies.push(value)
    else if (name === 'host') hosts.push(value)
    else fields.push(name, value)
  }
  // §8.2.3: a cookie that was split for compression is one again before it goes elsewhere.
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '))
  const authority = pseudo[':authority']
  // A Host that says something else than the authority stays beside it, and is refused as a second one.
  const all = authority === undefined ? hosts : [authority, ...hosts.filter((host) => host.toLowerCase() !== authority.toLowerCase())]
  return { method: pseudo[':method'] ?? '', path: pseudo[':path'] ?? '', fields: [...all.flatMap((host) => ['host', host]), ...fields] }
}

function recordOf(fields: readonly string[]): IncomingHttpHeaders {
  const record = Object.create(null) as Record<string, string>
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    const value = fields[index + 1] ?? ''
    // RFC 9110 §5.3
    record[name] = name in record && name !== 'host' ? `${record[name]}, ${value}` : value
  }
  return record
}
