import { CaptureBudget } from '../../../proxy-core/capture.ts'
import type { Exchange, RowKind, Verdict } from '../../../proxy-core/contract/exchange.ts'
import { Tap } from '../../../proxy-core/tap.ts'
import { VerdictEvidence } from '../../../proxy-core/verdict-evidence.ts'

/** What a test says of a stream besides its bytes. */
export interface StreamOptions {
  readonly rowKind?: RowKind
  readonly contentType?: string | null
  readonly contentEncoding?: string | null
  readonly contentLength?: number | null
  readonly framing?: Exchange['framing']
  /** When the head came, after the request. */
  readonly respondedAt?: number
}

/** A stream on a clock of its own, which starts at 0 with the request: bytes come, leave, are held when the test says so. */
export class PacedStream {
  readonly tap: Tap
  readonly evidence = new VerdictEvidence(0)
  readonly #options: StreamOptions
  #arrivedBytes = 0
  #lastAt = 0

  constructor(options: StreamOptions = {}) {
    this.#options = options
    this.tap = new Tap(options.rowKind ?? 'event', new CaptureBudget(1e9, 1e9))
    this.evidence.contentLength = options.contentLength ?? null
  }

  /** Bytes come from the upstream. */
  arrive(at: number, text: string): void {
    const bytes = Buffer.from(text)
    this.#arrivedBytes += bytes.length
    this.#lastAt = at
    this.tap.arrived(bytes, at)
  }

  /** The same again and again: one chunk, so many times, so far apart. */
  arriveEvery(ms: number, count: number, text: string, from = 0): void {
    for (let index = 1; index <= count; index++) this.arrive(from + index * ms, text)
  }

  /** The verdict while the stream is open. */
  verdict(at = this.#lastAt): Verdict {
    return this.#verdict(at, { state: 'open', endedAt: null })
  }

  /** The verdict when the upstream has ended it. */
  ended(at = this.#lastAt, state: 'complete' | 'failed' = 'complete'): Verdict {
    this.evidence.upstreamEnded(at)
    return this.#verdict(at, { state, endedAt: at })
  }

  /** The verdict when the client has left. */
  abandoned(at: number): Verdict {
    return this.#verdict(at, { state: 'aborted', endedAt: at })
  }

  /** The verdict some time after it was ended here. */
  stopped(endedAt: number, at: number): Verdict {
    return this.#verdict(at, { state: 'failed', endedAt })
  }

  #verdict(at: number, end: Pick<Exchange, 'state' | 'endedAt'>): Verdict {
    const {
      rowKind = 'event',
      contentType = 'text/event-stream',
      contentEncoding = null,
      framing = 'chunked',
      respondedAt = 1,
    } = this.#options
    const head = { rowKind, contentType, contentEncoding, framing, respondedAt }
    return this.evidence.verdict({ ...head, ...end, tap: this.tap, arrivedBytes: this.#arrivedBytes, heldBytes: 0 }, at)
  }
}

/** An event of so many bytes. */
export function eventOf(bytes: number): string {
  return `data: ${'x'.repeat(bytes - 8)}\n\n`
}
