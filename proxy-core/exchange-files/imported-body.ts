import type { RowKind } from '../contract/exchange.ts'
import type { BodyRecord } from '../exchange-record.ts'

/** A body that is put together again from what a file says of it: a piece for each row, with its two clocks. */
export class ImportedBody {
  readonly #firstRow: number
  readonly #from: number
  readonly #chunks: Uint8Array[] = []
  readonly #arrivedAt: number[] = []
  readonly #leftEnds: number[] = []
  readonly #leftAt: number[] = []
  #end: number
  #arrivedLast = Number.NEGATIVE_INFINITY
  #leftLast = Number.NEGATIVE_INFINITY
  #isLeaving = true

  constructor({ firstRow = 0, from = 0 }: { readonly firstRow?: number; readonly from?: number } = {}) {
    this.#firstRow = firstRow
    this.#from = from
    this.#end = from
  }

  get bytes(): number {
    return this.#end - this.#from
  }

  /** Times never go back, whatever a file says: what is looked up by time relies on it. */
  add(bytes: Uint8Array, arrivedAt: number, leftAt: number | null): void {
    if (bytes.length === 0) return
    this.#arrivedLast = Math.max(this.#arrivedLast, arrivedAt)
    this.#chunks.push(bytes)
    this.#arrivedAt.push(this.#arrivedLast)
    this.#end += bytes.length
    if (leftAt === null) this.#isLeaving = false
    if (leftAt === null || !this.#isLeaving) return
    this.#leftLast = Math.max(this.#leftLast, leftAt, this.#arrivedLast)
    this.#leftEnds.push(this.#end)
    this.#leftAt.push(this.#leftLast)
  }

  record(rowKind: RowKind): BodyRecord {
    return {
      rowKind,
      codings: [],
      from: this.#from,
      firstRow: this.#firstRow,
      rowsFrom: this.#from,
      rows: null,
      decoded: null,
      decodeError: null,
      chunks: this.#chunks,
      arrivedAt: this.#arrivedAt,
      leftEnds: this.#leftEnds,
      leftAt: this.#leftAt,
      isEnded: true,
    }
  }
}
