import { readFileSync, statSync } from 'node:fs'
import { isIP, type LookupFunction } from 'node:net'
import { TLSSocket } from 'node:tls'
import { buildConnector, type Dispatcher } from 'undici'
import { now } from './clock.ts'
import { GatewayError } from './contract/errors.ts'
import type { NodeStatus } from './contract/events.ts'
import type { Route } from './contract/route.ts'
import { replayUrlPattern } from './contract/replay.ts'
import { isLoopbackName } from './guard.ts'
import { Http2Pool } from './http2-pool.ts'
import { NodeHealth } from './node-health.ts'
import { watchForReset } from './reset-watch.ts'
import { UpstreamConnections } from './upstream-connections.ts'

/** Where one request goes. */
export interface UpstreamTarget {
  /** For people: the URL, or the name of the built-in demo. */
  readonly label: string
  readonly origin: string
  /** Empty, or a path that starts with a slash and does not end with one. */
  readonly basePath: string
  /** Host and port as a Host field says them. */
  readonly authority: string
  readonly dispatcher: Dispatcher
  readonly health: NodeHealth
}

/** The upstreams of all routes and the connections to them, which routes with equal settings share. */
export class Upstreams {
  readonly #demoOrigin: () => string | null
  readonly #replayOrigin: () => string | null
  readonly #dispatchers = new Map<string, Dispatcher>()
  readonly #retired = new Set<Dispatcher>()
  readonly #health = new Map<string, NodeHealth>()
  /** Told when a node goes to rest, or comes back. */
  readonly healthChanged: () => void
  #nodes = new WeakMap<Route, Node[]>()

  constructor(options: {
    readonly demoOrigin: () => string | null
    readonly replayOrigin?: () => string | null
    readonly onHealthChanged?: () => void
  }) {
    this.#demoOrigin = options.demoOrigin
    this.#replayOrigin = options.replayOrigin ?? (() => null)
    this.healthChanged = options.onHealthChanged ?? (() => undefined)
  }

  /** The upstream whose turn it is. Throws a `GatewayError` when there is none to call. */
  pick(route: Route): UpstreamTarget {
    return this.#target(route, this.#nodesOf(route))
  }

  /** The next one beside those that could not be reached, or null. */
  pickOther(route: Route, unreached: readonly UpstreamTarget[]): UpstreamTarget | null {
    const left = this.#nodesOf(route).filter((node) => unreached.every(({ health }) => health !== this.#healthOf(node)))
    return left.length === 0 ? null : this.#target(route, left)
  }

  /** How the upstreams of a route stand. */
  nodes(route: Route): NodeStatus[] {
    const nodes = this.#nodesOf(route)
    return nodes.map((node) => this.#healthOf(node).status(node.url, nodes.length === 1))
  }

  #target(route: Route, nodes: readonly Node[]): UpstreamTarget {
    const at = now()
    const awake = nodes.length === 1 ? nodes : nodes.filter((node) => !this.#healthOf(node).isResting(at))
    // Where all of them rest, one that may be back is better than none.
    const node = nextInTurn(awake.length > 0 ? awake : nodes)
    const health = this.#healthOf(node)
    health.calls(at)
    const address = this.#addressOf(node)
    const key = `${address.origin} ${node.settings}`
    let dispatcher = this.#dispatchers.get(key)
    if (!dispatcher) {
      dispatcher = this.#open(key, address.origin, route)
    }
    return { ...address, dispatcher, health }
  }

  /** Keeps the connections that these routes use and lets go of the others; no open exchange notices. */
  apply(routes: readonly Route[]): void {
    this.#nodes = new WeakMap()
    const used = new Set<string>()
    const listed = new Set<string>()
    for (const route of routes) {
      if (!route.enabled) continue
      for (const node of nodesOf(route)) {
        listed.add(node.key)
        const origin = this.#originOf(node.url)
        if (origin !== null) used.add(`${origin} ${node.settings}`)
      }
    }
    for (const key of this.#health.keys()) if (!listed.has(key)) this.#health.delete(key)
    for (const [key, dispatcher] of this.#dispatchers) {
      if (used.has(key)) continue
      this.#dispatchers.delete(key)
      void this.#retire(dispatcher)
    }
  }

  /** Resolves when every open exchange has ended and all connections are closed. */
  async close(): Promise<void> {
    const closing = [...this.#dispatchers.values()].map((dispatcher) => this.#retire(dispatcher))
    this.#dispatchers.clear()
    await Promise.all([...closing, ...[...this.#retired].map((dispatcher) => dispatcher.close())])
  }

  /** Cuts all connections now. */
  async destroy(): Promise<void> {
    const all = [...this.#dispatchers.values(), ...this.#retired]
    this.#dispatchers.clear()
    this.#retired.clear()
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()))
  }

  #nodesOf(route: Route): Node[] {
    let nodes = this.#nodes.get(route)
    if (!nodes) {
      nodes = nodesOf(route)
      this.#nodes.set(route, nodes)
    }
    return nodes
  }

  #healthOf({ key }: Node): NodeHealth {
    let health = this.#health.get(key)
    if (!health) {
      health = new NodeHealth()
      this.#health.set(key, health)
    }
    return health
  }

  #originOf(url: string): string | null {
    if (url === demoUrl) return this.#demoOrigin()
    return replayUrlPattern.test(url) ? this.#replayOrigin() : new URL(url).origin
  }

  #addressOf(node: Node): Address {
    const { url } = node
    const [, name, speed] = replayUrlPattern.exec(url) ?? []
    if (url !== demoUrl && name === undefined) return (node.address ??= addressOf(url, url))
    const origin = this.#originOf(url)
    if (origin === null) throw new GatewayError('upstream-unreachable', `The upstream of ${url} is not running.`)
    return name === undefined ? addressOf(origin, 'built-in demo') : addressOf(`${origin}/${name}/${speed ?? '1'}`, url)
  }

  #open(key: string, origin: string, route: Route): Dispatcher {
    const dispatcher = openDispatcher(origin, route, (left) => {
      if (this.#dispatchers.get(key) !== left) return
      this.#dispatchers.delete(key)
      void this.#retire(left)
    })
    this.#dispatchers.set(key, dispatcher)
    return dispatcher
  }

  async #retire(dispatcher: Dispatcher): Promise<void> {
    this.#retired.add(dispatcher)
    await dispatcher.close()
    this.#retired.delete(dispatcher)
  }
}

const demoUrl = 'demo:'

type Address = Omit<UpstreamTarget, 'dispatcher' | 'health'>

interface Node {
  readonly url: string
  readonly weight: number
  /** All that two routes must have in common to share connections, beside the origin. */
  readonly settings: string
  /** What its health is known by. */
  readonly key: string
  /** Where it is, once it was called; a built-in upstream may move. */
  address: Address | null
  current: number
}

function nodesOf(route: Route): Node[] {
  const { url, nodes, connectTimeoutMs, http2, tls } = route.upstream
  const listed = url === undefined ? nodes : [{ url, weight: 1 }]
  return listed.map((node) => {
    const tlsSettings = node.url.startsWith('https:') ? [tls.verify, tls.ca, tls.serverName, changedAt(tls.ca)] : []
    const settings = JSON.stringify([connectTimeoutMs, http2, ...tlsSettings])
    return { url: node.url, weight: node.weight, settings, key: `${node.url} ${settings}`, address: null, current: 0 }
  })
}

/** Smooth weighted round robin, as nginx does it: turns follow the weights and are spread evenly. */
function nextInTurn(nodes: readonly Node[]): Node {
  let chosen = nodes[0]
  if (!chosen) throw new GatewayError('upstream-unreachable', 'This route has no upstream.')
  if (nodes.length === 1) return chosen
  let total = 0
  for (const node of nodes) {
    node.current += node.weight
    total += node.weight
    if (node.current > chosen.current) chosen = node
  }
  chosen.current -= total
  return chosen
}

function addressOf(url: string, label: string): Address {
  const { origin, host, pathname } = new URL(url)
  return { label, origin, authority: host, basePath: pathname.endsWith('/') ? pathname.slice(0, -1) : pathname }
}

function openDispatcher(origin: string, route: Route, leave: (dispatcher: Dispatcher) => void): Dispatcher {
  const { connectTimeoutMs, http2 } = route.upstream
  const usesHttp2 = http2 && origin.startsWith('https:')
  const connect = (more: object) => connectorTo(origin, route, { allowH2: false, ...more, timeout: connectTimeoutMs })
  const openHttp1 = (): UpstreamConnections => new UpstreamConnections(origin, connect)
  return usesHttp2 ? new Http2Pool(origin, { connect: connect({ allowH2: true, preferH2: true }), openHttp1, leave }) : openHttp1()
}

/** Opens sockets whose server name is the upstream's, whatever the Host field of the request says. */
function connectorTo(origin: string, route: Route, more: object): buildConnector.connector {
  const { verify, ca, serverName } = route.upstream.tls
  const host = new URL(origin).hostname
  // RFC 6066 §3: no server name for an address; the certificate is then checked against the address itself.
  const sentName = serverName ?? (isIP(host.replace(/^\[|\]$/g, '')) ? '' : host)
  const tlsOptions = origin.startsWith('https:') ? { rejectUnauthorized: verify, ...(ca === null ? {} : { ca: readCa(ca) }) } : {}
  // RFC 1034 §3.1: a dot behind a name says that it is whole.
  const lookUp = isLoopbackName(host.replace(/\.$/, '')) ? { lookup: lookUpLoopback } : {}
  // RFC 8305: where a name has several addresses, the next one is tried when one fails.
  const options = { ...tlsOptions, ...lookUp, ...more, autoSelectFamily: true }
  const connect = buildConnector(options)
  return (options, callback) =>
    connect({ ...options, servername: sentName }, (...result) => {
      const socket = result[1]
      socket?.prependListener('error', nameReset)
      if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') watchForReset(socket)
      callback(...result)
    })
}

// Where an upstream of a route with http2 speaks HTTP/1.1 alone, undici takes ECONNRESET for the end of a body that has neither a length nor
// chunks, since macOS reports one after a full body too. A cut must be seen as a cut, so a reset is given the code that undici has for it.
function nameReset(error: Error & { code?: string }): void {
  if (error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET'
}

// RFC 6761 §6.3: names under localhost are loopback, of either family, and need no name server. Many systems know one family alone, or
// none but localhost itself.
const lookUpLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all) callback(null, loopbackAddresses)
  else callback(null, '127.0.0.1', 4)
}

const loopbackAddresses = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** PEM text as it is, anything else as the path of a PEM file. */
function readCa(ca: string): string {
  if (isPem(ca)) return ca
  try {
    return readFileSync(ca, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new GatewayError('upstream-untrusted', `The CA file ${ca} cannot be read (${reason}).`)
  }
}

/** When a CA file was last written, so that a new one is taken in with the next config. */
function changedAt(ca: string | null): number {
  if (ca === null || isPem(ca)) return 0
  try {
    return statSync(ca).mtimeMs
  } catch {
    // Reading it for a connection says what is wrong with it.
    return 0
  }
}

function isPem(ca: string): boolean {
  return ca.includes('-----BEGIN')
}
