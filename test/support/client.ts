import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ClientResponse } from './client-response.ts'
import { Condition } from './condition.ts'
import { HttpReader, fieldList, fieldValue, headText, type Field, type FieldsInput, type Framing, type Head } from './http-reader.ts'
import { PeerEnd, type PeerEnded } from './peer-end.ts'

/** A request as a test writes it. `Host` is added unless a `host` field is there or `host` is null. */
export interface ClientRequest {
  readonly method?: string
  readonly target?: string
  readonly fields?: FieldsInput
  readonly host?: string | null
  /** Sent with its length, unless the fields frame it. */
  readonly body?: Uint8Array | string
}

/** How a scripted client connects. */
export interface ClientOptions {
  readonly ca?: string
  readonly serverName?: string
  readonly timeoutMs?: number
}

/** Connects a scripted client to the host and port of a URL. */
export async function openClient(url: string | URL, options: ClientOptions = {}): Promise<Client> {
  const { protocol, hostname, port, host } = new URL(url)
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) }
  const tls = {
    ...to,
    ALPNProtocols: ['http/1.1'],
    ...(options.ca ? { ca: options.ca } : {}),
    servername: options.serverName ?? 'localhost',
  }
  const socket = protocol === 'https:' ? connectTls(tls) : connect({ ...to, noDelay: true })
  await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', resolve)
  })
  return new Client(socket, host, options)
}

/** Opens a connection, sends one request and waits for the head of its answer. */
export async function request(url: string | URL, init: ClientRequest = {}, options: ClientOptions = {}): Promise<ClientResponse> {
  const { pathname, search } = new URL(url)
  const client = await openClient(url, options)
  return client.request({ target: pathname + search, ...init })
}

/** Sends one request on a connection of its own, reads the whole answer and closes. */
export async function fetchWhole(url: string | URL, init: ClientRequest = {}, options: ClientOptions = {}): Promise<ClientResponse> {
  const response = await request(url, init, options)
  await response.readAll()
  response.client.close()
  return response
}

/** One connection of a scripted client. Requests may follow one another on it. */
export class Client {
  readonly socket: Socket
  readonly host: string
  readonly #peer: PeerEnd
  readonly #condition = new Condition()
  readonly #responses: ClientResponse[] = []
  readonly #methods: string[] = []
  readonly #timeoutMs: number | undefined
  #informational: Head[] = []
  #asked = 0
  #current: ClientResponse | null = null
  #readError: Error | null = null

  constructor(socket: Socket, host: string, options: ClientOptions = {}) {
    this.socket = socket
    this.host = host
    this.#timeoutMs = options.timeoutMs
    this.#peer = new PeerEnd(socket)
    const reader = new HttpReader({
      onHead: (head) => this.#onHead(head),
      onBody: (content, raw) => this.#current?.receive(content, raw),
      onEnd: (trailers) => {
        this.#current?.complete(trailers)
        this.#current = null
      },
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        reader.feed(bytes)
      } catch (error) {
        this.#readError = error as Error
        socket.destroy()
      }
    })
    // A reset does not complete a body that only the end of the connection ends.
    socket.on('end', () => reader.finish())
    socket.on('close', () => {
      this.#current?.cut(this.#readError)
      this.#condition.changed()
    })
  }

  /** Sends a request and waits for the head of its answer. */
  async request(init: ClientRequest = {}): Promise<ClientResponse> {
    this.send(init)
    return this.nextResponse()
  }

  /** Sends a request. */
  send({ method = 'GET', target = '/', fields = {}, host = this.host, body }: ClientRequest = {}): void {
    const list: Field[] = [...fieldList(fields)]
    if (host !== null && fieldValue(list, 'host') === null) list.unshift(['Host', host])
    const content = body === undefined ? null : Buffer.from(body as Uint8Array)
    const isFramed = fieldValue(list, 'content-length') !== null || fieldValue(list, 'transfer-encoding') !== null
    if (content !== null && !isFramed) list.push(['Content-Length', String(content.length)])
    this.write(headText(`${method} ${target} HTTP/1.1`, list))
    if (content !== null) this.write(content)
  }

  /** Sends exact bytes. A string that starts as a request is expected to be answered as one. */
  write(data: Uint8Array | string): void {
    const method = typeof data === 'string' ? /^([A-Z]+) [^\r\n]* HTTP\/1\.[01]\r\n/.exec(data)?.[1] : undefined
    if (method !== undefined) this.#methods.push(method)
    if (this.socket.writable) this.socket.write(data)
  }

  /** The next answer that has not been asked for yet, when its head is there. */
  nextResponse(): Promise<ClientResponse> {
    const index = this.#asked++
    return this.#condition.until(
      () => {
        const response = this.#responses[index]
        if (response === undefined && this.#peer.isEnded && this.socket.destroyed) {
          throw this.#readError ?? new Error('The connection closed before the head of an answer.')
        }
        return response
      },
      () => 'the head of an answer',
      this.#timeoutMs,
    )
  }

  /** Stops reading: a slow client. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Ends the sending side alone (FIN). */
  endSending(): void {
    this.socket.end()
  }

  /** Leaves: closes the connection at once. */
  leave(): void {
    this.socket.destroy()
  }

  /** Leaves with a reset (RST). */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  /** When and how the connection was closed. */
  closed(timeoutMs?: number): Promise<PeerEnded> {
    return this.#peer.ended(timeoutMs)
  }

  get isClosed(): boolean {
    return this.#peer.isEnded
  }

  close(): void {
    this.socket.destroy()
  }

  #onHead(head: Head): Framing {
    const status = Number(head.startLine.split(' ')[1])
    if (status >= 100 && status < 200 && status !== 101) {
      this.#informational.push(head)
      return 'none'
    }
    const method = this.#methods.shift() ?? 'GET'
    const response = new ClientResponse(this, head, this.#informational)
    this.#informational = []
    this.#responses.push(response)
    this.#current = response
    this.#condition.changed()
    return responseFraming(head, status, method)
  }
}

// RFC 9112 §6.3
function responseFraming(head: Head, status: number, method: string): Framing {
  if (status === 101 || (method === 'CONNECT' && status < 300)) return 'close'
  if (method === 'HEAD' || status === 204 || status === 304) return 'none'
  if (/\bchunked$/i.test(fieldValue(head.fields, 'transfer-encoding') ?? '')) return 'chunked'
  const length = fieldValue(head.fields, 'content-length')
  return length === null ? 'close' : { lengthBytes: Number(length) }
}
