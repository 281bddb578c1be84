import type { Server, ServerOptions } from 'node:http'
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { now } from './clock.ts'
import type { Http2Sessions } from './http2-sessions.ts'
import type { LocalAuthority } from './local-ca.ts'

/** A TLS handshake that takes longer is given up. */
const handshakeTimeoutMs = 15_000

/**
 * A server of TLS connections: node:http serves those that speak HTTP/1.1, as without TLS, and `http2` those on which HTTP/2 was agreed
 * (RFC 7301). Certificates are renewed as handshakes come, so that no timer is needed.
 */
export function createTlsServer(
  options: ServerOptions,
  input: { readonly authority: LocalAuthority; readonly host: string; readonly http2: Http2Sessions },
): { readonly server: Server; readonly cut: () => void } {
  const { authority, host, http2 } = input
  let { renewAt, ...credentials } = authority.credentials(host)
  const server = createServer({
    ...options,
    ...credentials,
    ALPNProtocols: ['h2', 'http/1.1', 'http/1.0'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeTimeoutMs,
    SNICallback: (name, done) => done(null, authority.context(name)),
  })
  server.prependListener('connection', () => {
    if (now() < renewAt) return
    ;({ renewAt, ...credentials } = authority.credentials(host))
    server.setSecureContext(credentials)
  })
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  // Here node:https hands each connection to node:http.
  const serveHttp1 = server.listeners('secureConnection') as ((this: Server, socket: TLSSocket) => void)[]
  server.removeAllListeners('secureConnection')
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.take(socket)
    else for (const serve of serveHttp1) serve.call(server, socket)
  })
  const cut = (): void => {
    for (const socket of connections) socket.destroy()
  }
  return { server, cut }
}
