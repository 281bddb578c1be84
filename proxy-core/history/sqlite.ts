import type * as Wasm from 'node-sqlite3-wasm'
import type * as NodeSqlite from 'node:sqlite'

/** What a column may hold. */
export type SqlValue = null | number | string | Uint8Array
/** One row of an answer. */
export type SqlRow = Readonly<Record<string, SqlValue>>

/** An open SQLite database, by either of two engines: Node's own, or a WebAssembly build where Node has none. */
export interface Sqlite {
  readonly engine: 'node' | 'wasm'
  exec(sql: string): void
  /** Runs a statement, which is prepared once. */
  run(sql: string, ...values: readonly SqlValue[]): void
  all(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[]
  close(): void
}

/** Opens a database file, and makes it if need be. */
export async function openSqlite(file: string, engine = engineHere()): Promise<Sqlite> {
  return engine === 'node' ? openNode(file) : openWasm(file)
}

/** The engine that this runtime has. */
export function engineHere(): Sqlite['engine'] {
  return nodeSqlite() === undefined ? 'wasm' : 'node'
}

function nodeSqlite(): typeof NodeSqlite | undefined {
  return process.getBuiltinModule('node:sqlite') as typeof NodeSqlite | undefined
}

function openNode(file: string): Sqlite {
  const { DatabaseSync: Database } = nodeSqlite() as typeof NodeSqlite
  const database = new Database(file)
  const prepared = cached((sql) => database.prepare(sql))
  return {
    engine: 'node',
    exec: (sql) => database.exec(sql),
    run: (sql, ...values) => void prepared.of(sql).run(...values),
    all: (sql, ...values) => prepared.of(sql).all(...values) as unknown as readonly SqlRow[],
    close: () => database.close(),
  }
}

async function openWasm(file: string): Promise<Sqlite> {
  // It is CommonJS: a bundle may have its exports at the top, Node has them under default alone.
  const loaded: typeof Wasm & { readonly default?: typeof Wasm } = await import('node-sqlite3-wasm')
  const { Database } = loaded.default ?? loaded
  const database = new Database(file)
  const prepared = cached((sql) => database.prepare(sql))
  return {
    engine: 'wasm',
    exec: (sql) => database.exec(sql),
    run: (sql, ...values) => void prepared.of(sql).run([...values]),
    all: (sql, ...values) => prepared.of(sql).all([...values]) as unknown as readonly SqlRow[],
    close: () => {
      for (const statement of prepared.all()) statement.finalize()
      database.close()
    },
  }
}

function cached<T>(prepare: (sql: string) => T): { of(sql: string): T; all(): Iterable<T> } {
  const statements = new Map<string, T>()
  return {
    of: (sql) => {
      let statement = statements.get(sql)
      if (statement === undefined) statements.set(sql, (statement = prepare(sql)))
      return statement
    },
    all: () => statements.values(),
  }
}
