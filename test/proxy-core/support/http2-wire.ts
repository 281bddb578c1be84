import { connect, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { Condition } from '../../support/condition.ts'

/** A frame as it is on the wire (RFC 9113 §4.1). */
export interface Frame {
  readonly type: FrameType
  readonly flags: number
  readonly streamId: number
  readonly payload: Buffer
}

export const frameTypes = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
] as const
export type FrameType = (typeof frameTypes)[number]

export const endStream = 0x1
export const endHeaders = 0x4
export const ack = 0x1
const maxFrameBytes = 16_384

/** A connection whose every HTTP/2 frame is the test's: node's own client ends a stream that it resets. */
export class Http2Wire {
  readonly socket: TLSSocket
  readonly frames: Frame[] = []
  readonly #condition = new Condition()
  #rest = Buffer.alloc(0)
  isClosed = false

  private constructor(socket: TLSSocket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.isClosed = true
      this.#condition.changed()
    })
  }

  /** Connects and says hello; the connection is closed with the test. */
  static async open(port: number, ca: string): Promise<Http2Wire> {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ALPNProtocols: ['h2'] })
    onTestFinished(() => void socket.destroy())
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    const wire = new Http2Wire(socket)
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    wire.send('SETTINGS', 0, 0)
    return wire
  }

  send(type: FrameType, flags: number, streamId: number, payload: Buffer = Buffer.alloc(0)): void {
    if (!this.isClosed) this.socket.write(frameBytes(frameTypes.indexOf(type), flags, streamId, payload))
  }

  /** Sends a head; names and values as they are. */
  headers(streamId: number, fields: readonly (readonly [string, string])[], flags = endStream): void {
    const block = fieldBlock(fields)
    for (let at = 0; at < block.length; at += maxFrameBytes) {
      const isLast = at + maxFrameBytes >= block.length
      const own = at === 0 ? flags : 0
      this.send(at === 0 ? 'HEADERS' : 'CONTINUATION', own | (isLast ? endHeaders : 0), streamId, block.subarray(at, at + maxFrameBytes))
    }
  }

  get(streamId: number, path: string, more: readonly (readonly [string, string])[] = []): void {
    this.headers(streamId, [...requestTo(path), ...more])
  }

  reset(streamId: number, code: number): void {
    this.send('RST_STREAM', 0, streamId, number(code))
  }

  of(streamId: number): Frame[] {
    return this.frames.filter((frame) => frame.streamId === streamId && frame.type !== 'WINDOW_UPDATE')
  }

  /** Waits for a frame. */
  until(fits: (frame: Frame) => boolean, what: string): Promise<Frame> {
    return this.#condition.until(
      () => this.frames.find(fits),
      () => `${what} (${this.frames.map(({ type, streamId }) => `${type} ${streamId}`).join(', ')})`,
    )
  }

  async closed(): Promise<void> {
    await this.#condition.until(
      () => this.isClosed,
      () => 'the end of the connection',
    )
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < 9 + length) break
      const frame: Frame = {
        type: frameTypes[this.#rest.readUInt8(3)] ?? 'PRIORITY',
        flags: this.#rest.readUInt8(4),
        streamId: this.#rest.readUInt32BE(5) & 0x7fff_ffff,
        payload: Buffer.from(this.#rest.subarray(9, 9 + length)),
      }
      this.#rest = this.#rest.subarray(9 + length)
      this.frames.push(frame)
      if (frame.type === 'SETTINGS' && (frame.flags & ack) === 0) this.send('SETTINGS', ack, 0)
      if (frame.type === 'PING' && (frame.flags & ack) === 0) this.send('PING', ack, 0, frame.payload)
    }
    this.#condition.changed()
  }
}

/** A frame of a type by its number, as it is sent. */
export function frameBytes(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(streamId, 5)
  return Buffer.concat([head, payload])
}

/** Fields as HPACK literals, names and values as they are. */
export function fieldBlock(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

/** The pseudo-fields of a GET. */
export function requestTo(path: string): [string, string][] {
  return [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':authority', 'localhost'],
    [':path', path],
  ]
}

/** The error code that a RST_STREAM carries. */
export function resetCode(frame: Frame): number {
  return frame.payload.readUInt32BE(0)
}

/** The error code that a GOAWAY carries. */
export function goAwayCode(frame: Frame): number {
  return frame.payload.readUInt32BE(4)
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A string literal of HPACK without Huffman coding (RFC 7541 §5.2). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128)
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}
