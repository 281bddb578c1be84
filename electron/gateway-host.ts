import type { MessagePort } from 'node:worker_threads'
import type { OpenedGateway } from '../proxy-core/open-gateway.ts'
import type { ThreadMessage, ThreadRequest } from './thread-messages.ts'

/** The thread's end of a `GatewayLink`: answers what main asks through `port`, and ends the thread when it is told to close. */
export function hostGateway(port: MessagePort, gateway: OpenedGateway): void {
  const feeds = new Map<number, ReturnType<OpenedGateway['openFeed']>>()
  const say = (message: ThreadMessage) => port.postMessage(message)

  port.on('message', (request: ThreadRequest) => void answer(request))
  say({ type: 'opened', status: gateway.status() })

  async function answer(request: ThreadRequest): Promise<void> {
    switch (request.type) {
      case 'command':
        return say({ type: 'reply', id: request.id, reply: await gateway.command(request.name, request.input) })
      case 'openExchanges':
        return say({ type: 'reply', id: request.id, reply: { ok: true, value: gateway.openExchanges() } })
      case 'feed.open':
        feeds.set(
          request.feedId,
          gateway.openFeed((message) => say({ type: 'feed', feedId: request.feedId, message })),
        )
        return
      case 'feed.request':
        return feeds.get(request.feedId)?.receive(request.request)
      case 'feed.close':
        feeds.get(request.feedId)?.close()
        feeds.delete(request.feedId)
        return
      case 'close':
        await gateway.close({ drainMs: request.drainMs })
        // In a worker this ends the thread alone, whatever is still open in it.
        process.exit(0)
        return
      default:
        return request satisfies never
    }
  }
}
