import type { Dispatcher } from 'undici'
import { fieldList, type RawFields } from '../../../proxy-core/headers.ts'
import type { UpstreamTarget } from '../../../proxy-core/upstreams.ts'
import { Condition } from '../../support/condition.ts'

/** One request to an upstream, dispatched as the gateway does it. */
export class UpstreamCall implements Dispatcher.DispatchHandler {
  body = ''
  status = 0
  fields: readonly string[] = []
  hasEnded = false
  error: Error | null = null
  readonly #condition = new Condition()
  #controller: Dispatcher.DispatchController | null = null

  constructor(target: UpstreamTarget, options: Partial<Dispatcher.DispatchOptions> = {}) {
    target.dispatcher.dispatch({ origin: target.origin, path: `${target.basePath}/`, method: 'GET', ...options }, this)
  }

  /** This call, once the response's head is here. */
  async responded(): Promise<this> {
    await this.#until(() => this.status > 0, 'a response')
    return this
  }

  /** This call, once that text has come. */
  async received(text: string): Promise<this> {
    await this.#until(() => this.body.includes(text), text)
    return this
  }

  /** This call, once the response is complete. */
  async ended(): Promise<this> {
    await this.#until(() => this.hasEnded, 'the end')
    return this
  }

  /** Why the call failed. */
  failed(): Promise<Error> {
    return this.#condition.until(
      () => this.error,
      () => 'a failure',
    )
  }

  abort(): void {
    this.#controller?.abort(new Error('left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: unknown): void {
    this.status = status
    this.fields = fieldList((controller.rawHeaders ?? headers) as RawFields)
    this.#condition.changed()
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.body += chunk.toString()
    this.#condition.changed()
  }

  onResponseEnd(): void {
    this.hasEnded = true
    this.#condition.changed()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.error = error
    this.#condition.changed()
  }

  async #until(probe: () => boolean, what: string): Promise<void> {
    await this.#condition.until(
      () => {
        if (probe()) return true
        if (this.error) throw this.error
        return false
      },
      () => `${what} (so far ${this.body})`,
    )
  }
}
