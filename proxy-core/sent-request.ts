import { now } from './clock.ts'
import { GatewayError } from './contract/errors.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { RequestEnding, RequestToSend, SentRequest as SentRequestView } from './contract/requests.ts'
import { contentTypeOf } from './content-type.ts'
import { EventTracker } from './event-tracker.ts'
import { fieldList, mediaType, type RawFields } from './headers.ts'
import { redactTarget } from './contract/redact.ts'
import type { OwnRequest } from './request-plan.ts'

/** WHATWG HTML §9.2.2 leaves the time to the client, "in the region of a few seconds". */
const usualRetryMs = 3000
/** A stream that says `retry: 0` is not called in a tight loop. */
const leastRetryMs = 100

/** What one attempt has to tell. */
export interface AttemptObserver {
  began(id: ExchangeId): void
  responded(status: number, headers: unknown): void
  received(chunk: Buffer): void
  ended(error: Error | null): void
}

/** How a request reaches the gateway: worked out anew for each attempt. */
export interface SentRequestWay {
  plan(): OwnRequest
  /** Sends it; returns how to leave. */
  send(own: OwnRequest, observer: AttemptObserver): () => void
  changed(): void
}

/** One request of the window's, through all its attempts: reconnects as WHATWG HTML §9.2.3 has it, if it is to. */
export class SentRequest {
  readonly id: number
  readonly request: RequestToSend
  readonly #way: SentRequestWay
  readonly #redactedUrl: string
  #state: SentRequestView['state'] = 'open'
  #exchangeId: ExchangeId | null = null
  #attempt = 1
  #retryAt: number | null = null
  #status: number | null = null
  #ending: RequestEnding | null = null
  #tracker = new EventTracker({ lastEventId: '', retryMs: null })
  #leave: (() => void) | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #firstKnown: { resolve: (id: ExchangeId | null) => void; reject: (error: unknown) => void } | null = null

  constructor(id: number, request: RequestToSend, way: SentRequestWay) {
    this.id = id
    this.request = request
    this.#way = way
    this.#redactedUrl = redactTarget(request.url)
  }

  get isOver(): boolean {
    return this.#state === 'ended'
  }

  /** Makes the first attempt; resolves with its exchange, or with null where the gateway answers without one. */
  start(): Promise<ExchangeId | null> {
    return new Promise((resolve, reject) => {
      this.#firstKnown = { resolve, reject }
      try {
        this.#try()
      } catch (error) {
        this.#firstKnown = null
        this.#end('cut')
        reject(error)
      }
    })
  }

  /** Leaves, as a client that closes its connection. */
  stop(): void {
    if (this.isOver) return
    const leave = this.#leave
    this.#end('stopped')
    leave?.()
  }

  view(): SentRequestView {
    return {
      id: this.id,
      method: this.request.method,
      url: this.#redactedUrl,
      state: this.#state,
      exchangeId: this.#exchangeId,
      reconnects: this.request.reconnects,
      attempt: this.#attempt,
      retryAt: this.#retryAt,
      lastEventId: this.#tracker.lastEventId,
      status: this.#status,
      ending: this.#ending,
    }
  }

  #try(): void {
    this.#timer = null
    this.#retryAt = null
    this.#state = 'open'
    this.#status = null
    const attempt = this.#attempt
    const tracker = new EventTracker(this.#tracker)
    this.#tracker = tracker
    const isCurrent = (): boolean => this.#state === 'open' && this.#attempt === attempt
    const own = this.#way.plan()
    this.#leave = this.#way.send(
      { ...own, fields: withLastEventId(own.fields, tracker.lastEventId) },
      {
        began: (id) => {
          if (!isCurrent()) return
          this.#exchangeId = id
          this.#know(id)
          this.#way.changed()
        },
        responded: (status, headers) => {
          if (!isCurrent()) return
          this.#status = status
          this.#know(null)
          if (this.request.reconnects) tracker.open(fieldList(headers as RawFields))
          this.#ending = this.request.reconnects ? endingOf(status, headers) : null
          this.#way.changed()
        },
        received: (chunk) => {
          if (isCurrent() && this.request.reconnects && this.#ending === null) tracker.feed(chunk)
        },
        ended: (error) => {
          if (!isCurrent()) return
          this.#leave = null
          void tracker.end().then(() => {
            if (isCurrent()) this.#over(error)
          })
        },
      },
    )
    this.#way.changed()
  }

  /** An attempt is over. */
  #over(error: Error | null): void {
    if (!this.request.reconnects || this.#ending !== null) {
      this.#end(this.#ending ?? (error === null ? 'complete' : 'cut'), error)
      return
    }
    this.#know(null)
    this.#wait()
  }

  #wait(): void {
    const waitMs = Math.max(leastRetryMs, this.#tracker.retryMs ?? usualRetryMs)
    this.#state = 'waiting'
    this.#attempt++
    this.#retryAt = now() + waitMs
    this.#timer = setTimeout(
      () => {
        try {
          this.#try()
        } catch {
          // Nothing listens now; it may later.
          this.#wait()
        }
      },
      // setTimeout takes no more.
      Math.min(waitMs, 2_147_483_647),
    )
    this.#way.changed()
  }

  #end(ending: RequestEnding, error: Error | null = null): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#retryAt = null
    this.#leave = null
    this.#state = 'ended'
    this.#ending = ending
    const first = this.#firstKnown
    this.#firstKnown = null
    if (first && ending === 'cut')
      first.reject(new GatewayError('gateway-down', `The gateway could not be reached: ${error?.message ?? ''}`))
    else first?.resolve(null)
    this.#way.changed()
  }

  #know(id: ExchangeId | null): void {
    this.#firstKnown?.resolve(id)
    this.#firstKnown = null
  }
}

/** WHATWG HTML §9.2.3: anything but a 200 that is an event stream ends an EventSource for good; 204 is how a server asks for that. */
function endingOf(status: number, headers: unknown): RequestEnding | null {
  if (status !== 200) return 'status'
  const type = contentTypeOf(fieldList(headers as RawFields))
  return type !== null && mediaType(type) === 'text/event-stream' ? null : 'content-type'
}

function withLastEventId(fields: readonly string[], lastEventId: string): string[] {
  const value = Buffer.from(lastEventId, 'utf8').toString('latin1')
  // oxlint-disable-next-line no-control-regex -- no field value may have them
  if (value === '' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) return [...fields]
  const kept: string[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    if (name.toLowerCase() !== 'last-event-id') kept.push(name, fields[index + 1] ?? '')
  }
  return [...kept, 'Last-Event-ID', value]
}
