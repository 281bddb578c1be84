import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'

/** The thread of a history whose disk does not answer as long as there is a file called `stuck` beside the history's folder. */
const stuck = join((workerData as { readonly folder: string }).folder, '../stuck')
const clock = new Int32Array(new SharedArrayBuffer(4))
const exec = Reflect.get(DatabaseSync.prototype, 'exec') as (this: DatabaseSync, sql: string) => void
DatabaseSync.prototype.exec = function (sql) {
  while (existsSync(stuck)) Atomics.wait(clock, 0, 0, 20)
  exec.call(this, sql)
}

await import('../../../proxy-core/history/history-thread.ts')
