import type { Decision } from '../../../proxy-core/contract/buffering.ts'
import type { Exchange, ExchangeId, ExchangeState } from '../../../proxy-core/contract/exchange.ts'
import type { RouteId } from '../../../proxy-core/contract/route.ts'
import { type BodyRange, type Row, type RowDetail, type RowRange, type Timeline } from '../../../proxy-core/contract/rows.ts'

const passMs = 0.4
const rowsPerRange = 2000
const rowsPerColumn = 4

/** What a scripted stream is made of. */
export interface StreamScript {
  readonly id: number
  readonly startedAt: number
  readonly rowsPerSecond: number
  readonly target?: string
  /** Rows that are kept; older ones are forgotten. */
  readonly keptRows?: number
  readonly dataOf?: (index: number) => string
}

interface Hold {
  readonly from: number
  readonly releases: number[]
  until: number
}

/**
 * An event stream worked out from its rate instead of being played: the time of each row is its number over the rate,
 * so 50,000 rows a second cost nothing until somebody asks for some of them. Holds and releases are told by `hold`, `release` and `pass`.
 */
export class ScriptedStream {
  readonly #script: StreamScript
  readonly #holds: Hold[] = []
  readonly #decisions: Decision[]
  #endedAt: number | null = null
  #state: ExchangeState = 'open'

  constructor(script: StreamScript) {
    this.#script = script
    this.#decisions = [{ at: script.startedAt, mode: 'off', reason: 'route', holdBytes: null, holdMs: null }]
  }

  get id(): ExchangeId {
    return this.#script.id as ExchangeId
  }

  /** Bytes that arrive from now on are kept. */
  hold(at: number, { holdBytes = null, holdMs = null }: { holdBytes?: number | null; holdMs?: number | null } = {}): void {
    this.#decisions.push({ at, mode: 'on', reason: 'route', holdBytes, holdMs })
    this.#holds.push({ from: at, releases: [], until: Number.POSITIVE_INFINITY })
  }

  /** What is held goes; what comes later is held again. */
  release(at: number): void {
    this.#holds.at(-1)?.releases.push(at)
  }

  /** What is held goes, and what comes later passes. */
  pass(at: number): void {
    this.#decisions.push({ at, mode: 'off', reason: 'route', holdBytes: null, holdMs: null })
    const hold = this.#holds.at(-1)
    if (hold) hold.until = at
  }

  end(at: number, state: ExchangeState = 'complete'): void {
    this.#endedAt = at
    this.#state = state
    const hold = this.#holds.at(-1)
    if (hold && state === 'complete') hold.until = Math.min(hold.until, at)
  }

  arrivedAt(index: number): number {
    return this.#script.startedAt + 20 + (index * 1000) / this.#script.rowsPerSecond
  }

  /** When a row left, or would leave; infinite while nothing releases it. */
  leftAt(index: number): number {
    const arrivedAt = this.arrivedAt(index)
    const hold = this.#holds.find(({ from, until }) => arrivedAt >= from && arrivedAt < until)
    if (!hold) return arrivedAt + passMs
    return hold.releases.find((at) => at >= arrivedAt) ?? hold.until
  }

  rowCount(now: number): number {
    const until = Math.min(now, this.#endedAt ?? now) - this.#script.startedAt - 20
    return until < 0 ? 0 : Math.floor((until * this.#script.rowsPerSecond) / 1000) + 1
  }

  /** Rows leave in order, so those that have left are the first so many. */
  leftCount(now: number): number {
    return firstIndex(0, this.rowCount(now), (index) => this.leftAt(index) > Math.min(now, this.#endedAt ?? now))
  }

  exchange(now: number): Exchange {
    const { id, startedAt, target = '/events' } = this.#script
    const rows = this.rowCount(now)
    const leftRows = this.leftCount(now)
    const rowBytes = this.#raw(0).length
    const held = rows - leftRows
    let longestHeldMs = held > 0 ? now - this.arrivedAt(leftRows) : 0
    for (const { from, releases, until } of this.#holds) {
      const edges = [from, ...releases, Math.min(until, now)]
      edges.forEach((edge, index) => (longestHeldMs = Math.max(longestHeldMs, edge - (edges[index - 1] ?? edge))))
    }
    return {
      id: id as ExchangeId,
      routeId: 'sse-echo' as RouteId,
      method: 'GET',
      target,
      host: '127.0.0.1:9080',
      httpVersion: '1.1',
      client: '127.0.0.1:51234',
      startedAt,
      upstream: 'http://127.0.0.1:8080',
      requestBytes: 0,
      status: 200,
      respondedAt: startedAt + 12,
      contentType: 'text/event-stream',
      contentEncoding: null,
      framing: 'chunked',
      rowKind: 'event',
      decisions: [...this.#decisions],
      isOverridden: false,
      isPinned: false,
      origin: 'live',
      arrivedBytes: rows * rowBytes,
      leftBytes: leftRows * rowBytes,
      heldBytes: held * rowBytes,
      oldestHeldAt: held > 0 && this.#endedAt === null ? this.arrivedAt(leftRows) : null,
      rows,
      events: rows,
      leftRows,
      forgottenRows: this.#forgotten(now),
      firstRowAt: rows > 0 ? this.arrivedAt(0) : null,
      lastRowAt: rows > 0 ? this.arrivedAt(rows - 1) : null,
      verdict:
        longestHeldMs > 20
          ? { type: 'held', longestHeldMs, largestReleaseBytes: held * rowBytes, holds: this.#holds.length, by: null, causes: [] }
          : { type: 'passes', longestHeldMs: passMs, longestStallMs: 0, causes: [] },
      decodeError: null,
      unkeptBytes: 0,
      unkeptFrom: null,
      unkeptTo: null,
      state: this.#state,
      endedAt: this.#endedAt,
      error: this.#state === 'failed' ? { code: 'upstream-reset', message: 'The upstream cut the connection.' } : null,
    }
  }

  rows({ from, to }: { from: number; to: number }, now: number): RowRange {
    const first = this.#forgotten(now)
    const total = this.rowCount(now)
    const rows: Row[] = []
    for (let index = Math.max(from, first); index < Math.min(to, total, from + rowsPerRange); index++) rows.push(this.#row(index, now))
    return { first, total, leftRows: this.leftCount(now), rows }
  }

  row(index: number, now: number): RowDetail {
    const data = this.#data(index)
    return { ...this.#row(index, now), data, raw: this.#raw(index), retryMs: null, comments: [], hasInvalidUtf8: false, omittedBytes: 0 }
  }

  timeline({ from, to, columns }: { from: number; to: number; columns: number }, now: number): Timeline {
    const total = this.rowCount(now)
    const start = firstIndex(0, total, (index) => this.arrivedAt(index) >= from)
    const early = firstIndex(0, Math.min(start, this.leftCount(now)), (index) => this.leftAt(index) >= from)
    const points: number[] = []
    const add = (first: number, end: number, atMost: number) => {
      const shown = Math.min(end - first, atMost)
      for (let step = 0; step < shown; step++) {
        const index = first + Math.round((step * (end - first - 1)) / Math.max(1, shown - 1))
        const leftAt = this.leftAt(index)
        points.push(this.arrivedAt(index), leftAt > now ? Number.NaN : leftAt, index)
      }
    }
    add(early, start, columns / 4)
    for (let column = 0, row = start; column < columns && row < total; column++) {
      const until = from + ((column + 1) * (to - from)) / columns
      const end = firstIndex(row, total, (index) => this.arrivedAt(index) >= until)
      add(row, end, rowsPerColumn)
      row = end
    }
    const inForce = this.#decisions.findLastIndex((decision) => decision.at <= from)
    return {
      from,
      to,
      points: Float64Array.from(points),
      decisions: this.#decisions.slice(Math.max(0, inForce)).filter(({ at }) => at <= to),
    }
  }

  /** The bytes of the response body; every row of this stream has the same length. */
  body({ from, to }: { from: number; to: number }, now: number): BodyRange {
    const rowBytes = this.#raw(0).length
    const total = this.rowCount(now) * rowBytes
    const kept = this.#forgotten(now) * rowBytes
    const start = Math.max(from, kept)
    const end = Math.min(to, total, start + 1_048_576)
    const firstRow = Math.floor(start / rowBytes)
    let text = ''
    for (let index = firstRow; index * rowBytes < end; index++) text += this.#raw(index)
    const offset = firstRow * rowBytes
    return { from: start, total, first: kept, bytes: new TextEncoder().encode(text).slice(start - offset, Math.max(start, end) - offset) }
  }

  #forgotten(now: number): number {
    return Math.max(0, this.rowCount(now) - (this.#script.keptRows ?? Number.POSITIVE_INFINITY))
  }

  #data(index: number): string {
    const { dataOf } = this.#script
    return dataOf
      ? dataOf(index)
      : JSON.stringify({ n: String(index).padStart(9, '0'), choices: [{ delta: { content: 'sluice ' } }], created: 1_795_000_000 })
  }

  #raw(index: number): string {
    return `id: ${String(index).padStart(9, '0')}\ndata: ${this.#data(index)}\n\n`
  }

  #row(index: number, now: number): Row {
    const leftAt = this.leftAt(index)
    const data = this.#data(index)
    return {
      index,
      type: 'event',
      eventType: 'message',
      eventId: String(index),
      preview: data.slice(0, 240),
      isKept: true,
      bytes: this.#raw(index).length,
      arrivedAt: this.arrivedAt(index),
      leftAt: leftAt > now ? null : leftAt,
      gapMs: index === 0 ? null : 1000 / this.#script.rowsPerSecond,
    }
  }
}

/** The first index from `low` up to `high` for which something holds that goes on holding; `high` when there is none. */
function firstIndex(low: number, high: number, holds: (index: number) => boolean): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
