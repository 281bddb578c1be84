import { contentCodings, unknownCoding } from './content-coding.ts'
import { decodeEvent } from './sse/decode-event.ts'
import { EventScanner } from './sse/event-scanner.ts'
import { TapDecoder } from './tap-decoder.ts'

/** Blocks beyond this are not looked into: an id of megabytes is none that anybody sends back. */
const maxBlockBytes = 1_048_576

/** Keeps what an EventSource keeps of an event stream: the id of the last event, and how long to wait before connecting again. */
export class EventTracker {
  lastEventId: string
  retryMs: number | null
  readonly #scanner = new EventScanner((start, end) => this.#block(start, end))
  #pending: Buffer = Buffer.alloc(0)
  #pendingAt = 0
  #decoder: TapDecoder | null = null

  constructor(before: { readonly lastEventId: string; readonly retryMs: number | null }) {
    this.lastEventId = before.lastEventId
    this.retryMs = before.retryMs
  }

  /** The response head has come; `raw` is its field list. */
  open(raw: readonly string[]): void {
    const codings = contentCodings(raw)
    if (codings.length === 0 || unknownCoding(codings) !== null) return
    this.#decoder = new TapDecoder(codings, {
      decoded: (bytes) => this.#feed(bytes),
      took: () => undefined,
      passed: () => undefined,
      failed: () => undefined,
    })
  }

  feed(chunk: Buffer): void {
    if (this.#decoder) this.#decoder.push(chunk, 0)
    else this.#feed(chunk)
  }

  /** The body is over: resolves when all of it has been looked at. */
  async end(): Promise<void> {
    const decoder = this.#decoder
    if (decoder) await new Promise<void>((resolve) => decoder.end(false, resolve))
  }

  #feed(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    this.#scanner.feed(chunk)
    const from = Math.max(this.#scanner.pendingStart, this.#scanner.position - maxBlockBytes) - this.#pendingAt
    this.#pending = this.#pending.subarray(from)
    this.#pendingAt += from
  }

  #block(start: number, end: number): void {
    if (start < this.#pendingAt) return
    const bytes = this.#pending.subarray(start - this.#pendingAt, end - this.#pendingAt)
    const { id, retryMs } = decodeEvent(bytes, { isFirst: start === 0 })
    if (id !== null) this.lastEventId = id
    if (retryMs !== null) this.retryMs = retryMs
  }
}
