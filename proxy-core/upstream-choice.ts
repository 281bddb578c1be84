import { now } from './clock.ts'
import type { ErrorCode } from './contract/errors.ts'
import type { Route } from './contract/route.ts'
import { upstreamError } from './upstream-errors.ts'
import type { Upstreams, UpstreamTarget } from './upstreams.ts'

/** A request as one upstream is to get it. */
export interface UpstreamRequest {
  readonly target: UpstreamTarget
  /** Path and query for the upstream. */
  readonly path: string
  readonly fields: string[]
}

/** Which upstream one exchange goes to: the node whose turn it is, and when that can't be reached the next. */
export class UpstreamChoice {
  readonly #upstreams: Upstreams
  readonly #route: Route
  readonly #write: (target: UpstreamTarget) => Omit<UpstreamRequest, 'target'>
  readonly #unreached: UpstreamTarget[] = []
  #current: UpstreamRequest

  /** `write` puts the request in words for a target. Throws a `GatewayError` when there is none to call. */
  constructor(upstreams: Upstreams, route: Route, write: (target: UpstreamTarget) => Omit<UpstreamRequest, 'target'>) {
    this.#upstreams = upstreams
    this.#route = route
    this.#write = write
    this.#current = this.#requestTo(upstreams.pick(route))
  }

  get current(): UpstreamRequest {
    return this.#current
  }

  /** A connection to the current target stands. */
  reached(): void {
    if (this.#current.target.health.reached()) this.#upstreams.healthChanged()
  }

  /** Nothing was sent to the current target, since it could not be reached. Whether there is another one, which then is the current one. */
  unreached(error: unknown): boolean {
    const { target } = this.#current
    const { report } = upstreamError(error, target.authority, false)
    // Anything else is no fault of the node's.
    if (!connectFailures.has(report.code)) return false
    target.health.failed(report, now())
    this.#upstreams.healthChanged()
    this.#unreached.push(target)
    const next = this.#upstreams.pickOther(this.#route, this.#unreached)
    if (next === null) return false
    this.#current = this.#requestTo(next)
    return true
  }

  /** The current target has not processed the request: the one whose turn it is now takes it. */
  again(): void {
    this.#current = this.#requestTo(this.#upstreams.pick(this.#route))
  }

  #requestTo(target: UpstreamTarget): UpstreamRequest {
    return { target, ...this.#write(target) }
  }
}

const connectFailures: ReadonlySet<ErrorCode> = new Set(['upstream-unreachable', 'upstream-untrusted', 'upstream-timeout'])
