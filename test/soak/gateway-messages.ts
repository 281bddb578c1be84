import type { ExchangeState } from '../../proxy-core/contract/exchange.ts'

/** What the process of a gateway is asked. */
export type GatewayAsk =
  | { readonly type: 'command'; readonly name: string; readonly input: unknown }
  /** A command for the open exchange of that target; answered with false when there is none. */
  | { readonly type: 'exchange'; readonly target: string; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly type: 'footprint' }

/** An ask with the number that its answer bears. */
export interface NumberedAsk {
  readonly number: number
  readonly ask: GatewayAsk
}

/** What a gateway has in use, after its garbage was collected. */
export interface Footprint {
  readonly heapBytes: number
  /** Buffers that live outside of the heap. */
  readonly externalBytes: number
  readonly residentBytes: number
  readonly openExchanges: number
  /** What its captures count. */
  readonly capturedBytes: number
  /** How late its event loop has been so far, p99. */
  readonly loopDelayMs: number
  /** What keeps its event loop busy, by kind: timers, sockets, servers. */
  readonly resources: Readonly<Record<string, number>>
}

/** An exchange as the gateway tells its end. */
export interface EndedExchange {
  readonly target: string
  readonly state: ExchangeState
  readonly arrivedBytes: number
  readonly leftBytes: number
  readonly error: string | null
}

/** The state of the config as the gateway tells it. */
export interface ConfigTold {
  /** The names of its routes by id. */
  readonly routeNames: Readonly<Record<string, string>>
  readonly hasProblem: boolean
  readonly urls: readonly string[]
}

/** What the process of a gateway says. */
export type GatewaySays =
  | { readonly type: 'config'; readonly config: ConfigTold }
  | { readonly type: 'ended'; readonly exchanges: readonly EndedExchange[] }
  | { readonly type: 'answer'; readonly number: number; readonly value: unknown }
