import { Column } from './column.ts'
import { compilePattern, matched, type Pattern } from './contract/pattern/pattern.ts'
import type { RowQuery, SearchReport } from './contract/search.ts'
import { GatewayError } from './contract/errors.ts'
import { inSlices } from './in-slices.ts'
import type { RowBounds } from './row-index.ts'
import { messageWords, searchableText } from './searchable-text.ts'
import type { RowSource } from './row-source.ts'
import { TextBlock } from './text-block.ts'

/** Rows are read so many bytes, and so many rows, at a time. */
const blockBytes = 65_536
const blockRows = 512
/** Of a longer row only the beginning is searched. */
const longestRowBytes = 1_048_576
const longestPatternText = 65_536
/** Characters that a pattern reads between two looks at the clock. */
const patternStep = 256
const matchesPerPage = 50_000
/** Nobody has asked for so long: the search rests until somebody does. */
const patienceMs = 5000

/** A search through all captured rows of one stream, in slices between the traffic; rows that come are searched when it is asked again. */
export class RowSearch {
  readonly #tap: RowSource
  readonly #query: RowQuery
  /** Null where bytes are compared. */
  readonly #pattern: Pattern | null
  readonly #matches = new Column()
  #next: number
  #cutRows = 0
  #isRunning = false
  #askedAt = 0

  constructor(tap: RowSource, query: RowQuery) {
    this.#tap = tap
    this.#query = query
    this.#pattern = patternOf(query)
    this.#next = tap.forgottenRows
  }

  /** The matches from a number on, as far as they are found; sees to it that the search goes on. */
  read(from: number): SearchReport {
    this.#askedAt = performance.now()
    this.#matches.forgetBefore(this.#matches.indexOfAtLeast(this.#tap.forgottenRows))
    if (!this.#isRunning && this.#next < this.#tap.rows) void this.#run()
    const start = Math.max(from, this.#matches.first)
    const end = Math.min(this.#matches.end, start + matchesPerPage)
    const matches = Uint32Array.from({ length: Math.max(0, end - start) }, (_, offset) => this.#matches.at(start + offset))
    return {
      matches,
      from: start,
      total: this.#matches.end,
      first: this.#matches.first,
      searchedTo: this.#next,
      rows: this.#tap.rows,
      cutRows: this.#cutRows,
    }
  }

  /** Ends it, wherever it is. */
  stop(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    const steps = this.#steps()
    await inSlices(() => performance.now() - this.#askedAt < patienceMs && steps.next().done !== true)
    this.#isRunning = false
  }

  /** Whether a row is of the direction that is asked for. */
  #goesThere({ message }: RowBounds): boolean {
    const { direction } = this.#query
    return direction === undefined || message?.direction === direction
  }

  *#steps(): Generator<undefined, void> {
    while (this.#next < this.#tap.rows) {
      this.#next = Math.max(this.#next, this.#tap.forgottenRows)
      const rows = this.#nextRows()
      const [first] = rows
      if (first === undefined) return
      if (this.#pattern === null) this.#compare(rows)
      else yield* this.#match(rows, this.#pattern)
      this.#next += rows.length
      yield
    }
  }

  #nextRows(): RowBounds[] {
    const rows: RowBounds[] = []
    for (let index = this.#next; index < this.#tap.rows && rows.length < blockRows; index++) {
      const row = this.#tap.row(index)
      if (row === null) break
      const [first] = rows
      if (first !== undefined && row.end - first.start > blockBytes) break
      rows.push(row)
    }
    return rows
  }

  #compare(rows: readonly RowBounds[]): void {
    if (this.#query.text === '') {
      rows.forEach((row, offset) => this.#goesThere(row) && this.#matches.push(this.#next + offset))
      return
    }
    const start = rows[0]?.start ?? 0
    const end = Math.min(rows.at(-1)?.end ?? 0, start + longestRowBytes)
    if ((rows.at(-1)?.end ?? 0) > end) this.#cutRows++
    const block = new TextBlock(this.#tap.read(start, end), this.#query)
    rows.forEach((row, offset) => {
      // Rows are asked for in order, so the block is asked for each.
      const hasText = block.has({ type: row.type, from: row.start - start, to: row.end - start })
      if (!this.#goesThere(row)) return
      if (hasText || (row.message !== undefined && messageWords(row).some((word) => this.#isFoundIn(word))))
        this.#matches.push(this.#next + offset)
    })
  }

  #isFoundIn(word: string): boolean {
    const { text, matchesCase } = this.#query
    return word.includes(matchesCase ? text : text.toLowerCase())
  }

  *#match(rows: readonly RowBounds[], pattern: Pattern): Generator<undefined, void> {
    for (const [offset, row] of rows.entries()) {
      if (!this.#goesThere(row)) continue
      const length = Math.min(row.end - row.start, longestPatternText)
      if (length < row.end - row.start) this.#cutRows++
      for (const text of searchableText(row, this.#tap.read(row.start, row.start + length))) {
        let place = pattern.initial
        for (let at = 0; at < text.length && place !== matched; at += patternStep) {
          place = pattern.advance(place, text, at, Math.min(text.length, at + patternStep))
          if (at > 0) yield
        }
        if (!pattern.ends(place)) continue
        this.#matches.push(this.#next + offset)
        break
      }
      yield
    }
  }
}

/** The pattern of a query; text whose cases differ by more than ASCII is one too. */
function patternOf({ text, isPattern, matchesCase }: RowQuery): Pattern | null {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with a control character
  if (!isPattern && (matchesCase || /^[\x00-\x7f]*$/.test(text))) return null
  const source = isPattern ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  const pattern = compilePattern(source, { ignoresCase: !matchesCase })
  if (typeof pattern === 'string') throw new GatewayError('invalid-input', pattern)
  return pattern
}
