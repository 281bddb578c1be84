import { createServer, ServerResponse, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { ErrorReport } from './contract/errors.ts'
import type { ListenerStatus } from './contract/events.ts'
import { isLoopbackAddress, listenParts } from './contract/config.ts'
import { hasBody, type ClientRequest, type ClientSide } from './client-side.ts'
import { answerError } from './error-answer.ts'
import { Http2Sessions } from './http2-sessions.ts'
import type { LocalAuthority } from './local-ca.ts'
import { malformedRequest, refuseConnection, refusedConnect, responseOn, unservedRequest } from './malformed-request.ts'
import { Outlet } from './outlet.ts'
import { Pipeline } from './pipeline.ts'
import { readAhead } from './read-ahead.ts'
import { watchForReset } from './reset-watch.ts'
import { createTlsServer } from './tls-server.ts'
import { upstreamError } from './upstream-errors.ts'

/** Slow heads are cut off after this (slow-loris), and large ones refused with 431. */
const headTimeoutMs = 15_000
const maxHeadBytes = 32_768
const idleConnectionMs = 65_000
/** An address that can't be listened on is tried again this often, so that it recovers by itself. */
const retryMs = 1000

/** Who answers what a listener receives. */
export interface ListenerOwner {
  /** `protocol` is what the request asks to switch to, when its connection can be handed over. */
  receive(request: ClientRequest, outlet: ClientSide, listener: Listener, protocol: string | null): void
  changed(): void
  /** Who vouches for the listeners with TLS. */
  authority(): Promise<LocalAuthority>
}

/** A server with all of its connections. */
interface Accepting {
  readonly server: Server
  /** Closes connections when nothing is on them. */
  leave(): void
  /** Closes them at once. */
  cut(): void
}

/** One local address being listened on. */
export class Listener {
  readonly address: string
  readonly isLoopback: boolean
  readonly scheme: 'http' | 'https'
  readonly #owner: ListenerOwner
  #accepting: Accepting | null = null
  /** Everyone with connections, those that no longer accept among them. */
  readonly #all = new Set<Accepting>()
  #isOpen = false
  #state: ListenerStatus['state'] = 'stopped'
  #url: string | null = null
  #port = 0
  #error: ErrorReport | null = null
  #retry: ReturnType<typeof setTimeout> | null = null

  constructor(address: string, owner: ListenerOwner) {
    this.address = address
    this.isLoopback = isLoopbackAddress(address)
    this.scheme = listenParts(address).scheme
    this.#owner = owner
  }

  get status(): ListenerStatus {
    return { address: this.address, url: this.#url, state: this.#state, error: this.#error }
  }

  get port(): number {
    return this.#port
  }

  /** Starts to listen. Never rejects: the status tells, and a failed address is tried again until `close`. */
  async open(): Promise<void> {
    const { scheme, host, port } = listenParts(this.address)
    this.#isOpen = true
    const authority = scheme === 'https' ? await this.#owner.authority() : null
    if (!this.#isOpen) return
    const accepting = this.#accept(authority, host)
    this.#accepting = accepting
    const error = await listen(accepting.server, host, port)
    if (this.#accepting !== accepting) {
      accepting.server.close()
      return
    }
    if (error) {
      this.#accepting = null
      this.#all.delete(accepting)
      this.#state = 'failed'
      this.#error = listenError(error, this.address)
      this.#retry = setTimeout(() => void this.open(), retryMs)
      this.#retry.unref()
    } else {
      this.#port = (accepting.server.address() as AddressInfo).port
      this.#state = 'listening'
      this.#error = null
      this.#url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${this.#port}`
    }
    this.#owner.changed()
  }

  /** Stops accepting; connections with an exchange on them go on until it ends. */
  close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    const accepting = this.#accepting
    this.#accepting = null
    this.#isOpen = false
    this.#state = 'stopped'
    this.#url = null
    this.#error = null
    accepting?.server.close()
    accepting?.leave()
    this.#owner.changed()
  }

  /** Stops accepting and cuts every connection. */
  destroy(): void {
    const all = [...this.#all]
    this.close()
    for (const accepting of all) accepting.cut()
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = unservedRequest(request) ?? (canSwitch(request) ? null : malformedRequest(new Error('nothing to switch to')))
    if (refusal) {
      refuseConnection(socket, refusal)
      return
    }
    // The upstream may refuse to switch and answer as usual: then the response takes this connection to its end.
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.destroySoon())
    socket.on('error', () => socket.destroy())
    if (head.length > 0) socket.unshift(head)
    readAhead(socket)
    this.#handOver(request, new Outlet(response, socket), request.headers.upgrade ?? null)
  }

  #accept(authority: LocalAuthority | null, host: string): Accepting {
    const accepting = authority ? this.#acceptTls(authority, host) : this.#acceptPlain()
    const { server } = accepting
    this.#all.add(accepting)
    server.on('close', () => this.#all.delete(accepting))
    // Node closes the connections that are idle when a server closes, and leaves those alone that become idle later.
    const closed = (): void => {
      if (this.#accepting !== accepting) accepting.leave()
    }
    const receive = (request: IncomingMessage, response: ServerResponse): void => {
      response.on('close', closed)
      this.#receive(request, response)
    }
    server.on('request', receive)
    // 100 Continue is sent when the upstream is ready for the body.
    server.on('checkContinue', receive)
    server.on('checkExpectation', receive)
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head))
    server.on('connect', (_request, socket) => refuseConnection(socket as Socket, refusedConnect))
    server.on('clientError', (error, socket) => refuseConnection(socket as Socket, malformedRequest(error)))
    // Node would leave out the fields beyond 2,000, those that frame the body among them; the size of a head is limited anyway.
    server.maxHeadersCount = 0
    return accepting
  }

  #acceptPlain(): Accepting {
    const server = createServer(serverOptions)
    return { server, leave: () => server.closeIdleConnections(), cut: () => server.closeAllConnections() }
  }

  #acceptTls(authority: LocalAuthority, host: string): Accepting {
    const http2 = new Http2Sessions({
      maxHeadBytes,
      idleMs: idleConnectionMs,
      receive: (request, outlet) => this.#handOver(request, outlet, null),
    })
    const { server, cut } = createTlsServer(serverOptions, { authority, host, http2 })
    const leave = (): void => {
      server.closeIdleConnections()
      http2.close()
    }
    return { server, leave, cut }
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    // A pipelined request is served when its turn has come: only then does its response have the socket.
    if (response.socket === null) {
      // A body that comes meanwhile has to wait.
      const leaveClient = hasBody(request) ? watchForReset(request.socket) : null
      const pipeline = Pipeline.of(request.socket)
      pipeline.entered()
      response.once('socket', () => {
        pipeline.left()
        leaveClient?.()
        this.#receive(request, response)
      })
      return
    }
    const refusal = unservedRequest(request)
    const outlet = new Outlet(response, request.socket)
    if (refusal) answerError(outlet, refusal.status, refusal.error)
    else this.#handOver(request, outlet, null)
  }

  /** An error of ours ends this exchange, and no other. */
  #handOver(request: ClientRequest, outlet: ClientSide, protocol: string | null): void {
    try {
      this.#owner.receive(request, outlet, this, protocol)
    } catch (error) {
      const { status, report } = upstreamError(error)
      answerError(outlet, status, report)
    }
  }
}

// `shouldUpgradeCallback`: Node 24.9 and later; before, every request that asks for a switch comes as one.
const serverOptions: ServerOptions & { readonly shouldUpgradeCallback: (request: IncomingMessage) => boolean } = {
  maxHeaderSize: maxHeadBytes,
  headersTimeout: headTimeoutMs,
  // An upload may take as long as it takes; the head has its own limit.
  requestTimeout: 0,
  keepAliveTimeout: idleConnectionMs,
  connectionsCheckingInterval: 5000,
  noDelay: true,
  // The guard asks for it, and answers as it answers everything.
  requireHostHeader: false,
  shouldUpgradeCallback: canSwitch,
}

// A gateway need not switch (RFC 9110 §7.8). To switch to HTTP/2 or TLS would hide the exchanges that follow.
const refusedProtocols = /^(h2c|h2|http\/|tls\/)/i

function canSwitch(request: IncomingMessage): boolean {
  const { headers, httpVersion, socket } = request
  const protocol = headers.upgrade ?? ''
  // The connection is handed over whole: nothing may be under way on it, neither an answer to a request before nor a body.
  if (protocol === '' || httpVersion === '1.0' || responseOn(socket) !== null || hasBody(request)) return false
  return !protocol.split(',').some((one) => refusedProtocols.test(one.trim()))
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error)
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve(null)
    })
  })
}

function listenError(error: NodeJS.ErrnoException, address: string): ErrorReport {
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return { code: 'port-in-use', message: `Another program already listens on ${address}. Stop it, or choose another port.` }
    case 'EACCES':
      return { code: 'address-unavailable', message: `Listening on ${address} is not permitted. Choose a port above 1023.` }
    case 'EADDRNOTAVAIL':
      return { code: 'address-unavailable', message: `This machine has no address ${listenParts(address).host}.` }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { code: 'address-unavailable', message: `The name ${listenParts(address).host} has no address.` }
    default:
      return { code: 'address-unavailable', message: `Listening on ${address} failed: ${error.message}` }
  }
}
