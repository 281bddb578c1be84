import { Client, type Dispatcher } from 'undici'
import { GatewayError } from './contract/errors.ts'

/** A request to send, as the window writes it. */
export interface RequestToSend {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Sends requests through the gateway's own listener as any client would, and reads the answers away; the inspector shows them. */
export class RequestSender {
  readonly #listenerUrl: () => string | null
  readonly #authority: () => Promise<string>
  readonly #running = new Map<number, Client>()
  #nextId = 1

  /** `authority` is the certificate to trust where the listener has TLS. */
  constructor(listenerUrl: () => string | null, authority: () => Promise<string>) {
    this.#listenerUrl = listenerUrl
    this.#authority = authority
  }

  async send(request: RequestToSend): Promise<{ requestId: number }> {
    const url = this.#listenerUrl()
    if (url === null) throw new GatewayError('gateway-down', 'The gateway does not listen, so that there is nowhere to send a request.')
    const connect = url.startsWith('https:') ? { ca: await this.#authority() } : {}
    const requestId = this.#nextId++
    const client = new Client(url, { headersTimeout: 0, bodyTimeout: 0, connect })
    this.#running.set(requestId, client)
    const ended = (): void => {
      if (this.#running.delete(requestId)) client.destroy().catch(() => undefined)
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: ended,
      onResponseError: ended,
    }
    const { method, target, headers, body } = request
    try {
      client.dispatch({ path: target, method: method as Dispatcher.HttpMethod, headers: { ...headers }, body }, handler)
    } catch (error) {
      ended()
      throw new GatewayError('invalid-input', error instanceof Error ? error.message : 'The request can’t be sent.')
    }
    return { requestId }
  }

  /** Leaves, as a client that closes its connection. */
  stop(requestId: number): void {
    const client = this.#running.get(requestId)
    this.#running.delete(requestId)
    client?.destroy().catch(() => undefined)
  }

  close(): void {
    for (const requestId of this.#running.keys()) this.stop(requestId)
  }
}
