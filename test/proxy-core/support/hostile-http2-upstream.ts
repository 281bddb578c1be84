import { once } from 'node:events'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { RouteInput } from '../../../proxy-core/contract/route.ts'
import type { Random } from '../../soak/random.ts'
import { makeCertificate } from './http2-upstream.ts'
import { ack, endHeaders, endStream, fieldBlock, frameBytes, frameTypes, requestTo, type FrameType } from './http2-wire.ts'
import { spanOf } from './measure.ts'

const prefaceBytes = 24
const statuses = ['200', '200', '200', '204', '304', '205', '206', '103', '100', '101', '600', '999', '42', 'abc', '']
const names = [
  'content-type',
  'content-length',
  'content-encoding',
  'trailer',
  'connection',
  'transfer-encoding',
  'te',
  'x',
  'X-Up',
  ':foo',
]
const values = ['text/event-stream', '3', 'gzip', 'x-t', 'close', 'chunked', 'yes', '\xff\xe9', '']
const bodies = ['data: 1\n\n', 'xxx', '{}\n', '']
const trailerNames = ['x-t', 'constructor', ':status', 'connection', 'X']
const codes = [
  constants.NGHTTP2_NO_ERROR,
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_INTERNAL_ERROR,
  constants.NGHTTP2_STREAM_CLOSED,
  constants.NGHTTP2_REFUSED_STREAM,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
  constants.NGHTTP2_HTTP_1_1_REQUIRED,
]
/** What an answer is made of, and how often each comes. */
const steps = { head: 30, vast: 8, data: 35, trailers: 5, reset: 7, goAway: 3, push: 4, ping: 4, odd: 4, destroy: 2, wait: 10 }

/** Starts an upstream over TLS that answers each request with HTTP/2 frames at random; it is closed with the test. */
export async function startHostileHttp2Upstream(random: Random): Promise<NonNullable<RouteInput['upstream']>> {
  const { key, cert, certFile } = await makeCertificate()
  const sockets = new Set<TLSSocket>()
  const server = createServer({ key, cert, ALPNProtocols: ['h2'] }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    new HostileConnection(socket, random)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`, http2: true, tls: { ca: certFile } }
}

class HostileConnection {
  readonly #socket: TLSSocket
  readonly #random: Random
  #rest = Buffer.alloc(0)
  #isPrefaceRead = false

  constructor(socket: TLSSocket, random: Random) {
    this.#socket = socket
    this.#random = random
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    this.#send('SETTINGS', 0, 0)
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    if (!this.#isPrefaceRead) {
      if (this.#rest.length < prefaceBytes) return
      this.#rest = this.#rest.subarray(prefaceBytes)
      this.#isPrefaceRead = true
    }
    while (this.#rest.length >= 9) {
      const end = 9 + this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < end) return
      const type = frameTypes[this.#rest.readUInt8(3)]
      const isAck = (this.#rest.readUInt8(4) & ack) !== 0
      const streamId = this.#rest.readUInt32BE(5) & 0x7fff_ffff
      const payload = this.#rest.subarray(9, end)
      this.#rest = this.#rest.subarray(end)
      if (type === 'SETTINGS' && !isAck) this.#send('SETTINGS', ack, 0)
      if (type === 'PING' && !isAck) this.#send('PING', ack, 0, payload)
      if (type === 'HEADERS') void this.#answer(streamId)
    }
  }

  async #answer(streamId: number): Promise<void> {
    const random = this.#random
    if (random.chance(0.05)) return
    // Some answers are right, at once.
    if (random.chance(0.1)) {
      this.#send('HEADERS', endHeaders, streamId, fieldBlock([[':status', '200']]))
      this.#send('DATA', endStream, streamId, Buffer.from('data: 1\n\n'))
      return
    }
    await spanOf(random.int(0, 10))
    for (let left = random.int(1, 8); left > 0 && !this.#socket.destroyed; left--) {
      this.#take(left > 5 ? 'head' : random.weighted(steps), streamId)
      await spanOf(random.int(0, 8))
    }
  }

  #take(step: keyof typeof steps, streamId: number): void {
    const random = this.#random
    switch (step) {
      case 'head':
        return this.#send('HEADERS', random.chance(0.15) ? endHeaders | endStream : endHeaders, streamId, this.#head())
      case 'vast':
        // Larger than a frame may be.
        return this.#send(
          'HEADERS',
          endHeaders,
          streamId,
          fieldBlock([
            [':status', '200'],
            ['x', 'x'.repeat(random.int(20_000, 70_000))],
          ]),
        )
      case 'data':
        return this.#send('DATA', random.chance(0.15) ? endStream : 0, streamId, Buffer.from(random.pick(bodies)))
      case 'trailers':
        return this.#send('HEADERS', endHeaders | endStream, streamId, fieldBlock([[random.pick(trailerNames), '1']]))
      case 'reset':
        return this.#send('RST_STREAM', 0, streamId, numbers(random.pick(codes)))
      case 'goAway':
        return this.#send('GOAWAY', 0, 0, numbers(random.int(0, 19), random.pick(codes)))
      case 'push':
        return this.#send('PUSH_PROMISE', endHeaders, streamId, Buffer.concat([numbers(2), fieldBlock(requestTo('/pushed'))]))
      case 'ping':
        return this.#send('PING', 0, 0, this.#bytes(8))
      case 'odd': {
        const oddId = random.pick([0, streamId, streamId + 2, 2])
        // Types from 10 on are unknown.
        this.#write(frameBytes(random.int(0, 15), random.int(0, 255), oddId, this.#bytes(random.int(0, 40))))
        return
      }
      case 'destroy':
        this.#socket.destroy()
        return
      case 'wait':
        return
      default:
        step satisfies never
    }
  }

  #head(): Buffer {
    const random = this.#random
    const fields = Array.from({ length: random.int(0, 4) }, (): [string, string] => [random.pick(names), random.pick(values)])
    return fieldBlock([[':status', random.pick(statuses)], ...fields])
  }

  #bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.#random.int(0, 255)))
  }

  #send(type: FrameType, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): void {
    this.#write(frameBytes(frameTypes.indexOf(type), flags, streamId, payload))
  }

  #write(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
