import type { Exchange } from '../contract/exchange.ts'
import type { HistoryKey } from '../contract/history.ts'
import type { ExchangeHeads } from '../contract/rows.ts'
import type { IndexBlock } from './history-text.ts'
import { openSqlite, type Sqlite, type SqlRow } from './sqlite.ts'
import type { StoredParts } from './stored-parts.ts'

/** What the history keeps of an exchange besides its bodies. */
export interface StoredExchange {
  readonly key: HistoryKey
  readonly exchange: Exchange
  readonly heads: ExchangeHeads
}

/** The bodies of an exchange, as far as there are any. */
export interface StoredBodies {
  readonly request: StoredParts | null
  readonly response: StoredParts | null
  /** Of a WebSocket, in place of the others. */
  readonly messages: StoredParts | null
}

/** Their names. */
export const sides = ['request', 'response', 'messages'] as const
type Side = (typeof sides)[number]

/** What is read again when somebody looks at an exchange. */
export interface StoredContent extends StoredBodies {
  readonly exchange: Exchange
  readonly heads: ExchangeHeads
}

/** A block of rows that may hold what is looked for. */
export interface FoundBlock {
  readonly block: number
  readonly key: HistoryKey
  readonly firstRow: number
  readonly endRow: number
}

/** A body has two lists of pieces, messages have three. */
const mostParts = 3
/** What is written of the index at a time: some 10 ms. */
const indexPagesAtOnce = 64
/** The version of the tables below; a file of a higher one was written by a newer program. */
const version = 1

const tables = `
CREATE TABLE exchanges (
  key INTEGER PRIMARY KEY,
  startedAt REAL NOT NULL,
  endedAt REAL NOT NULL,
  isPinned INTEGER NOT NULL,
  isListed INTEGER NOT NULL,
  exchange TEXT NOT NULL,
  heads TEXT NOT NULL
);
CREATE INDEX exchangesByEnd ON exchanges (isPinned, endedAt);
CREATE INDEX exchangesByStart ON exchanges (startedAt);
CREATE TABLE bodies (key INTEGER NOT NULL, side TEXT NOT NULL, facts TEXT NOT NULL, columns BLOB NOT NULL);
CREATE INDEX bodiesByExchange ON bodies (key);
CREATE TABLE pieces (key INTEGER NOT NULL, side TEXT NOT NULL, part INTEGER NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX piecesByExchange ON pieces (key);
CREATE TABLE blocks (block INTEGER PRIMARY KEY, key INTEGER NOT NULL, firstRow INTEGER NOT NULL, endRow INTEGER NOT NULL);
CREATE INDEX blocksByExchange ON blocks (key);
CREATE VIRTUAL TABLE words USING fts5(
  text, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1, detail = none
);
PRAGMA user_version = ${version};`

/** The file is from a newer version of the program. */
export class NewerHistory extends Error {}

/** The exchanges on disk, with an index of which three letters are in which rows. It is used by one thread, which waits for the disk. */
export class HistoryDatabase {
  readonly #sql: Sqlite
  #isWriting = false

  private constructor(sql: Sqlite) {
    this.#sql = sql
  }

  /** Opens the file, and makes its tables when it is new. */
  static async open(file: string, engine?: Sqlite['engine']): Promise<HistoryDatabase> {
    const sql = await openSqlite(file, engine)
    try {
      // What is deleted is overwritten with zeros, and the file can be made smaller.
      sql.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL')
      // Held as long as the program runs: the system lets go of it when that is killed. The other engine has no such lock, and no log.
      if (sql.engine === 'node') {
        sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304')
      }
      const found = number(sql.all('PRAGMA user_version')[0]?.['user_version'])
      if (found > version) throw new NewerHistory('The file was written by a newer version of Sluice.')
      if (found === 0) sql.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`)
      sql.all('SELECT count(*) FROM exchanges, words WHERE words MATCH ? AND exchanges.key = 0', '"abc"')
      return new HistoryDatabase(sql)
    } catch (error) {
      sql.close()
      throw error
    }
  }

  get nextKey(): number {
    return number(this.#sql.all('SELECT max(key) AS key FROM exchanges')[0]?.['key']) + 1
  }

  /** What the database takes of the disk, without its log, and how much of that is in use. */
  bytes(): { readonly file: number; readonly used: number } {
    const [page, pages, free] = ['page_size', 'page_count', 'freelist_count'].map((name) =>
      number(this.#sql.all(`PRAGMA ${name}`)[0]?.[name]),
    )
    return { file: (page ?? 0) * (pages ?? 0), used: (page ?? 0) * ((pages ?? 0) - (free ?? 0)) }
  }

  counts(): { readonly exchanges: number; readonly oldestAt: number | null } {
    const [row] = this.#sql.all('SELECT count(*) AS exchanges, min(startedAt) AS oldestAt FROM exchanges')
    return { exchanges: number(row?.['exchanges']), oldestAt: (row?.['oldestAt'] as number | null | undefined) ?? null }
  }

  /** Keeps an exchange, in place of what was kept of it before. It is there for good after the next commit. */
  save({ key, exchange, heads }: StoredExchange, bodies: StoredBodies, blocks: Iterable<IndexBlock>): void {
    this.#write()
    this.#remove(key)
    this.#sql.run(
      'INSERT INTO exchanges VALUES (?, ?, ?, ?, 1, ?, ?)',
      key,
      exchange.startedAt,
      exchange.endedAt ?? exchange.lastRowAt ?? exchange.startedAt,
      exchange.isPinned ? 1 : 0,
      JSON.stringify(exchange),
      JSON.stringify(heads),
    )
    for (const side of sides) {
      const body = bodies[side]
      if (body === null) continue
      this.#sql.run('INSERT INTO bodies VALUES (?, ?, ?, ?)', key, side, body.facts, new Uint8Array(body.columns.buffer))
      for (const [part, pieces] of body.parts.entries()) {
        for (const [index, bytes] of pieces.entries())
          this.#sql.run('INSERT INTO pieces VALUES (?, ?, ?, ?, ?)', key, side, part, index, bytes)
      }
    }
    for (const { firstRow, endRow, text } of blocks) {
      this.#sql.run('INSERT INTO blocks (key, firstRow, endRow) VALUES (?, ?, ?)', key, firstRow, endRow)
      this.#sql.run('INSERT INTO words (rowid, text) VALUES (last_insert_rowid(), ?)', text)
    }
  }

  /** Makes what was written last. */
  commit(): void {
    if (!this.#isWriting) return
    this.#sql.exec('COMMIT')
    this.#isWriting = false
  }

  /** Undoes what was written since the last commit. */
  rollback(): void {
    if (!this.#isWriting) return
    this.#isWriting = false
    // SQLite may have done so by itself.
    try {
      this.#sql.exec('ROLLBACK')
    } catch {}
  }

  /** The newest that are listed, the newest first. */
  *listed(limit: number): Generator<{ readonly key: HistoryKey; readonly exchange: Exchange }> {
    const keys = this.#sql.all('SELECT key FROM exchanges WHERE isListed = 1 ORDER BY startedAt DESC LIMIT ?', limit)
    for (const { key } of keys) {
      const exchange = this.exchange(key as HistoryKey)
      if (exchange !== null) yield { key: key as HistoryKey, exchange }
    }
  }

  exchange(key: HistoryKey): Exchange | null {
    const [row] = this.#sql.all('SELECT exchange, isPinned FROM exchanges WHERE key = ?', key)
    return row === undefined ? null : { ...(JSON.parse(String(row['exchange'])) as Exchange), isPinned: row['isPinned'] === 1 }
  }

  /** What was kept of an exchange; null when it is not here. */
  content(key: HistoryKey): StoredContent | null {
    const exchange = this.exchange(key)
    const [row] = this.#sql.all('SELECT heads FROM exchanges WHERE key = ?', key)
    if (row === undefined || exchange === null) return null
    const [request, response, messages] = sides.map((side) => this.#body(key, side))
    return {
      exchange,
      heads: JSON.parse(String(row['heads'])) as ExchangeHeads,
      request: request ?? null,
      response: response ?? null,
      messages: messages ?? null,
    }
  }

  setPinned(key: HistoryKey, isPinned: boolean): void {
    this.#write()
    this.#sql.run('UPDATE exchanges SET isPinned = ? WHERE key = ?', isPinned ? 1 : 0, key)
  }

  /** They are no longer listed after a start; they can still be found. */
  unlist(keys: readonly HistoryKey[]): void {
    this.#write()
    for (const key of keys) this.#sql.run('UPDATE exchanges SET isListed = 0 WHERE key = ?', key)
  }

  remove(keys: readonly HistoryKey[]): void {
    this.#write()
    for (const key of keys) this.#remove(key)
  }

  /** Those that are not pinned and ended before a time, the oldest first. */
  oldest(endedBefore: number, limit: number): readonly HistoryKey[] {
    const rows = this.#sql.all('SELECT key FROM exchanges WHERE isPinned = 0 AND endedAt < ? ORDER BY endedAt LIMIT ?', endedBefore, limit)
    return rows.map(({ key }) => key as HistoryKey)
  }

  /** Gives the room of what was deleted back to the disk. */
  shrink(): void {
    this.commit()
    this.#sql.all('PRAGMA incremental_vacuum')
  }

  /** Writes the index anew, a part at a time; `begins` says that this is the first. True when nothing of what was deleted before is left in it. */
  tidyIndex(begins: boolean): boolean {
    this.commit()
    const before = this.#changes
    this.#sql.run(`INSERT INTO words (words, rank) VALUES ('merge', ?)`, begins ? -indexPagesAtOnce : indexPagesAtOnce)
    // SQLite's FTS5 §6.8: fewer than two rows are changed when there was nothing to merge.
    return this.#changes - before < 2
  }

  /** Writes the file anew, so that no byte of what was deleted is left in it or in its log. */
  clean(): void {
    this.commit()
    this.#sql.exec('VACUUM')
    if (this.#sql.engine === 'node') this.#sql.all('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** Blocks before one that may hold a text, the newest first; all blocks when there is no question to the index. */
  blocks(question: string | null, before: number, limit: number): readonly FoundBlock[] {
    const rows =
      question === null
        ? this.#sql.all('SELECT block, key, firstRow, endRow FROM blocks WHERE block < ? ORDER BY block DESC LIMIT ?', before, limit)
        : this.#sql.all(
            'SELECT block, key, firstRow, endRow FROM words JOIN blocks ON block = words.rowid' +
              ' WHERE words MATCH ? AND words.rowid < ? ORDER BY words.rowid DESC LIMIT ?',
            question,
            before,
            limit,
          )
    return rows as unknown as readonly FoundBlock[]
  }

  close(): void {
    try {
      this.commit()
    } finally {
      this.#sql.close()
    }
  }

  get #changes(): number {
    return number(this.#sql.all('SELECT total_changes() AS changes')[0]?.['changes'])
  }

  #write(): void {
    if (this.#isWriting) return
    this.#sql.exec('BEGIN IMMEDIATE')
    this.#isWriting = true
  }

  #remove(key: HistoryKey): void {
    this.#sql.run('DELETE FROM words WHERE rowid IN (SELECT block FROM blocks WHERE key = ?)', key)
    for (const table of ['blocks', 'pieces', 'bodies', 'exchanges']) this.#sql.run(`DELETE FROM ${table} WHERE key = ?`, key)
  }

  #body(key: HistoryKey, side: Side): StoredParts | null {
    const [row] = this.#sql.all('SELECT facts, columns FROM bodies WHERE key = ? AND side = ?', key, side)
    if (row === undefined) return null
    const parts: Uint8Array<ArrayBuffer>[][] = Array.from({ length: mostParts }, () => [])
    const pieces = this.#sql.all('SELECT part, bytes FROM pieces WHERE key = ? AND side = ? ORDER BY part, number', key, side)
    for (const { part, bytes } of pieces) parts[Number(part)]?.push(ownBytes(bytes))
    return {
      facts: String(row['facts']),
      columns: new Float64Array(ownBytes(row['columns']).buffer),
      parts: parts.slice(0, side === 'messages' ? mostParts : mostParts - 1),
    }
  }
}

/** Bytes in a buffer of their own, which can be handed on. */
function ownBytes(value: SqlRow[string] | undefined): Uint8Array<ArrayBuffer> {
  return new Uint8Array(value as Uint8Array)
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
