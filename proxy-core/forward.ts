import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import type { CaptureBudget } from './capture.ts'
import { now } from './clock.ts'
import type { BufferingPolicy, Decision } from './contract/buffering.ts'
import { GatewayError, type ErrorReport } from './contract/errors.ts'
import type { Route } from './contract/route.ts'
import type { ExchangeHeads } from './contract/rows.ts'
import { corsFields } from './cors.ts'
import { decide, holdsAlike, type ResponseTraits } from './decision.ts'
import { answerError, errorHead } from './error-answer.ts'
import { fieldList, responseFields, type RawFields } from './headers.ts'
import type { HoldRoom } from './hold-queue.ts'
import { Hold } from './hold.ts'
import type { LiveExchange } from './live-exchange.ts'
import { Outlet } from './outlet.ts'
import { plainFields, redactFields } from './redact.ts'
import { readResponseHead, type ResponseHead } from './response-head.ts'
import { Spool } from './spool.ts'
import { Tap } from './tap.ts'
import { upstreamError } from './upstream-errors.ts'
import type { UpstreamTarget } from './upstreams.ts'

/** What one exchange needs to be forwarded. */
export interface ForwardOptions {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly socket: Socket
  readonly exchange: LiveExchange
  readonly route: Route
  readonly upstream: UpstreamTarget
  /** Path and query for the upstream. */
  readonly path: string
  readonly fields: string[]
  readonly viaName: string
  readonly budget: CaptureBudget
  /** Told once, when nothing is left to do. */
  onEnd(): void
}

/** What is kept of an exchange for whoever looks into it. */
export interface Captured {
  readonly heads: ExchangeHeads
  readonly requestTap: Tap | null
}

/** Carries one exchange from its first byte to its last: request up, response down, through hold and tap. */
export class Forward implements Dispatcher.DispatchHandler {
  readonly exchange: LiveExchange
  readonly #options: ForwardOptions
  readonly #outlet: Outlet
  #requestTap: Tap | null = null
  #policy: BufferingPolicy
  #override: 'off' | 'on' | null = null
  #controller: Dispatcher.DispatchController | null = null
  #hold: Hold | null = null
  #decision: Decision | null = null
  #traits: ResponseTraits | null = null
  #head: ResponseHead | null = null
  #sentFields: string[] = []
  #blockedAt: number | null = null
  #failure: ErrorReport | null = null
  #trailers: (readonly [string, string])[] = []
  #isOver = false

  constructor(options: ForwardOptions) {
    this.#options = options
    this.exchange = options.exchange
    this.#policy = options.route.buffering
    this.#outlet = new Outlet(options.response, options.socket, () => this.#drained())
  }

  /** Sends the request on. */
  start(): void {
    const { request, response, route, upstream, path, fields } = this.#options
    response.once('close', () => this.#clientClosed())
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
    try {
      upstream.dispatcher.dispatch(
        {
          origin: upstream.origin,
          path,
          method: request.method as Dispatcher.HttpMethod,
          headers: fields,
          body: hasBody ? request : null,
          headersTimeout: route.upstream.headTimeoutMs,
          bodyTimeout: route.upstream.idleTimeoutMs,
        },
        this,
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  get captured(): Captured {
    const isRedacted = this.#options.route.capture.redact === 'default'
    const show = (fields: readonly string[]) => (isRedacted ? redactFields(fields) : plainFields(fields))
    const heads = {
      requestReceived: show(this.#options.request.rawHeaders),
      requestSent: show(this.#options.fields),
      responseReceived: show(this.#head?.raw ?? []),
      responseSent: show(this.#sentFields),
    }
    return { heads, requestTap: this.#requestTap }
  }

  /** Puts a route's policy in force for this exchange, at once. */
  setPolicy(policy: BufferingPolicy): void {
    this.#policy = policy
    this.#decideAgain()
  }

  /** Flips this exchange alone; null gives it back to its route. */
  setOverride(override: 'off' | 'on' | null): void {
    this.#override = override
    this.#decideAgain()
  }

  /** Hands on what is held now, a held head among it. */
  release(): void {
    this.#sendHead()
    this.#hold?.release()
  }

  /** Ends the exchange from here: the upstream is left, what is held is the client's, and the cut is shown as a cut. */
  stop(error: ErrorReport): void {
    if (this.#isOver) return
    this.#fail(new GatewayError(error.code, error.message))
    this.#controller?.abort(new GatewayError(error.code, error.message))
    if (this.#isOver) return
    // The client takes nothing, and nobody waits for it now.
    this.#hold?.abandon()
    this.#outlet.destroy()
    this.#over('failed', error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error('the exchange is over'))
    else if (this.#options.request.headers.expect !== undefined) this.#options.response.writeContinue()
  }

  onBodySent(chunk: Buffer): void {
    this.exchange.requestBytes += chunk.length
    if (this.#options.route.capture.enabled) this.#requestTap ??= new Tap('chunk', this.#options.budget)
    this.#requestTap?.arrived(chunk, now())
    this.exchange.touch()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: unknown, statusText?: string): void {
    if (status < 200 || this.#isOver) return
    const { exchange, request, route, budget, viaName } = this.#options
    const raw = fieldList((controller.rawHeaders ?? headers) as RawFields)
    const head = readResponseHead({ status, statusText: statusText ?? '', raw, method: request.method ?? '' })
    if ('fault' in head) {
      this.#fail(new GatewayError('upstream-invalid', head.fault))
      controller.abort(new Error(head.fault))
      return
    }
    this.#head = head
    this.#traits = { mediaType: head.mediaType, accelBuffering: head.accelBuffering }
    if (route.capture.enabled) exchange.tap = new Tap(head.rowKind, budget)
    exchange.responded({ ...head.summary, respondedAt: now() })
    const cors = corsFields(route, request.headers.origin)
    this.#sentFields = responseFields({ raw, route, status, viaName, httpVersion: '1.1', cors })
    this.#hold = new Hold(this.#sink(), this.#observer(), { room: holdRoom(this.#policy), now })
    this.#decideAgain()
    if (this.#decision?.mode === 'off' || !this.#policy.holdHead || !head.hasBody) this.#sendHead()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    const at = now()
    this.exchange.arrived(chunk, at)
    this.#hold?.push(chunk, at)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return
    this.#trailers = pairs(fieldList(controller.rawTrailers as RawFields)).filter(([name]) => !isFramingField(name))
    this.#hold?.finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(error)
  }

  #fail(error: unknown): void {
    if (this.#isOver || this.#failure) return
    if (this.#options.socket.destroyed) {
      this.#clientClosed()
      return
    }
    const { report, status } = upstreamError(error, this.#options.upstream.authority)
    this.#failure = report
    if (this.#hold === null) {
      this.exchange.responded(errorHead(status))
      answerError(this.#options.response, status, report)
      this.#over('failed', report)
      return
    }
    // What had arrived is the client's; then the cut is shown as a cut.
    this.#hold.finish()
  }

  #finished(): void {
    this.#sendHead()
    if (this.#failure) {
      this.#outlet.destroy()
      this.#over('failed', this.#failure)
      return
    }
    this.#outlet.end(this.#trailers)
    this.#over('complete', null)
  }

  #clientClosed(): void {
    if (this.#isOver) return
    const error: ErrorReport = { code: 'client-aborted', message: 'The client closed the connection.' }
    this.#hold?.abandon()
    this.#over('aborted', error)
    this.#controller?.abort(new GatewayError(error.code, error.message))
  }

  #over(state: 'complete' | 'failed' | 'aborted', error: ErrorReport | null): void {
    this.#isOver = true
    this.exchange.end(state, error)
    this.#options.onEnd()
  }

  #decideAgain(): void {
    if (this.#traits === null || this.#isOver) return
    const decision = decide(this.#policy, this.#override, this.#traits, now())
    const before = this.#decision
    if (before && holdsAlike(before, decision) && before.reason === decision.reason) return
    this.#decision = decision
    this.exchange.decided(decision)
    if (decision.mode === 'off') this.#sendHead()
    this.#hold?.follow(decision)
  }

  #sendHead(): void {
    const head = this.#head
    if (this.#outlet.hasHead || head === null) return
    this.#outlet.writeHead(head.summary.status, head.statusText, this.#sentFields, head.hasBody)
  }

  #sink() {
    const outlet = this.#outlet
    const write = (chunk: Buffer): void => {
      if (!outlet.hasHead) this.#sendHead()
      outlet.write(chunk)
      if (outlet.isBlocked) this.#blockedAt ??= now()
    }
    return {
      write,
      get isBlocked() {
        return outlet.isBlocked
      },
    }
  }

  #observer() {
    const { exchange } = this
    return {
      left: (bytes: number, at: number) => exchange.left(bytes, at),
      released: (bytes: number, heldMs: number) => exchange.released(bytes, heldMs),
      heldChanged: (heldBytes: number, oldestHeldAt: number | null) => exchange.holds(heldBytes, oldestHeldAt),
      throttle: (isPaused: boolean) => (isPaused ? this.#controller?.pause() : this.#controller?.resume()),
      finished: () => this.#finished(),
      lost: () => this.stop({ code: 'internal', message: 'Held bytes could not be read back from the temporary file.' }),
    }
  }

  #drained(): void {
    if (this.#blockedAt !== null) this.exchange.stalled(now() - this.#blockedAt)
    this.#blockedAt = null
    this.#hold?.drained()
  }
}

function holdRoom({ memoryBytes, spoolBytes }: BufferingPolicy): HoldRoom {
  return { memoryBytes, openSpool: spoolBytes > 0 ? (onChange) => new Spool(spoolBytes, onChange) : null }
}

function pairs(fields: readonly string[]): (readonly [string, string])[] {
  const list: (readonly [string, string])[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) list.push([fields[index] as string, fields[index + 1] as string])
  return list
}

// RFC 9110 §6.5.1: what frames a message or is for one hop has no place in trailers.
function isFramingField(name: string): boolean {
  return /^(transfer-encoding|content-length|connection|keep-alive|te|trailer|upgrade|host|via)$/i.test(name)
}
