import type { Reply } from '../proxy-core/contract/errors.ts'
import type { FeedMessage, FeedRequest, GatewayStatus } from '../proxy-core/contract/events.ts'

/** Main to gateway thread. A question is answered by a `reply` of the same id. */
export type ThreadRequest =
  | { readonly type: 'command'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'openExchanges'; readonly id: number }
  | { readonly type: 'feed.open'; readonly feedId: number }
  | { readonly type: 'feed.request'; readonly feedId: number; readonly request: FeedRequest }
  | { readonly type: 'feed.close'; readonly feedId: number }
  | { readonly type: 'close'; readonly drainMs: number }

/** Gateway thread to main. */
export type ThreadMessage =
  | { readonly type: 'opened'; readonly status: GatewayStatus }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply<unknown> }
  | { readonly type: 'feed'; readonly feedId: number; readonly message: FeedMessage }
