import { feedPortMessage, type Bridge } from '../proxy-core/contract/bridge.ts'
import type { Invoke } from '../proxy-core/contract/commands.ts'
import { GatewayError } from '../proxy-core/contract/errors.ts'
import type { FeedMessage, FeedRequest } from '../proxy-core/contract/events.ts'

declare global {
  interface Window {
    readonly sluice?: Bridge
  }
}

/** Asks the gateway for something; a refusal is thrown as a `GatewayError`. */
export const invoke: Invoke = async (name, ...input) => {
  const reply = await bridge().command(name, input[0])
  if (!reply.ok) throw new GatewayError(reply.error.code, reply.error.message, reply.error.issues)
  // The gateway's handlers are typed by the same table, so the value is what this command returns.
  return reply.value as never
}

/** The window's end of a feed. */
export interface Feed {
  send(request: FeedRequest): void
}

/** Opens the feed: each message is handed to `receive` and then acknowledged. What is looked at is said again after each snapshot. */
export function openFeed(receive: (message: FeedMessage) => void): Feed {
  let port: MessagePort | null = null
  let look: FeedRequest | null = null

  window.addEventListener('message', function accept(event: MessageEvent<unknown>) {
    const [offered] = event.ports
    if (event.source !== window || event.data !== feedPortMessage || !offered) return
    window.removeEventListener('message', accept)
    port = offered
    port.onmessage = (message: MessageEvent<FeedMessage>) => take(message.data)
  })
  bridge().openFeed()

  function take(message: FeedMessage): void {
    receive(message)
    if (message.type === 'down') return
    // Acknowledged here and not in an animation frame: a hidden window has no frames.
    port?.postMessage({ type: 'ack', seq: message.seq } satisfies FeedRequest)
    // A snapshot may come from a gateway that has just started and knows nothing of this window's screen.
    if (message.type === 'snapshot' && look) port?.postMessage(look)
  }

  return {
    send(request) {
      if (request.type === 'look') look = request
      port?.postMessage(request)
    },
  }
}

function bridge(): Bridge {
  if (!window.sluice) throw new GatewayError('gateway-down', 'This page is not inside the Sluice window, so it cannot reach a gateway.')
  return window.sluice
}
