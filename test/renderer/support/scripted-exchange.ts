import type { Decision, DecisionReason } from '../../../proxy-core/contract/buffering.ts'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'
import type { Exchange, ExchangeId, Verdict } from '../../../proxy-core/contract/exchange.ts'
import type { MessageMark } from '../../../proxy-core/contract/messages.ts'
import { compilePattern } from '../../../proxy-core/contract/pattern/pattern.ts'
import type { Route } from '../../../proxy-core/contract/route.ts'
import type { RowQuery, SearchReport } from '../../../proxy-core/contract/search.ts'
import {
  timelineStride,
  type BodyRange,
  type ExchangeHeads,
  type Row,
  type RowDetail,
  type RowRange,
  type Timeline,
} from '../../../proxy-core/contract/rows.ts'
import type { ExchangeError, ExchangePlan } from './scripted-plan.ts'

interface ScriptedRow {
  readonly row: Row
  readonly data: string
  readonly raw: string
}

/** One exchange of the scripted gateway: it is told what arrives and when, and holds and releases as its route's policy says. */
export class ScriptedExchange {
  readonly plan: ExchangePlan
  readonly #rows: ScriptedRow[] = []
  #view: Exchange
  #leftRows = 0

  constructor(id: ExchangeId, plan: ExchangePlan, route: Route, startedAt: number) {
    this.plan = plan
    this.#view = {
      id,
      routeId: route.id,
      method: plan.method,
      target: plan.target,
      host: '127.0.0.1:9080',
      httpVersion: '1.1',
      client: '127.0.0.1:51234',
      startedAt,
      upstream: route.upstream.url ?? null,
      requestBytes: plan.requestBody.length,
      status: null,
      respondedAt: null,
      contentType: null,
      contentEncoding: null,
      framing: null,
      rowKind: null,
      decisions: [],
      isOverridden: false,
      isPinned: false,
      origin: plan.origin ?? 'live',
      arrivedBytes: 0,
      leftBytes: 0,
      heldBytes: 0,
      oldestHeldAt: null,
      rows: 0,
      events: 0,
      leftRows: 0,
      forgottenRows: 0,
      firstRowAt: null,
      lastRowAt: null,
      verdict: { type: 'waiting' },
      decodeError: null,
      unkeptBytes: 0,
      unkeptFrom: null,
      unkeptTo: null,
      state: 'open',
      endedAt: null,
      error: null,
      ...plan.view,
    }
  }

  get view(): Exchange {
    return this.#view
  }

  get mode(): 'off' | 'on' {
    return this.#view.decisions.at(-1)?.mode ?? 'off'
  }

  respond(at: number): void {
    const { status, contentType, message } = this.plan
    this.#view = {
      ...this.#view,
      status,
      respondedAt: at,
      contentType,
      framing: message ? 'none' : 'chunked',
      rowKind: message ? 'message' : contentType === 'text/event-stream' ? 'event' : 'chunk',
    }
  }

  /** Decides, or decides anew; turning holding off lets everything go at once. */
  decide(decision: { mode: 'off' | 'on'; reason: DecisionReason; holdBytes: number | null; holdMs: number | null }, at: number): void {
    const entry: Decision = { at, ...decision }
    this.#view = { ...this.#view, decisions: [...this.#view.decisions, entry], isOverridden: decision.reason === 'override' }
    if (entry.mode === 'off') this.release(at)
  }

  /** A row comes from the upstream. */
  arrive(at: number, eventType: string, eventId: string | null, data: string): void {
    const message = this.plan.message?.(this.#rows.length)
    const raw = message
      ? data
      : `${eventId === null ? '' : `id: ${eventId}\n`}${eventType === 'message' ? '' : `event: ${eventType}\n`}data: ${data}\n\n`
    const before = this.#rows.at(-1)?.row
    const row: Row = {
      index: this.#rows.length,
      type: this.#view.rowKind ?? 'chunk',
      eventType,
      eventId,
      preview: data.slice(0, 200),
      isKept: true,
      bytes: message && isHex(message) ? hexBytes(data).length : raw.length,
      arrivedAt: at,
      leftAt: null,
      gapMs: before ? at - before.arrivedAt : null,
      ...this.plan.mark?.(this.#rows.length),
      ...(message ? { message } : {}),
    }
    this.#rows.push({ row, data, raw })
    this.#view = {
      ...this.#view,
      arrivedBytes: this.#view.arrivedBytes + raw.length,
      heldBytes: this.#view.heldBytes + raw.length,
      oldestHeldAt: this.#view.oldestHeldAt ?? at,
      rows: this.#rows.length,
      events: this.#rows.length,
      firstRowAt: this.#view.firstRowAt ?? at,
      lastRowAt: at,
    }
    const limit = this.#view.decisions.at(-1)?.holdBytes ?? null
    if (this.mode === 'off' || (limit !== null && this.#view.heldBytes >= limit)) this.release(at + 0.4)
  }

  /** Lets go of what has been held for as long as the policy allows. */
  tick(now: number): void {
    const limit = this.#view.decisions.at(-1)?.holdMs ?? null
    const oldest = this.#view.oldestHeldAt
    if (limit !== null && oldest !== null && now - oldest >= limit) this.release(now)
  }

  release(at: number): void {
    const released = this.#rows.slice(this.#leftRows)
    released.forEach((entry, offset) => {
      this.#rows[this.#leftRows + offset] = { ...entry, row: { ...entry.row, leftAt: at + offset * 0.02 } }
    })
    this.#leftRows = this.#rows.length
    this.#view = {
      ...this.#view,
      leftBytes: this.#view.arrivedBytes,
      heldBytes: 0,
      oldestHeldAt: null,
      leftRows: this.#leftRows,
      verdict: this.#verdict(),
    }
  }

  /** Shows this of the exchange, whatever it has come to. */
  show(view: Partial<Exchange>): void {
    this.#view = { ...this.#view, ...view }
  }

  end(at: number, error: ExchangeError | null = null): void {
    if (!error) this.release(at)
    this.#view = {
      ...this.#view,
      state: error?.state ?? 'complete',
      endedAt: at,
      error: error?.report ?? null,
      status: error?.status ?? this.#view.status,
    }
  }

  rows(from: number, to: number): RowRange {
    const first = this.#view.forgottenRows
    const rows = this.#rows.slice(Math.max(first, from), to).map((entry) => entry.row)
    return { first, total: this.#rows.length, leftRows: this.#leftRows, rows }
  }

  row(index: number): RowDetail | null {
    const entry = this.#rows[index]
    if (!entry) return null
    const { row, data, raw } = entry
    return { ...row, data, raw, retryMs: null, comments: [], hasInvalidUtf8: false, omittedBytes: 0, ...this.plan.mark?.(index) }
  }

  /** The bytes of a row: a binary message is written as hex. */
  rowBytes(index: number): Uint8Array<ArrayBuffer> {
    const entry = this.#rows[index]
    if (!entry) return new Uint8Array()
    return entry.row.message && isHex(entry.row.message) ? hexBytes(entry.data) : new TextEncoder().encode(entry.raw)
  }

  search({ text, isPattern, matchesCase, direction }: RowQuery, from: number): SearchReport {
    const pattern = compilePattern(isPattern ? text : text.replace(/[^\w\s]/g, String.raw`\$&`), { ignoresCase: !matchesCase })
    if (typeof pattern === 'string') throw new GatewayError('invalid-input', pattern)
    const all = this.#rows.flatMap(({ row, data }) =>
      (text === '' || pattern.test(data)) && (direction === undefined || row.message?.direction === direction) ? [row.index] : [],
    )
    const total = this.#rows.length
    return { matches: Uint32Array.from(all.slice(from)), from, total: all.length, first: 0, searchedTo: total, rows: total, cutRows: 0 }
  }

  timeline(from: number, to: number, columns: number): Timeline {
    const seen = this.#rows.filter(({ row }) => row.arrivedAt <= to && (row.leftAt ?? to) >= from)
    const step = Math.max(1, Math.ceil(seen.length / (columns * 2)))
    const shown = seen.filter((_, index) => index % step === 0)
    const points = new Float64Array(shown.length * timelineStride)
    shown.forEach(({ row }, index) => points.set([row.arrivedAt, row.leftAt ?? Number.NaN, row.index], index * timelineStride))
    const made = this.#view.decisions.filter((decision) => decision.at <= to)
    const inForce = made.findLastIndex((decision) => decision.at <= from)
    const upward = Uint8Array.from(shown, ({ row }) => (row.message?.direction === 'toUpstream' ? 1 : 0))
    return { from, to, points, decisions: made.slice(Math.max(0, inForce)), ...(this.plan.message ? { upward } : {}) }
  }

  body(side: 'request' | 'response', from: number, to: number): BodyRange {
    const text = side === 'request' ? this.plan.requestBody : this.#rows.map((entry) => entry.raw).join('')
    const bytes = new TextEncoder().encode(text)
    return { from, total: bytes.length, first: 0, bytes: bytes.slice(from, to) }
  }

  heads(): ExchangeHeads {
    const host = this.#view.host
    const requestReceived = [
      ['Host', host],
      ['Accept', 'text/event-stream'],
      ['User-Agent', 'curl/8.9.1'],
      ['Authorization', 'Bearer [redacted]wxyz'],
    ] as const
    const responseReceived = [
      ['Content-Type', this.plan.contentType],
      ['Cache-Control', 'no-cache'],
      ['Transfer-Encoding', 'chunked'],
      ['Connection', 'keep-alive'],
    ] as const
    return {
      requestReceived,
      requestSent: [
        ...requestReceived,
        ['X-Forwarded-For', '127.0.0.1'],
        ['X-Forwarded-Host', host],
        ['X-Forwarded-Proto', 'http'],
        ['X-Real-IP', '127.0.0.1'],
        ['Via', '1.1 sluice'],
      ],
      responseReceived,
      responseSent: [...responseReceived.filter(([name]) => name !== 'Connection'), ['Via', '1.1 sluice']],
    }
  }

  #verdict(): Verdict {
    if (this.plan.verdict) return this.plan.verdict
    let longestHeldMs = 0
    let largestReleaseBytes = 0
    let holds = 0
    let releaseBytes = 0
    let releaseAt = Number.NEGATIVE_INFINITY
    for (const { row } of this.#rows) {
      if (row.leftAt === null) break
      longestHeldMs = Math.max(longestHeldMs, row.leftAt - row.arrivedAt)
      // Rows of one release leave in one burst.
      if (row.leftAt - releaseAt > 1) {
        releaseBytes = 0
        if (row.leftAt - row.arrivedAt > 50) holds++
      }
      releaseAt = row.leftAt
      releaseBytes += row.bytes
      largestReleaseBytes = Math.max(largestReleaseBytes, releaseBytes)
    }
    if (longestHeldMs <= 50) return { type: 'passes', longestHeldMs, longestStallMs: 0, causes: [] }
    const by = this.#view.decisions.findLast((decision) => decision.mode === 'on') ?? null
    return { type: 'held', longestHeldMs, largestReleaseBytes, holds, by, causes: [] }
  }
}

function isHex({ opcode, issue }: MessageMark): boolean {
  return opcode === 'binary' || issue !== null
}

function hexBytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16))
}
