import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import type { CaptureBudget } from './capture.ts'
import type { ExchangeHead } from './contract/exchange.ts'
import { fieldValues } from './headers.ts'
import type { LiveExchange } from './live-exchange.ts'
import { giveBack } from './read-ahead.ts'
import { Tap } from './tap.ts'
import { Tunnel, type TunnelOptions, type TunnelWatch } from './tunnel.ts'
import { deflateTerms } from './web-socket/deflate-terms.ts'
import { MessageLog } from './web-socket/message-log.ts'

/** What two sides switched to, and what of it is kept. */
export interface SwitchedProtocol {
  readonly client: Socket
  readonly upstream: Duplex
  readonly exchange: LiveExchange
  /** The head of the switch as the upstream sent it. */
  readonly fields: readonly string[]
  /** Null when nothing is captured. */
  readonly budget: CaptureBudget | null
  readonly onEnd: TunnelOptions['onEnd']
}

/** What a switch of protocols says of the exchange: the rows of a WebSocket are its messages, of any other protocol what came in one piece. */
export function switchedHead(status: number, fields: readonly string[], respondedAt: number): ExchangeHead {
  const rowKind = isWebSocket(fields) ? 'message' : 'chunk'
  return { status, respondedAt, contentType: null, contentEncoding: null, framing: 'none', rowKind }
}

/** Opens the tunnel between two sides that have switched; returns it with the tap of what the client sends, where that is no WebSocket. */
export function openTunnel({ client, upstream, exchange, fields, budget, onEnd }: SwitchedProtocol): {
  tunnel: Tunnel
  requestTap: Tap | null
} {
  giveBack(client)
  if (budget === null) return { tunnel: start({ client, upstream, onEnd, watch: countingWatch(exchange, null) }), requestTap: null }
  if (isWebSocket(fields)) {
    const options = { deflate: deflateTerms(fields), owner: exchange, onFound: () => exchange.rowsFound() }
    exchange.messages = new MessageLog(budget, options)
    return { tunnel: start({ client, upstream, onEnd, watch: messageWatch(exchange, exchange.messages) }), requestTap: null }
  }
  exchange.tap = new Tap('chunk', budget, { owner: exchange })
  const requestTap = new Tap('chunk', budget, { owner: exchange })
  return { tunnel: start({ client, upstream, onEnd, watch: countingWatch(exchange, requestTap) }), requestTap }
}

function start(options: TunnelOptions): Tunnel {
  const tunnel = new Tunnel(options)
  tunnel.start()
  return tunnel
}

function isWebSocket(fields: readonly string[]): boolean {
  return fieldValues(fields, 'upgrade').some((value) => value.trim().toLowerCase() === 'websocket')
}

function countingWatch(exchange: LiveExchange, requestTap: Tap | null): TunnelWatch {
  return {
    arrived: (direction, chunk, at) => {
      if (direction === 'toClient') {
        exchange.arrived(chunk, at)
        return
      }
      exchange.requestBytes += chunk.length
      requestTap?.arrived(chunk, at)
      exchange.touch()
    },
    left: (direction, bytes, at) => {
      if (direction === 'toClient') exchange.left(bytes, at)
      else requestTap?.left(bytes, at)
    },
    // What waits for the client is the client's doing, and what the upstream sends late because of it.
    paused: (direction, isPaused, at) => {
      if (direction !== 'toClient') return
      if (isPaused) exchange.evidence.blocked(at)
      else exchange.evidence.drained(at)
      exchange.rowSource?.pace.throttled(isPaused, at)
    },
  }
}

function messageWatch(exchange: LiveExchange, messages: MessageLog): TunnelWatch {
  const counting = countingWatch(exchange, null)
  return {
    ...counting,
    arrived: (direction, chunk, at) => {
      messages.arrived(direction, chunk, at)
      counting.arrived(direction, chunk, at)
      if (direction === 'toUpstream') exchange.rowsFound()
    },
    left: (direction, bytes, at) => {
      messages.left(direction, bytes, at)
      counting.left(direction, bytes, at)
      exchange.touch()
    },
  }
}
