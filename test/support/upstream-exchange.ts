import type { Socket } from 'node:net'
import { Condition } from './condition.ts'
import { epochMs } from './epoch.ts'
import {
  HttpReader,
  chunkBytes,
  fieldList,
  fieldValue,
  headText,
  type Field,
  type FieldsInput,
  type Framing,
  type Head,
} from './http-reader.ts'
import { PeerEnd, type PeerEnded } from './peer-end.ts'

/** One connection at a scripted upstream: reads requests one after the other. */
export class UpstreamConnection {
  constructor(socket: Socket, onExchange: (exchange: UpstreamExchange) => void) {
    const peer = new PeerEnd(socket)
    let current: UpstreamExchange | null = null
    const reader = new HttpReader({
      onHead: (head) => {
        current = new UpstreamExchange(socket, peer, head)
        // Not before the reader has taken the whole of what came, so that a handler sees a body that came with the head.
        queueMicrotask(onExchange.bind(null, current))
        return requestFraming(head)
      },
      onBody: (content) => current?.receive(content),
      onEnd: (trailers) => current?.complete(trailers),
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        reader.feed(bytes)
      } catch {
        socket.destroy()
      }
    })
    socket.on('end', () => reader.finish())
  }
}

/** The head of a scripted answer, without the fields that frame its body. */
export interface AnswerHead {
  readonly status?: number
  readonly reason?: string
  readonly fields?: FieldsInput
}

/** One request at a scripted upstream, and the test's hand on its connection. */
export class UpstreamExchange {
  readonly socket: Socket
  readonly receivedAt = epochMs()
  readonly rawHead: string
  readonly method: string
  readonly target: string
  readonly fields: readonly Field[]
  trailers: readonly Field[] = []
  readonly #peer: PeerEnd
  readonly #body: Buffer[] = []
  readonly #condition = new Condition()
  #bodyBytes = 0
  #isBodyComplete = false
  #isChunked = false

  constructor(socket: Socket, peer: PeerEnd, head: Head) {
    this.socket = socket
    this.#peer = peer
    this.rawHead = head.raw
    const [method = '', target = ''] = head.startLine.split(' ')
    this.method = method
    this.target = target
    this.fields = head.fields
  }

  /** The value of a request field, or null. */
  header(name: string): string | null {
    return fieldValue(this.fields, name)
  }

  /** The request's body, when it is complete. */
  async body(): Promise<Buffer> {
    await this.#condition.until(
      () => this.#isBodyComplete,
      () => `the end of the request body (${String(this.#bodyBytes)} bytes so far)`,
    )
    return Buffer.concat(this.#body)
  }

  /** The request's body so far, once it has at least so many bytes. After an upgrade, what the client has sent. */
  async bodyBytes(count: number): Promise<Buffer> {
    await this.#condition.until(
      () => this.#bodyBytes >= count,
      () => `${String(count)} bytes of the request body (${String(this.#bodyBytes)} so far)`,
    )
    return Buffer.concat(this.#body)
  }

  /** Whether the request has come to its end. */
  get isComplete(): boolean {
    return this.#isBodyComplete
  }

  get receivedBytes(): number {
    return this.#bodyBytes
  }

  /** Sends exact bytes; done when the kernel has taken them, so a slow reader shows. Sending to a closed connection does nothing. */
  write(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.destroyed || !this.socket.writable) resolve()
      else this.socket.write(data, () => resolve())
    })
  }

  /** Sends the head of an answer whose body is sent by `chunk` and `endChunks`. */
  chunked({ status = 200, reason = 'OK', fields = {} }: AnswerHead = {}): Promise<void> {
    this.#isChunked = true
    return this.write(headText(`HTTP/1.1 ${String(status)} ${reason}`, [...fieldList(fields), ['Transfer-Encoding', 'chunked']]))
  }

  /** Sends the head of an event stream in chunks. */
  eventStream(fields: FieldsInput = {}): Promise<void> {
    return this.chunked({ fields: [['Content-Type', 'text/event-stream'], ...fieldList(fields)] })
  }

  /** Sends a head as given, without any framing field of its own; the body is up to `write` and `end`. */
  head({ status = 200, reason = 'OK', fields = {} }: AnswerHead = {}): Promise<void> {
    return this.write(headText(`HTTP/1.1 ${String(status)} ${reason}`, fieldList(fields)))
  }

  /** Sends data as one chunk. */
  chunk(data: Uint8Array | string): Promise<void> {
    return this.write(chunkBytes(data))
  }

  /** Sends the last chunk; the connection stays open for the next request. */
  endChunks(trailers: FieldsInput = {}): Promise<void> {
    this.#isChunked = false
    return this.write(headText('0', fieldList(trailers)))
  }

  /** Answers in full, with a length. */
  answer(body: Uint8Array | string = '', head: AnswerHead = {}): Promise<void> {
    const content = Buffer.from(body as Uint8Array)
    const fields: Field[] = [...fieldList(head.fields ?? {}), ['Content-Length', String(content.length)]]
    const text = headText(`HTTP/1.1 ${String(head.status ?? 200)} ${head.reason ?? 'OK'}`, fields)
    return this.write(Buffer.concat([Buffer.from(text, 'latin1'), content]))
  }

  /** Ends the connection (FIN), after the last chunk when one is due. */
  end(): void {
    if (this.#isChunked) void this.endChunks()
    this.socket.end()
  }

  /** Ends the connection (FIN) as it is: a chunked body is cut. */
  cut(): void {
    this.socket.end()
  }

  /** Resets the connection (RST). */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Stops reading the request, so that the sender feels it. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** When and how the other side closed the connection. */
  closed(timeoutMs?: number): Promise<PeerEnded> {
    return this.#peer.ended(timeoutMs)
  }

  get isClosed(): boolean {
    return this.#peer.isEnded
  }

  /** Takes in what the connection read for this request. */
  receive(content: Buffer): void {
    if (content.length === 0) return
    this.#body.push(content)
    this.#bodyBytes += content.length
    this.#condition.changed()
  }

  /** Takes in the end of the request's body. */
  complete(trailers: readonly Field[]): void {
    this.trailers = trailers
    this.#isBodyComplete = true
    this.#condition.changed()
  }
}

function requestFraming(head: Head): Framing {
  // After an upgrade all that comes belongs to the new protocol.
  if (fieldValue(head.fields, 'upgrade') !== null) return 'close'
  if (/\bchunked$/i.test(fieldValue(head.fields, 'transfer-encoding') ?? '')) return 'chunked'
  const length = fieldValue(head.fields, 'content-length')
  return length === null ? 'none' : { lengthBytes: Number(length) }
}
