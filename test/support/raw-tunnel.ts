import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Condition } from './condition.ts'

/** One end of a tunnel: what is written there, and what came out there so far. */
export interface TunnelEnd {
  readonly socket: Socket
  readonly received: Buffer
  /** Waits until so many bytes came out. */
  until(bytes: number): Promise<void>
}

/** Both ends of a tunnel through a gateway, behind the heads of the switch. */
export interface RawTunnel {
  readonly client: TunnelEnd
  readonly upstream: TunnelEnd
}

/** A server that switches every connection to WebSocket and leaves its bytes to the test. */
export interface SwitchingUpstream {
  readonly url: string
  /** Opens a tunnel through the gateway at a URL; `behindHead` is sent in one piece with the head of the switch. */
  open(gatewayUrl: string, behindHead?: Uint8Array): Promise<RawTunnel>
  close(): Promise<void>
}

/** Starts one; `fields` are lines of the head of its switch. */
export async function startSwitchingUpstream(fields: readonly string[] = []): Promise<SwitchingUpstream> {
  const sockets = new Set<Socket>()
  let behind: Uint8Array = Buffer.alloc(0)
  let opened: (end: TunnelEnd) => void = () => undefined
  const server = createServer((socket) => {
    sockets.add(socket)
    void afterHead(socket).then((end) => {
      const head = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket', ...fields, '', ''].join('\r\n')
      socket.write(Buffer.concat([Buffer.from(head), behind]))
      opened(end)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    open: async (gatewayUrl, behindHead = Buffer.alloc(0)) => {
      behind = behindHead
      const { hostname, port, host } = new URL(gatewayUrl)
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      sockets.add(socket)
      const upstream = new Promise<TunnelEnd>((resolve) => (opened = resolve))
      socket.write(`GET /socket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      const client = await afterHead(socket)
      return { client, upstream: await upstream }
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Reads up to the end of a head; what comes behind it is the tunnel's. */
function afterHead(socket: Socket): Promise<TunnelEnd> {
  return new Promise((resolve, reject) => {
    const condition = new Condition()
    let head = ''
    const parts: Buffer[] = []
    let length = 0
    const take = (bytes: Buffer): void => {
      parts.push(bytes)
      length += bytes.length
      condition.changed()
    }
    socket.on('error', reject)
    socket.on('data', (bytes: Buffer) => {
      if (head.endsWith('\r\n\r\n')) return take(bytes)
      for (const [index, byte] of bytes.entries()) {
        head += String.fromCharCode(byte)
        if (!head.endsWith('\r\n\r\n')) continue
        if (index + 1 < bytes.length) take(bytes.subarray(index + 1))
        resolve({
          socket,
          get received() {
            return Buffer.concat(parts)
          },
          until: async (count) =>
            void (await condition.until(
              () => length >= count,
              () => `${String(count)} bytes, of which ${String(length)} came`,
            )),
        })
        return
      }
    })
  })
}
