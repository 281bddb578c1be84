import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { openFeed, type Feed } from '../gateway.ts'
import { heardGatewayTime } from './gateway-clock.ts'
import { receive } from './gateway-store.ts'

let feed: Feed | null = null

/** Starts filling the gateway store from the feed; called once, before the first render. */
export function startFeed(): void {
  feed = openFeed((message) => {
    if (message.type !== 'down') heardGatewayTime(message.at)
    receive(message)
  })
}

/** Tells the gateway which exchanges are on screen, and which of them are followed from row to row: their progress is sent as it happens. */
export function lookAt(exchangeIds: readonly ExchangeId[], followedIds: readonly ExchangeId[]): void {
  feed?.send({ type: 'look', exchangeIds, followedIds })
}
