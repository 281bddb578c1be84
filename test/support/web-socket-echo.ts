import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A WebSocket server (RFC 6455) that says back every message of at most 125 bytes, as compressed as it came. */
export interface WebSocketEcho {
  readonly url: string
  /** Connections that are open. */
  readonly open: ReadonlySet<Duplex>
  close(): Promise<void>
}

/** Starts one; `compresses` when it agrees to permessage-deflate: what came compressed in one context goes back in one. */
export async function startWebSocketEcho({ compresses = false }: { readonly compresses?: boolean } = {}): Promise<WebSocketEcho> {
  const open = new Set<Duplex>()
  const server = createServer((_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end('a WebSocket is wanted'))
  server.on('upgrade', (request, socket) => {
    const key = request.headers['sec-websocket-key'] ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    const extension = compresses ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${extension}\r\n`,
    )
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('end', () => socket.end())
    socket.on('error', () => undefined)
    let rest = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      for (let frame = nextFrame(rest); frame; frame = nextFrame(rest)) {
        rest = rest.subarray(frame.length)
        socket.write(Buffer.concat([Buffer.from([frame.first, frame.payload.length]), frame.payload]))
        if ((frame.first & 15) === 8) socket.end()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    open,
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function nextFrame(bytes: Buffer): { first: number; payload: Buffer; length: number } | null {
  const size = (bytes[1] ?? 0) & 127
  const length = 6 + size
  if (bytes.length < length) return null
  const mask = bytes.subarray(2, 6)
  const payload = Buffer.from(bytes.subarray(6, length).map((byte, index) => byte ^ (mask[index % 4] as number)))
  return { first: bytes[0] as number, payload, length }
}
