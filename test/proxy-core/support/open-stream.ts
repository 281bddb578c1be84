import { onTestFinished } from 'vitest'
import type { RouteInput } from '../../../proxy-core/contract/route.ts'
import { request } from '../../support/client.ts'
import type { FeedOptions } from '../../support/feed-view.ts'
import { startGateway } from '../../support/gateway.ts'
import { startUpstream } from '../../support/upstream.ts'

/** Opens a chunked response through a gateway of its own, whose head the client has; all is closed with the test. */
export async function openStream(
  routeOf: (upstreamUrl: string) => RouteInput,
  fields: Readonly<Record<string, string>> = { 'Content-Type': 'text/event-stream' },
  feedOptions: FeedOptions = {},
) {
  const upstream = await startUpstream()
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeOf(upstream.url)] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed(feedOptions)
  const responding = request(gateway.url)
  const exchange = await upstream.next()
  await exchange.chunked({ fields })
  const response = await responding
  onTestFinished(() => response.client.close())
  const { id } = await feed.exchange((each) => each.respondedAt !== null)
  return { upstream, gateway, feed, exchange, response, id, ended: () => feed.exchange((each) => each.state !== 'open') }
}
