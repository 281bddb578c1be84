import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ClientSide, ClientSideObserver } from './client-side.ts'
import { fieldValue } from './headers.ts'

/** How the end of a body is marked on the way to the client. */
export type Framing = 'chunked' | 'length' | 'close' | 'none'

/** Below this a chunk is copied into one buffer with its framing; above, one gathered write of three parts is cheaper than the copy. */
const copyLimitBytes = 16_384

/**
 * The client's side of one exchange: a response head, then body bytes, written to the socket with no stream in between.
 * `ServerResponse.write` costs about 10 µs a chunk more than writing the framed chunk (DESIGN §8); the head and the end still go through it.
 */
export class Outlet implements ClientSide {
  readonly #response: ServerResponse
  readonly #socket: Socket
  #observer: ClientSideObserver | null = null
  #framing: Framing = 'none'
  #isWaiting = false
  #hasHead = false
  /** The head is written with the first bytes of the body where they are here already, or else when the turn of the loop is over. */
  #isHeadDue = false

  constructor(response: ServerResponse, socket: Socket) {
    this.#response = response
    this.#socket = socket
  }

  get isBlocked(): boolean {
    return this.#isWaiting || this.#socket.destroyed
  }

  get hasHead(): boolean {
    return this.#hasHead
  }

  get isGone(): boolean {
    return this.#socket.destroyed
  }

  get framing(): Framing {
    return this.#framing
  }

  observe(observer: ClientSideObserver): void {
    this.#observer = observer
    this.#response.on('close', () => observer.closed())
  }

  /** An HTTP/1.0 client knows no interim response (RFC 9110 §15.2). */
  writeInformational(status: number, fields: readonly string[]): void {
    if (this.#response.req.httpVersion === '1.0' || this.#hasHead) return
    if (status === 100) {
      // Node remembers it: without one it would close the connection after the response.
      this.#response.writeContinue()
      return
    }
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
    for (let index = 0; index + 1 < fields.length; index += 2) head += `${fields[index]}: ${fields[index + 1]}\r\n`
    this.#socket.write(`${head}\r\n`, 'latin1')
  }

  writeHead(status: number, statusText: string, fields: readonly string[], hasBody: boolean): void {
    this.#hasHead = true
    const hasLength = fieldValue(fields, 'content-length') !== undefined
    // RFC 9110 §6.6.2: it announces what comes behind the last chunk, and node:http throws where there are no chunks.
    const takesTrailers = hasBody && !hasLength && this.#response.req.httpVersion !== '1.0'
    this.#response.writeHead(status, statusText, takesTrailers ? (fields as string[]) : withoutTrailer(fields))
    this.#isHeadDue = true
    queueMicrotask(() => this.#sendHead(''))
    if (!hasBody) this.#framing = 'none'
    else if (this.#response.chunkedEncoding) this.#framing = 'chunked'
    else this.#framing = hasLength ? 'length' : 'close'
  }

  write(chunk: Buffer): void {
    if (this.#framing === 'none') return
    if (this.#isHeadDue && chunk.length <= copyLimitBytes) {
      // Latin-1 is byte for byte, and a head and a small body in one string are one call into the kernel.
      const bytes = chunk.toString('latin1')
      this.#sendHead(this.#framing === 'chunked' ? `${chunk.length.toString(16)}\r\n${bytes}\r\n` : bytes)
    } else {
      this.#sendHead('')
      this.#writeBody(chunk)
    }
    this.#notice()
  }

  /** Ends the body as its framing demands, and leaves the connection for the next request. */
  end(trailers: readonly (readonly [string, string])[]): void {
    this.#isHeadDue = false
    if (this.#framing === 'chunked' && trailers.length > 0) this.#response.addTrailers(trailers as [string, string][])
    this.#response.end()
  }

  /** Cuts the connection, so that what was sent can't be taken for a whole. */
  destroy(): void {
    this.#sendHead('')
    // A body that is delimited by the close of the connection can only be seen to be cut by a reset.
    // With TLS a missing close_notify says as much (RFC 9112 §9.8).
    if (this.#framing === 'close' && !(this.#socket instanceof TLSSocket)) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  answer(status: number, fields: readonly string[], body: Buffer | null): void {
    const response = this.#response
    if (response.headersSent) {
      response.destroy()
      return
    }
    // A client that asked first may now leave its body out, so that what it sends next could be either; and what follows a request that
    // was not understood, or not sent to its end, may be anything.
    const isUnsure = response.req.headers.expect !== undefined || endsUnsure.has(status)
    response.writeHead(status, isUnsure ? [...fields, 'Connection', 'close'] : [...fields])
    response.end(response.req.method === 'HEAD' ? null : body)
  }

  /** Writes a head that is due, and bytes behind it. Field values are bytes (RFC 9110 §5.5), but `flushHeaders` writes those beyond ASCII as UTF-8. */
  #sendHead(bytes: string): void {
    if (!this.#isHeadDue) return
    this.#isHeadDue = false
    const response = this.#response as ServerResponse & { _header: string; _send(data: string, encoding: 'latin1'): void }
    response._send(bytes, 'latin1')
    // From now on Node only asks whether there is one: a quiet stream need not keep its text, which is in dozens of pieces.
    response._header = sentHead
  }

  #writeBody(chunk: Buffer): void {
    const socket = this.#socket
    if (this.#framing !== 'chunked') {
      socket.write(chunk)
    } else if (chunk.length <= copyLimitBytes) {
      socket.write(frame(chunk))
    } else {
      socket.cork()
      socket.write(chunk.length.toString(16) + '\r\n', 'latin1')
      socket.write(chunk)
      socket.write(lineEnd)
      socket.uncork()
    }
  }

  /** Node tries to write at once: what is left in its own queue now is what the kernel did not take. */
  #notice(): void {
    const socket = this.#socket
    if (socket.writableLength === 0 || this.#isWaiting) return
    this.#isWaiting = true
    socket.write(empty, (error) => {
      if (error) return
      this.#isWaiting = false
      this.#observer?.drained()
    })
  }
}

function withoutTrailer(fields: readonly string[]): string[] {
  if (fieldValue(fields, 'trailer') === undefined) return fields as string[]
  return fields.filter((_, index) => fields[index - (index % 2)]?.toLowerCase() !== 'trailer')
}

const endsUnsure: ReadonlySet<number> = new Set([400, 408, 414, 501, 505])
const empty = Buffer.alloc(0)
const sentHead = 'sent'
const lineEnd = Buffer.from('\r\n', 'latin1')

/** One chunk of `Transfer-Encoding: chunked` (RFC 9112 §7.1) in one piece. */
function frame(chunk: Buffer): Buffer {
  const { length } = chunk
  let at = hexDigits(length)
  const framed = Buffer.allocUnsafe(at + length + 4)
  // Without a string for the size.
  for (let place = at - 1, rest = length; place >= 0; place--, rest >>>= 4) framed[place] = hexCharacters.charCodeAt(rest & 15)
  framed[at++] = 13
  framed[at++] = 10
  framed.set(chunk, at)
  at += length
  framed[at++] = 13
  framed[at] = 10
  return framed
}

const hexCharacters = '0123456789abcdef'

function hexDigits(number: number): number {
  let digits = 1
  for (let rest = number >>> 4; rest > 0; rest >>>= 4) digits++
  return digits
}
