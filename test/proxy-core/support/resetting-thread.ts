import { once } from 'node:events'
import { connect, createSecureServer, type ServerHttp2Stream } from 'node:http2'
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'

// Peers that reset their connections in the middle of bodies, in a thread of their own: they act while the gateway writes.

/** What a thread of resetting peers is to be. */
export type ResettingRole =
  /** Clients that reset when so many bytes have come, so many times. */
  | {
      readonly role: 'clients'
      readonly over: 'HTTP/2' | 'TLS' | 'TCP'
      readonly port: number
      readonly ca: string
      readonly times: number
      readonly bytes: number
      /** Fields beside Host, over HTTP/1.1. */
      readonly fields?: string
    }
  /** An upstream that resets when so many bytes of a request have come; says its port. */
  | { readonly role: 'upstream'; readonly key: string; readonly cert: string; readonly bytes: number }

const windowBytes = 50_000_000
const role = workerData as ResettingRole
if (role.role === 'clients') {
  for (let time = 0; time < role.times; time++) await (role.over === 'HTTP/2' ? resetOverHttp2(role, time) : resetOverHttp1(role, time))
  parentPort?.postMessage('done')
} else {
  parentPort?.postMessage(await serve(role))
}

async function resetOverHttp2({ port, ca, bytes }: ResettingRole & { role: 'clients' }, time: number): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1')
  const createConnection = () => connectTls({ socket, ca, servername: 'localhost', ALPNProtocols: ['h2'] })
  const session = connect(`https://localhost:${String(port)}`, { createConnection, settings: { initialWindowSize: windowBytes } })
  session.on('error', () => undefined)
  session.once('connect', () => session.setLocalWindowSize(windowBytes))
  const stream = session.request({ ':path': `/${String(time)}` })
  stream.on('error', () => undefined)
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length >= bytes && !socket.destroyed) socket.resetAndDestroy()
  })
  await once(session, 'close')
}

async function resetOverHttp1({ over, port, ca, bytes, fields = '' }: ResettingRole & { role: 'clients' }, time: number): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const stream = over === 'TLS' ? connectTls({ socket, ca, servername: 'localhost' }) : socket
  stream.on('error', () => undefined)
  stream.write(`GET /${String(time)} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`)
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length >= bytes && !socket.destroyed) socket.resetAndDestroy()
  })
  await once(stream, 'close')
}

async function serve({ key, cert, bytes }: ResettingRole & { role: 'upstream' }): Promise<number> {
  const server = createSecureServer({ key, cert, settings: { initialWindowSize: windowBytes } })
  const sockets = new Map<number | undefined, Socket>()
  server.on('connection', (socket: Socket) => sockets.set(socket.remotePort, socket))
  server.on('session', (session) => {
    session.setLocalWindowSize(windowBytes)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined)
    const port = stream.session?.socket.remotePort
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length >= bytes) sockets.get(port)?.resetAndDestroy()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
