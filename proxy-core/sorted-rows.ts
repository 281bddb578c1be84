import { now } from './clock.ts'
import type { RowOrder, SortedRows } from './contract/timing.ts'
import { inSlices } from './in-slices.ts'
import { RadixSort } from './radix-sort.ts'
import { readRowsAt } from './rows.ts'
import type { RowSource } from './row-source.ts'

const rowsPerRange = 500
const rowsPerStep = 2000
/** An order is renewed after so many times what sorting it took, so that watching a fast stream costs a tenth of a core at most. */
const restFactor = 10
const leastRestMs = 200
/** Up to so many rows are sorted while the asker waits; more are sorted while it gets the order of before. */
const rowsWhileAsked = 50_000

/** Whose rows are sorted, and how. */
export interface Sorting {
  readonly by: RowOrder
  readonly descending: boolean
  /** The first row that has a rank. */
  readonly since: number
}

/** What is asked of sorted rows: a stretch of ranks, and the rank of one row. `endedAt` is null while the exchange is open. */
export interface SortedAsk {
  readonly from: number
  readonly to: number
  readonly find: number | null
  /** The order is not renewed. */
  readonly rests: boolean
  readonly endedAt: number | null
}

/**
 * The rows of one tap in another order than their own. What a row is sorted by is looked up once, or at each renewal while it is still
 * here; the order is renewed at a bounded rate, in slices.
 */
export class SortedOrder {
  readonly #tap: RowSource
  readonly #sorting: Sorting
  /** By row, from `#base`: what it is sorted by. */
  #keys = new Float64Array(1024)
  #base: number
  /** Rows before this one have a key that won't change. */
  #settled: number
  #order = new Uint32Array()
  #asOf = { rows: 0, leftRows: 0, forgottenRows: 0 }
  #asOfEnd: number | null = null
  #renewal: Promise<void> | null = null
  #restsUntil = 0
  #isDropped = false

  constructor(tap: RowSource, sorting: Sorting) {
    this.#tap = tap
    this.#sorting = sorting
    this.#base = tap.forgottenRows
    this.#settled = this.#base
  }

  isOf(tap: RowSource, { by, descending, since }: Sorting): boolean {
    const sorting = this.#sorting
    return this.#tap === tap && sorting.by === by && sorting.descending === descending && sorting.since === since
  }

  /** Stops what goes on; nobody asks any more. */
  drop(): void {
    this.#isDropped = true
  }

  /** The rows of a stretch of ranks, sorted as of now or of a moment before. */
  async read({ from, to, find, rests, endedAt }: SortedAsk): Promise<SortedRows> {
    const mayRenew = !rests || this.#asOf.rows === 0
    if (mayRenew && this.#isStale(endedAt) && performance.now() >= this.#restsUntil) {
      this.#renewal ??= this.#renew(endedAt).finally(() => (this.#renewal = null))
    }
    if (this.#asOf.rows === 0 || this.#tap.rows - this.#tap.forgottenRows <= rowsWhileAsked) await this.#renewal
    const rank = find === null ? -1 : this.#order.indexOf(find)
    return {
      from,
      rows: readRowsAt(this.#tap, this.#order.subarray(from, Math.min(to, from + rowsPerRange))),
      total: this.#order.length,
      asOf: this.#asOf,
      rank: rank < 0 ? null : rank,
    }
  }

  #isStale(endedAt: number | null): boolean {
    const { rows, leftRows, forgottenRows } = this.#tap
    const asOf = this.#asOf
    if (rows !== asOf.rows || leftRows !== asOf.leftRows || forgottenRows !== asOf.forgottenRows) return true
    // What is still here is held for longer with every moment, up to the end.
    return this.#sorting.by === 'held' && leftRows < rows && (endedAt === null || endedAt !== this.#asOfEnd)
  }

  async #renew(endedAt: number | null): Promise<void> {
    const startedAt = performance.now()
    const { rows, leftRows, settledRows, forgottenRows } = this.#tap
    const first = Math.min(rows, Math.max(forgottenRows, this.#sorting.since))
    const order = this.#sorting.by === 'arrival' ? this.#byArrival(first, rows) : await this.#byKeys({ first, rows, settledRows, endedAt })
    if (this.#isDropped) return
    this.#order = order
    this.#asOf = { rows, leftRows, forgottenRows }
    this.#asOfEnd = endedAt
    this.#restsUntil = performance.now() + Math.max(leastRestMs, (performance.now() - startedAt) * restFactor)
  }

  #byArrival(first: number, rows: number): Uint32Array<ArrayBuffer> {
    const order = new Uint32Array(rows - first)
    for (let rank = 0; rank < order.length; rank++) order[rank] = this.#sorting.descending ? rows - 1 - rank : first + rank
    return order
  }

  async #byKeys({ first, rows, settledRows, endedAt }: { first: number; rows: number; settledRows: number; endedAt: number | null }) {
    this.#makeRoom(rows, first)
    await this.#lookUpKeys(rows, endedAt ?? now())
    this.#settled = this.#sorting.by === 'held' ? Math.max(this.#settled, settledRows) : rows
    const keys = this.#keys.subarray(first - this.#base, rows - this.#base)
    const sort = new RadixSort(keys, this.#sorting.descending)
    await inSlices(() => !this.#isDropped && sort.step())
    const { order } = sort
    for (let rank = 0; rank < order.length; rank++) order[rank] = (order[rank] ?? 0) + first
    return order
  }

  async #lookUpKeys(rows: number, heldUntil: number): Promise<void> {
    const { by } = this.#sorting
    let index = Math.max(this.#settled, this.#base)
    let beforeAt = arrivalOf(this.#tap, index - 1)
    await inSlices(() => {
      for (const end = Math.min(rows, index + rowsPerStep); index < end; index++) {
        const bounds = this.#tap.row(index)
        const arrivedAt = bounds ? this.#tap.arrivedAt(bounds.end) : Number.NaN
        let key = Number.NaN
        if (bounds && by === 'bytes') key = bounds.end - bounds.start
        else if (bounds && by === 'gap') key = arrivedAt - beforeAt
        else if (bounds) key = (this.#tap.leftAt(bounds.end) ?? heldUntil) - arrivedAt
        // The first row has no gap, and a row may be forgotten meanwhile.
        this.#keys[index - this.#base] = key > 0 ? key : 0
        beforeAt = arrivedAt
      }
      return !this.#isDropped && index < rows
    })
  }

  #makeRoom(rows: number, forgottenRows: number): void {
    const kept = rows - forgottenRows
    if (rows - this.#base <= this.#keys.length && forgottenRows - this.#base <= this.#keys.length / 2) return
    const keys = new Float64Array(Math.max(1024, kept * 2))
    const known = Math.max(forgottenRows, this.#base)
    keys.set(this.#keys.subarray(known - this.#base, Math.max(known, this.#settled) - this.#base), known - forgottenRows)
    this.#keys = keys
    this.#base = forgottenRows
    this.#settled = Math.max(this.#settled, forgottenRows)
  }
}

function arrivalOf(tap: RowSource, index: number): number {
  const bounds = index < 0 ? null : tap.row(index)
  return bounds ? tap.arrivedAt(bounds.end) : Number.NaN
}
