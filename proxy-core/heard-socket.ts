import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'

/**
 * A TLS connection for node:http2 that tells of every write that fails.
 *
 * Given the TLS socket itself, node:http2 writes past its stream, takes a write that the kernel refused for one that went well, and stops
 * reading at the next one, which never ends: a client whose reset comes between two writes is then never heard of
 * (nodejs/node issue 61304). Through a stream the socket sees its own failure, and closes.
 */
export class HeardSocket extends Duplex {
  /** What undici looks at, as the socket has it. */
  readonly alpnProtocol = 'h2'
  readonly #socket: Socket

  constructor(socket: Socket) {
    super({ allowHalfOpen: true, autoDestroy: true })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const socket = this.#socket
    const last = chunks.length - 1
    socket.cork()
    chunks.forEach(({ chunk }, index) => (index === last ? socket.write(chunk, done) : socket.write(chunk)))
    socket.uncork()
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
