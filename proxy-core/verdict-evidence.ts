import type { Decision } from './contract/buffering.ts'
import type { Exchange, Verdict } from './contract/exchange.ts'
import type { FaultHit } from './contract/faults.ts'
import { mediaType } from './headers.ts'
import { isTextType } from './response-head.ts'
import type { Pace } from './pace.ts'
import { looksLikeEvents, telltaleBytes } from './sse/looks-like-events.ts'
import type { Tap } from './tap.ts'
import type { HeadTraits, StreamEnd } from './upstream-causes.ts'
import { idleFromMs, reachVerdict } from './verdict.ts'
import { Waits } from './waits.ts'

/** What a verdict takes from the exchange itself. */
export type VerdictSubject = Pick<
  Exchange,
  'contentType' | 'contentEncoding' | 'framing' | 'rowKind' | 'respondedAt' | 'state' | 'endedAt'
> & {
  readonly tap: (Pick<Tap, 'pace' | 'rows' | 'read'> & { readonly firstKept?: number }) | null
  readonly arrivedBytes: number
  readonly heldBytes: number
}

/** Gathers, while an exchange goes on, what its verdict rests on and what nothing else keeps. */
export class VerdictEvidence {
  readonly #waits = new Waits()
  /** When the upstream had the whole request, as far as it was sent. */
  sentAt: number
  contentLength: number | null = null
  #faults: readonly FaultHit[] = []
  #upstreamEndedAt: number | null = null
  #looksLikeEvents: boolean | null = null

  constructor(startedAt: number) {
    this.sentAt = startedAt
  }

  /** A hold begins, by a decision, or ends; `bytes` is what was held before. */
  held(since: number | null, decision: Decision | null, at: number, bytes: number): void {
    this.#waits.held(since, decision, at, bytes)
  }

  released(bytes: number, heldMs: number): void {
    this.#waits.released(bytes, heldMs)
  }

  /** Released bytes wait for the client's socket. */
  blocked(at: number): void {
    this.#waits.blocked(at)
  }

  /** The client's socket has taken them. */
  drained(at: number): void {
    this.#waits.drained(at)
  }

  /** A fault on purpose hit; one of its kind takes the place of the one before. */
  faulted(hit: FaultHit): void {
    this.#faults = [...this.#faults.filter(({ type }) => type !== hit.type), hit]
  }

  /** The upstream's part is over, well or badly. */
  upstreamEnded(at: number): void {
    this.#upstreamEndedAt ??= at
  }

  /** How long bytes have waited now, here or for the client, or the upstream has been silent for long: the verdict may change by that alone. */
  waitedMs(pace: Pick<Pace, 'lastAt'> | undefined, at: number): number {
    const { since } = this.#waits
    if (since !== null) return at - since
    const silentMs = this.#upstreamEndedAt === null && pace !== undefined ? at - pace.lastAt : 0
    return silentMs >= idleFromMs ? silentMs : 0
  }

  verdict(subject: VerdictSubject, now: number): Verdict {
    if (this.#faults.length > 0) return { type: 'fault', faults: this.#faults, causes: [] }
    const { tap, rowKind, respondedAt } = subject
    const at = subject.endedAt ?? now
    return reachVerdict({
      waits: this.#waits.summary(at, subject.heldBytes),
      pace: tap?.pace.summary() ?? null,
      rowKind,
      rows: tap?.rows ?? 0,
      head: this.#traits(subject),
      sentAt: this.sentAt,
      respondedAt,
      end: this.#end(subject),
      hasBody: subject.arrivedBytes > 0,
      at,
    })
  }

  #end({ state, endedAt }: VerdictSubject): StreamEnd | null {
    if (state === 'aborted' && endedAt !== null) return { at: endedAt, by: 'client', isCut: true }
    if (this.#upstreamEndedAt === null) return null
    return { at: this.#upstreamEndedAt, by: 'upstream', isCut: state === 'failed' }
  }

  #traits({ tap, arrivedBytes, contentType, contentEncoding, framing, rowKind }: VerdictSubject): HeadTraits {
    if (rowKind === 'chunk' && tap !== null && this.#looksLikeEvents === null && arrivedBytes > 0) this.#lookAtStart(tap)
    return {
      contentType,
      contentEncoding,
      contentLength: this.contentLength,
      framing,
      isStream: rowKind === 'event' || rowKind === 'line',
      isText: contentType !== null && isTextType(mediaType(contentType)),
      looksLikeEvents: this.#looksLikeEvents === true,
    }
  }

  /** Looks once more with each verdict until the bytes have told, so that it costs nothing on their way. */
  #lookAtStart(tap: NonNullable<VerdictSubject['tap']>): void {
    const start = tap.read(0, telltaleBytes)
    if (looksLikeEvents(start)) this.#looksLikeEvents = true
    else if (start.length === telltaleBytes || (tap.firstKept ?? 0) > 0) this.#looksLikeEvents = false
  }
}
