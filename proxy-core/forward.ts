import type { Duplex, Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { CaptureBudget } from './capture.ts'
import { KeptCapture, type Captured } from './captured.ts'
import { hasBody, type ClientRequest, type ClientSide, type ClientSideObserver } from './client-side.ts'
import { now } from './clock.ts'
import { GatewayError, type ErrorReport } from './contract/errors.ts'
import type { Route } from './contract/route.ts'
import { corsFields } from './cors.ts'
import { answerError, errorHead } from './error-answer.ts'
import { fieldList, responseFields, type RawFields } from './headers.ts'
import { forbidsChanges } from './heartbeat.ts'
import type { LiveExchange } from './live-exchange.ts'
import { bodyToSendAgain, mayMeetDeadConnection } from './repeated-request.ts'
import { RequestBody } from './request-body.ts'
import { readResponseHead, readTrailers } from './response-head.ts'
import { ResponsePath } from './response-path.ts'
import { Tap } from './tap.ts'
import { openTunnel, switchedHead } from './switched-protocol.ts'
import type { Tunnel, TunnelOptions } from './tunnel.ts'
import { upstreamError, upstreamSilence } from './upstream-errors.ts'
import type { UpstreamChoice } from './upstream-choice.ts'
import type { ConnectionOptions, ConnectionUser } from './upstream-connections.ts'
import { responseVersion } from './upstream-exchange.ts'

/** What one exchange needs to be forwarded. */
export interface ForwardOptions {
  readonly request: ClientRequest
  readonly outlet: ClientSide
  readonly exchange: LiveExchange
  readonly route: Route
  readonly choice: UpstreamChoice
  readonly viaName: string
  /** The protocol that the client asks to switch to, or null. */
  readonly protocol: string | null
  readonly budget: CaptureBudget
  /** Told once, when nothing is left to do. */
  onEnd(): void
}

/** Carries one exchange from its first byte to its last: request up, response down, through hold and tap. */
export class Forward implements ConnectionUser, ClientSideObserver {
  readonly exchange: LiveExchange
  hasSpoiltConnection = false
  readonly #options: ForwardOptions
  readonly #outlet: ClientSide
  #body: RequestBody | Readable | null = null
  #requestTap: Tap | null = null
  /** Where the response goes, and how. */
  readonly responsePath: ResponsePath
  #controller: Dispatcher.DispatchController | null = null
  /** How long the response's body is, where a length says so. */
  #bodyBytes: number | null = null
  #receivedFields: readonly string[] = []
  #sentFields: string[] = []
  #failure: ErrorReport | null = null
  #trailers: readonly (readonly [string, string])[] = []
  #tunnel: Tunnel | null = null
  isReusing = false
  #isSentAgain = false
  #isOver = false

  constructor(options: ForwardOptions) {
    this.#options = options
    this.exchange = options.exchange
    this.#outlet = options.outlet
    this.responsePath = new ResponsePath({
      exchange: options.exchange,
      outlet: this.#outlet,
      route: options.route,
      mayBeat: !forbidsChanges(options.request.rawHeaders),
      throttle: (isPaused) => (isPaused ? this.#controller?.pause() : this.#controller?.resume()),
      finished: () => this.#finished(),
      lost: () => this.stop({ code: 'internal', message: 'Held bytes could not be read back from the temporary file.' }),
      silent: () => this.#controller?.abort(upstreamSilence()),
      cut: (error) => {
        this.#fail(error)
        this.#controller?.abort(error)
      },
    })
  }

  /** Sends the request on. */
  start(): void {
    const { request, outlet, route } = this.#options
    outlet.observe(this)
    const isAwaited = (): boolean => !this.responsePath.isOpen
    if (hasBody(request)) this.#body = new RequestBody(request, { isAwaited, isKept: route.upstream.http2 })
    this.#dispatch(false)
  }

  get captured(): Captured {
    const { route, request, choice } = this.#options
    const received = { requestReceived: request.rawHeaders, responseReceived: this.#receivedFields }
    const sent = { requestSent: choice.current.fields, responseSent: this.#sentFields }
    return new KeptCapture(route, { ...received, ...sent }, this.#requestTap)
  }

  /** Ends the exchange from here: the upstream is left, what is held is the client's, and the cut is shown as a cut. */
  stop(error: ErrorReport): void {
    if (this.#isOver) return
    this.#fail(new GatewayError(error.code, error.message))
    this.#controller?.abort(new GatewayError(error.code, error.message))
    if (this.#isOver) return
    // The client takes nothing, and nobody waits for it now.
    this.responsePath.abandon()
    this.#tunnel?.stop()
    this.#outlet.destroy()
    this.#over('failed', error)
  }

  drained(): void {
    this.responsePath.drained()
  }

  closed(): void {
    if (this.#isOver) return
    this.responsePath.abandon()
    this.#over('aborted', clientClosed)
    this.#controller?.abort(new GatewayError(clientClosed.code, clientClosed.message))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#options.choice.reached()
    if (this.#isOver) controller.abort(new Error('the exchange is over'))
    else if (this.#options.request.headers.expect !== undefined) this.#outlet.writeInformational(100, [])
  }

  onBodySent(chunk: Buffer): void {
    // What is sent again has been counted.
    if (!(this.#body instanceof RequestBody)) return
    const at = now()
    this.exchange.sent(chunk.length, at)
    if (this.#options.route.capture.enabled) this.#requestTap ??= new Tap('chunk', this.#options.budget, { owner: this.exchange })
    this.#requestTap?.arrived(chunk, at)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: unknown, statusText?: string): void {
    if (this.#isOver) return
    const { exchange, request, route, budget, viaName } = this.#options
    const [raw, httpVersion] = [fieldList((controller.rawHeaders ?? headers) as RawFields), responseVersion(controller)]
    if (status >= 100 && status < 200)
      return this.#outlet.writeInformational(status, responseFields({ raw, route, status, viaName, httpVersion, cors: [] }))
    const head = readResponseHead({ status, statusText: statusText ?? '', raw, request })
    if ('fault' in head) {
      this.#fail(new GatewayError('upstream-invalid', head.fault))
      controller.abort(new Error(head.fault))
      return
    }
    this.#receivedFields = raw
    if (route.capture.enabled)
      exchange.tap = new Tap(head.rowKind, budget, { codings: head.codings, onDecoded: () => exchange.rowsFound(), owner: exchange })
    this.#bodyBytes = head.hasBody ? head.contentLength : null
    exchange.evidence.contentLength = head.contentLength
    exchange.responded({ ...head.summary, respondedAt: now() })
    const cors = corsFields(route, request.headers.origin)
    this.#sentFields = responseFields({ raw, route, status, viaName, httpVersion, cors })
    this.responsePath.open({
      status,
      statusText: head.statusText,
      fields: this.#sentFields,
      receivedFields: raw,
      hasBody: head.hasBody,
      traits: { mediaType: head.mediaType, accelBuffering: head.accelBuffering },
    })
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, headers: unknown, upstream: Duplex): void {
    const { exchange, request, route, budget, viaName } = this.#options
    if (this.#isOver) {
      upstream.destroy()
      return
    }
    const raw = fieldList((controller.rawHeaders ?? headers) as RawFields)
    this.#receivedFields = raw
    this.#sentFields = responseFields({ raw, route, status, viaName, httpVersion: responseVersion(controller), cors: [] })
    this.#outlet.writeInformational(status, this.#sentFields)
    exchange.responded(switchedHead(status, raw, now()))
    const onEnd: TunnelOptions['onEnd'] = (state, by) => {
      if (by === 'upstream') exchange.evidence.upstreamEnded(now())
      if (state === 'complete') this.#over('complete', null)
      else if (state === 'aborted') this.#over('aborted', clientClosed)
      else this.#over('failed', { code: 'upstream-reset', message: 'The upstream closed the connection.' })
    }
    const kept = route.capture.enabled ? budget : null
    const opened = openTunnel({ client: request.socket, upstream, exchange, fields: raw, budget: kept, onEnd })
    this.#tunnel = opened.tunnel
    this.#requestTap = opened.requestTap ?? this.#requestTap
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    const at = now()
    this.exchange.arrived(chunk, at)
    this.responsePath.push(chunk, at)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return
    this.exchange.evidence.upstreamEnded(now())
    const { trailers, hasFraming } = readTrailers(fieldList(controller.rawTrailers as RawFields), this.#receivedFields)
    this.#trailers = trailers
    // A parser may take such a trailer for a field of the next response's head.
    this.hasSpoiltConnection = hasFraming
    this.responsePath.finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const hasOther = this.#controller === null && this.#options.choice.unreached(error)
    if (this.#isOver || this.#failure !== null) return
    if (this.#sendAgain(error, hasOther)) return
    this.exchange.evidence.upstreamEnded(now())
    // A connection that ends while undici (HTTP/2) is paused behind the last byte of a body is an error to it, and yet the body is whole.
    if (this.exchange.arrivedBytes === this.#bodyBytes) this.responsePath.finish()
    else this.#fail(error)
  }

  #dispatch(isFresh: boolean): void {
    const { request, route, choice, protocol } = this.#options
    const { target, path, fields } = choice.current
    const options: ConnectionOptions = {
      origin: target.origin,
      path,
      method: request.method as Dispatcher.HttpMethod,
      headers: fields,
      body: this.#body,
      headersTimeout: route.upstream.headTimeoutMs,
      // The response path knows whether a silence is the upstream's own.
      bodyTimeout: 0,
      isFresh,
      ...(protocol === null ? {} : { upgrade: protocol }),
    }
    this.#controller = null
    this.#isSentAgain = isFresh
    this.exchange.movedTo(target.label)
    try {
      target.dispatcher.dispatch(options, this)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Returns whether the request is sent again. */
  #sendAgain(error: Error, isUnreached: boolean): boolean {
    if (this.#outlet.isGone || this.responsePath.isOpen) return false
    if (isUnreached || (this.isReusing && this.#body === null && mayMeetDeadConnection(error, this.#options.request.method))) {
      this.#dispatch(!isUnreached)
      return true
    }
    const body = this.#isSentAgain ? undefined : bodyToSendAgain(error, this.#body)
    if (body === undefined) return false
    this.#body = body
    // A pool hears of a GOAWAY when the streams that it leaves out have.
    queueMicrotask(() => {
      if (this.#isOver) return
      this.#options.choice.again()
      this.#dispatch(true)
    })
    return true
  }

  #fail(error: unknown): void {
    if (this.#isOver || this.#failure) return
    if (this.#outlet.isGone) {
      this.closed()
      return
    }
    const { report, status } = upstreamError(error, this.#options.choice.current.target.authority, this.responsePath.isOpen)
    this.#failure = report
    if (!this.responsePath.isOpen) {
      this.exchange.responded(errorHead(status))
      answerError(this.#outlet, status, report, corsFields(this.#options.route, this.#options.request.headers.origin))
      this.#over('failed', report)
      return
    }
    // What had arrived is the client's; then the cut is shown as a cut.
    this.responsePath.finish()
  }

  #finished(): void {
    if (this.#failure) {
      this.#outlet.destroy()
      this.#over('failed', this.#failure)
      return
    }
    this.#outlet.end(this.#trailers)
    this.#over('complete', null)
  }

  #over(state: 'complete' | 'failed' | 'aborted', error: ErrorReport | null): void {
    this.#isOver = true
    this.#body?.destroy()
    this.exchange.end(state, error)
    this.#options.onEnd()
  }
}

const clientClosed: ErrorReport = { code: 'client-aborted', message: 'The client closed the connection.' }
