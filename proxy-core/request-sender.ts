import type { Socket } from 'node:net'
import { GatewayError } from './contract/errors.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { RequestAddress, RequestPlan, RequestToSend, SentReply, SentRequest as SentRequestView } from './contract/requests.ts'
import type { Route } from './contract/route.ts'
import { redactFields, redactTarget } from './contract/redact.ts'
import { plannedRoute, planRequest, type OwnListener, type OwnRequest } from './request-plan.ts'
import type { Router } from './router.ts'
import { connectionKey, sendOwnRequest } from './sender-connection.ts'
import { SentRequest, type AttemptObserver } from './sent-request.ts'

/** Requests that are over and still told of. */
const keptEnded = 20

/** What the reception may do for a request that is known to be the window's. */
export interface ClaimedRequest {
  /** The route that leads straight to its URL; null where the router is to find one. */
  readonly direct: Route | null
  readonly buffering: 'off' | 'on' | null
  began(id: ExchangeId): void
}

/** What the sender needs to know of its gateway. */
export interface SenderDoor {
  listeners(): readonly OwnListener[]
  router(): Router
  /** What a listener that is not on loopback asks for. */
  token(): string | null
  /** The certificate to trust where the listener has TLS. */
  authority(): Promise<string>
  changed(request: SentRequestView): void
}

/**
 * Sends requests through the gateway's own listener as any client would, and reads the answers away; the inspector shows them.
 * The listener knows them by their connection, which nobody else can have: so no other client can ask for a route of its own.
 */
export class RequestSender {
  readonly #door: SenderDoor
  readonly #claims = new Map<string, ClaimedRequest>()
  readonly #requests = new Map<number, SentRequest>()
  #nextId = 1

  constructor(door: SenderDoor) {
    this.#door = door
  }

  /** Where a request would go. */
  plan(request: RequestAddress): RequestPlan {
    const own = planRequest(request, this.#door.listeners(), this.#door.router())
    if (own.direct) return { type: 'direct', origin: own.direct.upstream.url ?? '' }
    const found = plannedRoute(own, request.method, this.#door.router())
    return found ? { type: 'route', routeId: found.id } : { type: 'no-route' }
  }

  async send(request: RequestToSend): Promise<SentReply> {
    const plan = (): OwnRequest => planRequest(request, this.#door.listeners(), this.#door.router())
    const ca = plan().origin.startsWith('https:') ? await this.#door.authority() : null
    const sent: SentRequest = new SentRequest(this.#nextId++, request, {
      plan,
      send: (own, observer) => this.#attempt(request, own, observer, ca),
      changed: () => this.#door.changed(sent.view()),
    })
    this.#forgetEnded()
    this.#requests.set(sent.id, sent)
    const exchangeId = await sent.start()
    return { requestId: sent.id, exchangeId, url: redactTarget(request.url), headers: redactFields(request.headers.flat()) }
  }

  /** Leaves, as a client that closes its connection. */
  stop(requestId: number): void {
    this.#requests.get(requestId)?.stop()
  }

  /** Those that run, and the last that are over. */
  views(): readonly SentRequestView[] {
    return Array.from(this.#requests.values(), (sent) => sent.view())
  }

  /** What is known of a request that came on this connection, if it is the window's; asked once for each. */
  claim({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): ClaimedRequest | null {
    if (this.#claims.size === 0) return null
    const key = connectionKey(remoteAddress, remotePort)
    const claimed = this.#claims.get(key)
    this.#claims.delete(key)
    return claimed ?? null
  }

  close(): void {
    for (const sent of this.#requests.values()) sent.stop()
  }

  #attempt(request: RequestToSend, own: OwnRequest, observer: AttemptObserver, ca: string | null): () => void {
    const { method, body, buffering } = request
    const token = own.isLoopback ? null : this.#door.token()
    const fields = token === null ? own.fields : [...own.fields, 'Sluice-Token', token]
    let key: string | null = null
    const forget = (): void => {
      if (key !== null) this.#claims.delete(key)
      key = null
    }
    try {
      return sendOwnRequest(
        { ...own, fields, method, body },
        {
          connected: (address) => {
            key = address
            this.#claims.set(address, { direct: own.direct, buffering, began: (id) => observer.began(id) })
          },
          responded: (status, headers) => observer.responded(status, headers),
          received: (chunk) => observer.received(chunk),
          ended: (error) => {
            forget()
            observer.ended(error)
          },
        },
        ca,
      )
    } catch (error) {
      throw new GatewayError('invalid-input', error instanceof Error ? error.message : 'The request can’t be sent.')
    }
  }

  #forgetEnded(): void {
    const ended = [...this.#requests.values()].filter((sent) => sent.isOver)
    for (const sent of ended.slice(0, Math.max(0, ended.length - keptEnded))) this.#requests.delete(sent.id)
  }
}
