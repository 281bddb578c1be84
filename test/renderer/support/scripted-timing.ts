import type { Row } from '../../../proxy-core/contract/rows.ts'
import type { RowOrder, SortedRows, Spread, Stretch, Timing, TimingLane } from '../../../proxy-core/contract/timing.ts'
import type { ScriptedExchange } from './scripted-exchange.ts'

/** The scripted gateway's rows in another order than their own. */
export function sortedRows(
  exchange: ScriptedExchange,
  ask: { by: RowOrder; descending: boolean; since?: number | undefined; from: number; to: number; find: number | null },
): SortedRows {
  const { rows, total, leftRows } = allRows(exchange)
  const sorted = rows
    .filter((row) => row.index >= (ask.since ?? 0))
    .toSorted((one, other) => (keyOf(one, ask.by) - keyOf(other, ask.by)) * (ask.descending ? -1 : 1))
  const rank = sorted.findIndex((row) => row.index === ask.find)
  return {
    from: ask.from,
    rows: sorted.slice(ask.from, ask.to),
    total: sorted.length,
    asOf: { rows: total, leftRows, forgottenRows: 0 },
    rank: rank < 0 ? null : rank,
  }
}

/** What came and left in a stretch of the scripted stream. */
export function stretchOf(exchange: ScriptedExchange, from: number, to: number): Stretch {
  const { rows } = allRows(exchange)
  const inside = rows.filter((row) => row.arrivedAt >= from && row.arrivedAt < to)
  return {
    from,
    to,
    rows: inside.length,
    bytes: inside.reduce((sum, row) => sum + row.bytes, 0),
    leftRows: rows.filter((row) => row.leftAt !== null && row.leftAt >= from && row.leftAt < to).length,
    firstRow: inside[0]?.index ?? null,
    longestHeldMs: inside.length === 0 ? null : Math.max(...inside.map((row) => keyOf(row, 'held'))),
    longestGapMs: inside.length < 2 ? null : Math.max(...inside.slice(1).map((row) => row.gapMs ?? 0)),
  }
}

/** The whole of the scripted stream over time. */
export function timingOf(exchange: ScriptedExchange, mostColumns: number): Timing | null {
  const { rows } = allRows(exchange)
  const from = rows[0]?.arrivedAt
  if (from === undefined) return null
  const lastAt = Math.max(...rows.map((row) => row.leftAt ?? row.arrivedAt))
  const columnMs = Math.max(1, Math.ceil((lastAt - from + 1) / mostColumns))
  const columns = Math.floor((lastAt - from) / columnMs) + 1
  const column = (at: number) => Math.floor((at - from) / columnMs)
  const lane = (times: readonly (readonly [at: number, bytes: number])[]): TimingLane => {
    const [counts, bytes] = [new Float64Array(columns), new Float64Array(columns)]
    const longestGapMs = new Float64Array(columns).fill(Number.NaN)
    const gaps: number[] = []
    for (const [place, [at, size]] of times.entries()) {
      counts[column(at)] = (counts[column(at)] ?? 0) + 1
      bytes[column(at)] = (bytes[column(at)] ?? 0) + size
      const before = times[place - 1]?.[0]
      if (before === undefined) continue
      gaps.push(at - before)
      longestGapMs[column(at)] = Math.max(longestGapMs[column(at)] || 0, at - before)
    }
    const changes = gaps.slice(1).map((gap, place) => Math.abs(gap - (gaps[place] ?? 0)))
    return { rows: counts, bytes, longestGapMs, gaps: spreadOf(gaps), jitterMs: spreadOf(changes).mean }
  }
  const left = rows.flatMap((row) => (row.leftAt === null ? [] : [{ ...row, leftAt: row.leftAt }]))
  const longestHeldMs = new Float64Array(columns).fill(Number.NaN)
  for (const { arrivedAt, leftAt } of left)
    longestHeldMs[column(arrivedAt)] = Math.max(longestHeldMs[column(arrivedAt)] || 0, leftAt - arrivedAt)
  return {
    from,
    columnMs,
    columns,
    arrived: lane(rows.map(({ arrivedAt, bytes }) => [arrivedAt, bytes])),
    left: lane(left.map(({ leftAt, bytes }) => [leftAt, bytes])),
    longestHeldMs,
    held: spreadOf(left.map(({ arrivedAt, leftAt }) => leftAt - arrivedAt)),
    firstByteAt: from - 1,
    rows: rows.length,
    uncountedRows: 0,
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? 0
  const mean = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), mean }
}

function allRows(exchange: ScriptedExchange) {
  return exchange.rows(0, Number.POSITIVE_INFINITY)
}

function keyOf(row: Row, by: RowOrder): number {
  if (by === 'arrival') return row.index
  if (by === 'bytes') return row.bytes
  return by === 'gap' ? (row.gapMs ?? 0) : (row.leftAt ?? Date.now()) - row.arrivedAt
}
