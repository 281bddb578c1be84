import type { Faults } from './contract/faults.ts'
import type { RowKind } from './contract/exchange.ts'
import { createScanner } from './row-scanner.ts'
import { bodyStart } from './sse/event-scanner.ts'

const CR = 13
const LF = 10

/** Where a fault stops a body: the connection is cut there, or nothing more goes on. */
export interface FaultStop {
  /** So many of the bytes asked about still go on. */
  readonly bytes: number
  readonly type: 'cut by bytes' | 'cut by events' | 'stall'
}

/** Counts the bytes and events that go on, and finds where the next ones would pass a limit. Offsets count from where it began. */
export class FaultLimits {
  readonly #rowKind: RowKind
  readonly #scanner: ReturnType<typeof createScanner>
  #bytes = 0
  #events = 0
  #scannedTo = 0
  /** Where the events end that were seen and have not gone on. */
  #ends: number[] = []

  constructor(rowKind: RowKind) {
    this.#rowKind = rowKind
    this.#scanner = createScanner(rowKind, bodyStart, (_start, end, type) => {
      if (rowKind === 'line' || type === 'event') this.#ends.push(end)
    })
  }

  /** Where the next bytes to go on meet a limit; null where all of them may. Of a cut and a stall at one place it is the cut. */
  stopIn(piece: Buffer, faults: Faults): FaultStop | null {
    this.#scan(piece)
    const stops: (FaultStop | null)[] = [
      faults.cutAfterBytes === null ? null : { bytes: Math.max(0, faults.cutAfterBytes - this.#bytes), type: 'cut by bytes' },
      this.#afterEvents(piece, faults.cutAfterEvents, 'cut by events'),
      this.#afterEvents(piece, faults.stallAfterEvents, 'stall'),
    ]
    let first: FaultStop | null = null
    for (const stop of stops) if (stop && stop.bytes <= piece.length && (!first || stop.bytes < first.bytes)) first = stop
    return first
  }

  /** So many of those bytes went on. */
  passed(bytes: number): void {
    this.#bytes += bytes
    const behind = this.#ends.findIndex((end) => end > this.#bytes)
    this.#events += this.#ends.splice(0, behind === -1 ? this.#ends.length : behind).length
  }

  #scan(piece: Buffer): void {
    const known = this.#scannedTo - this.#bytes
    if (known >= piece.length) return
    this.#scannedTo = this.#bytes + piece.length
    if (this.#scanner) this.#scanner.feed(piece.subarray(known))
    else if (this.#rowKind === 'chunk') this.#ends.push(this.#scannedTo)
  }

  #afterEvents(piece: Buffer, limit: number | null, type: FaultStop['type']): FaultStop | null {
    if (limit === null) return null
    const missing = limit - this.#events
    if (missing <= 0) return { bytes: 0, type }
    const end = this.#ends[missing - 1]
    if (end === undefined) return null
    const bytes = end - this.#bytes
    // The LF of a CRLF belongs to no event, and yet to its line.
    return { bytes: piece[bytes - 1] === CR && piece[bytes] === LF ? bytes + 1 : bytes, type }
  }
}
