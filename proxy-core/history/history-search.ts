import { CaptureBudget } from '../capture.ts'
import type { HistoryHit, HistoryKey, HistoryQuery } from '../contract/history.ts'
import { openBody } from '../exchange-record.ts'
import type { RowSource } from '../row-source.ts'
import { unpinned } from '../tap-options.ts'
import type { FoundBlock, HistoryDatabase, StoredBodies } from './history-database.ts'
import type { FoundPage } from './history-messages.ts'
import { indexQuery, rowTexts } from './history-text.ts'
import { openMessages } from '../web-socket/open-messages.ts'
import { readBody } from './stored-body.ts'
import { readMessages } from './stored-messages.ts'

/** Hits of one page, and how long it is looked for them: exchanges wait meanwhile to be written. */
const pageHits = 50
const pageMs = 150
const blocksAtOnce = 64
const contextBefore = 40
const contextAfter = 120

/** The rows of an exchange, read in the history's own thread, where the capture budget does not count; null when it has none. */
export async function openRows({ response, messages }: StoredBodies): Promise<RowSource | null> {
  const unbounded = new CaptureBudget(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
  if (messages !== null) return openMessages(readMessages(messages), unbounded, unpinned)
  return response && (await openBody(await readBody(response), unbounded))
}

/** Finds the rows of all kept exchanges that hold a text, the newest first: the index says where it may be, and the rows whether it is. */
export class HistorySearch {
  readonly #database: HistoryDatabase
  /** The body that was looked into last. */
  #opened: { readonly key: HistoryKey; readonly rows: RowSource | null } | null = null

  constructor(database: HistoryDatabase) {
    this.#database = database
  }

  /** What is kept has changed. */
  changed(): void {
    this.#opened = null
  }

  async page({ text, cursor }: HistoryQuery): Promise<FoundPage> {
    const needle = text.toLowerCase()
    const question = indexQuery(text)
    const until = performance.now() + pageMs
    const hits: FoundPage['hits'][number][] = []
    let { block: before, row: rowsBefore } = readCursor(cursor)
    for (;;) {
      // Where a page ended within a block, that block comes first again.
      const isWithin = rowsBefore !== null
      const blocks = this.#database.blocks(question, isWithin ? before + 1 : before, blocksAtOnce)
      if (blocks.length === 0) return { hits, cursor: null }
      for (const { block, key, firstRow, endRow } of blocks) {
        const source = await this.#rows(key)
        const end = block === before && rowsBefore !== null ? Math.min(endRow, rowsBefore) : endRow
        for (const found of hitsIn(source, { firstRow, endRow: end }, needle)) {
          const exchange = this.#database.exchange(key)
          if (exchange === null) break
          const { method, target, status, startedAt } = exchange
          hits.push({ key, exchange: { method, target, status, startedAt }, ...found })
          if (hits.length >= pageHits) return { hits, cursor: `${block}:${found.row}` }
        }
        before = block
        rowsBefore = null
        if (performance.now() > until) return { hits, cursor: `${block}` }
      }
    }
  }

  async #rows(key: HistoryKey): Promise<RowSource | null> {
    if (this.#opened?.key !== key) {
      const content = this.#database.content(key)
      this.#opened = { key, rows: content && (await openRows(content)) }
    }
    return this.#opened.rows
  }
}

function readCursor(cursor: string | null): { block: number; row: number | null } {
  const [block, row] = cursor?.split(':') ?? []
  return { block: block === undefined ? Number.MAX_SAFE_INTEGER : Number(block) || 0, row: row === undefined ? null : Number(row) || 0 }
}

/** The rows of a block that hold the text, the last first. */
function* hitsIn(source: RowSource | null, { firstRow, endRow }: Pick<FoundBlock, 'firstRow' | 'endRow'>, needle: string) {
  for (let row = endRow - 1; source && row >= firstRow; row--) {
    const found = hitIn(rowTexts(source, row), needle)
    if (found !== null) yield { row, ...found }
  }
}

function hitIn(texts: readonly string[], needle: string): Pick<HistoryHit, 'before' | 'match' | 'after'> | null {
  for (const text of texts) {
    const lower = text.toLowerCase()
    const at = lower.indexOf(needle)
    if (at < 0) continue
    // A few letters are longer in lower case; then that is what is shown.
    const shown = lower.length === text.length ? text : lower
    const end = at + needle.length
    return {
      before: shown.slice(Math.max(0, at - contextBefore), at),
      match: shown.slice(at, end),
      after: shown.slice(end, end + contextAfter),
    }
  }
  return null
}
