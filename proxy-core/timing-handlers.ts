import type { Handlers } from './contract/commands.ts'
import type { ExchangeStore } from './exchange-store.ts'
import { SortedOrder, type Sorting } from './sorted-rows.ts'
import { readStretch } from './stretch.ts'
import type { RowSource } from './row-source.ts'
import { TimingDigest } from './timing-digest.ts'

/** Streams whose digest is kept, for someone who goes from one to another. */
const keptDigests = 8

type TimingCommand = 'exchange.sorted' | 'exchange.stretch' | 'exchange.timing'

/** Who answers what is asked of a stream's times. */
export function timingHandlers(store: ExchangeStore): Pick<Handlers, TimingCommand> {
  const digests = new Map<RowSource, TimingDigest>()
  let order: SortedOrder | null = null

  const digestOf = (tap: RowSource): TimingDigest => {
    const digest = digests.get(tap) ?? new TimingDigest(tap)
    // Whoever is asked for last is forgotten last.
    digests.delete(tap)
    digests.set(tap, digest)
    for (const oldest of digests.keys()) {
      if (digests.size <= keptDigests) break
      digests.delete(oldest)
    }
    return digest
  }
  const orderOf = (tap: RowSource, sorting: Sorting): SortedOrder => {
    if (order?.isOf(tap, sorting) === true) return order
    order?.drop()
    order = new SortedOrder(tap, sorting)
    return order
  }

  return {
    'exchange.sorted': ({ id, by, descending, since, rests, from, to, find }) => {
      const tap = store.rows(id)
      if (!tap) return { from, rows: [], total: 0, asOf: { rows: 0, leftRows: 0, forgottenRows: 0 }, rank: null }
      return orderOf(tap, { by, descending, since }).read({ from, to, find, rests, endedAt: store.find(id).live.endedAt })
    },
    'exchange.stretch': ({ id, from, to }) => {
      const tap = store.rows(id)
      if (!tap) return { from, to, rows: 0, bytes: 0, leftRows: 0, firstRow: null, longestHeldMs: null, longestGapMs: null }
      return readStretch(tap, { from, to, endedAt: store.find(id).live.endedAt })
    },
    'exchange.timing': ({ id, columns }) => {
      const tap = store.rows(id)
      return tap && tap.rows > 0 ? digestOf(tap).read(columns) : null
    },
  }
}
