import { MessageChannelMain, type WebContents } from 'electron'
import { z } from 'zod'
import type { FeedRequest } from '../proxy-core/contract/events.ts'
import { ExchangeId } from '../proxy-core/contract/exchange.ts'
import type { GatewayLink } from './gateway-link.ts'
import { channels } from './ipc.ts'

const feedRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ack'), seq: z.int().min(0) }),
  z.strictObject({ type: z.literal('look'), exchangeIds: z.array(ExchangeId).max(10_000), followedIds: z.array(ExchangeId).max(10_000) }),
]) satisfies z.ZodType<FeedRequest>

/** Joins a feed of the gateway to a message port in the page; when the page goes, so does the feed. */
export function openFeedPort(contents: WebContents, link: GatewayLink): void {
  const { port1: here, port2: there } = new MessageChannelMain()
  const feed = link.openFeed((message) => here.postMessage(message))
  here.on('message', (event) => {
    const request = feedRequest.safeParse(event.data)
    if (request.success) feed.receive(request.data)
  })
  here.once('close', () => feed.close())
  here.start()
  contents.postMessage(channels.feed, null, [there])
}
