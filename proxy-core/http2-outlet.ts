import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { ClientSide, ClientSideObserver } from './client-side.ts'

/**
 * The client's side of one exchange on an HTTP/2 stream. Bytes count as taken when node:http2 has handed their frames to the connection,
 * which the client's windows may delay: one write at a time is under way.
 */
export class Http2Outlet implements ClientSide {
  readonly #stream: ServerHttp2Stream
  readonly #isHeadRequest: boolean
  #observer: ClientSideObserver | null = null
  #hasHead = false
  #isWaiting = false
  #hasBody = true
  #trailers: OutgoingHttpHeaders = {}

  constructor(stream: ServerHttp2Stream, method: string) {
    this.#stream = stream
    this.#isHeadRequest = method === 'HEAD'
    const closed = (): void => this.#observer?.closed()
    // `aborted` comes first where the client leaves, `close` in every case.
    stream.once('aborted', closed)
    stream.once('close', closed)
    stream.on('error', () => undefined)
    stream.once('wantTrailers', () => {
      stream.sendTrailers(this.#trailers)
      this.#leaveRequest()
    })
  }

  get isBlocked(): boolean {
    return this.#isWaiting || this.isGone
  }

  get hasHead(): boolean {
    return this.#hasHead
  }

  get isGone(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  observe(observer: ClientSideObserver): void {
    this.#observer = observer
  }

  writeInformational(status: number, fields: readonly string[]): void {
    // RFC 9113 §8.6: there is no switch of protocols in HTTP/2.
    if (this.#hasHead || this.isGone || status === 101) return
    this.#stream.additionalHeaders({ ':status': status, ...fieldRecord(fields) })
  }

  writeHead(status: number, _statusText: string, fields: readonly string[], hasBody: boolean): void {
    if (this.#hasHead || this.isGone) return
    this.#hasHead = true
    // RFC 9110 §15.3.6: 205 has no content, and node:http2 ends the stream with its head.
    this.#hasBody = hasBody && status !== 205
    const record = fieldRecord(fields)
    if (status === 205) delete record['content-length']
    // Trailers are known at the end alone; where there are none the frame that ends the stream is an empty one.
    this.#stream.respond({ ':status': status, ...record }, { endStream: !this.#hasBody, waitForTrailers: this.#hasBody })
    if (!this.#hasBody) this.#leaveRequest()
  }

  write(chunk: Buffer): void {
    if (!this.#hasBody || this.isGone) return
    this.#isWaiting = true
    this.#stream.write(chunk, (error) => {
      if (error) return
      this.#isWaiting = false
      this.#observer?.drained()
    })
  }

  end(trailers: readonly (readonly [string, string])[]): void {
    if (!this.#hasBody || this.isGone) return
    this.#trailers = fieldRecord(trailers.flat())
    this.#stream.end()
  }

  /** Resets the stream: END_STREAM never follows, and the connection's other streams go on. */
  destroy(): void {
    if (!this.isGone) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  answer(status: number, fields: readonly string[], body: Buffer | null): void {
    if (this.#hasHead) return this.destroy()
    const hasBody = body !== null && !this.#isHeadRequest
    this.writeHead(status, '', fields, hasBody)
    if (!hasBody || this.isGone) return
    this.#stream.write(body)
    this.end([])
  }

  /** RFC 9113 §8.1: whoever still sends the request need not, once it is answered. */
  readonly #leaveRequest = (): void => {
    const stream = this.#stream
    if (stream.endAfterHeaders || stream.readableEnded || this.isGone) return
    // nghttp2 sends a reset before what still waits: END_STREAM has to be out, or the answer would be a cut one.
    if (stream.state.localClose !== 1) {
      setTimeout(this.#leaveRequest, leaveAgainMs).unref()
      return
    }
    // What has come and nobody reads would keep the stream open.
    stream.resume()
    stream.close(constants.NGHTTP2_NO_ERROR)
  }
}

const leaveAgainMs = 10

// RFC 9113 §8.2.2: what is about the connection has no place here.
const connectionFields = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'http2-settings'])

/** RFC 9113 §8.2.1: names in lower case, no blanks around values. A name that is repeated is a list, as RFC 9110 §5.3 has it. */
function fieldRecord(fields: readonly string[]): OutgoingHttpHeaders {
  // A field may have any name, that of an object's own method too.
  const record = Object.create(null) as Record<string, string | string[]>
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = (fields[index] ?? '').toLowerCase()
    const value = (fields[index + 1] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
    if (connectionFields.has(name)) continue
    const before = record[name]
    if (name === 'set-cookie') record[name] = before === undefined ? [value] : [before, value].flat()
    else record[name] = before === undefined ? value : `${String(before)}, ${value}`
  }
  return record
}
