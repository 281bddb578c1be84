import type { Row } from '../../../proxy-core/contract/rows.ts'
import type { RowOrder, SortedRows, Stretch } from '../../../proxy-core/contract/timing.ts'
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

function allRows(exchange: ScriptedExchange) {
  return exchange.rows(0, Number.POSITIVE_INFINITY)
}

function keyOf(row: Row, by: RowOrder): number {
  if (by === 'arrival') return row.index
  if (by === 'bytes') return row.bytes
  return by === 'gap' ? (row.gapMs ?? 0) : (row.leftAt ?? Date.now()) - row.arrivedAt
}
