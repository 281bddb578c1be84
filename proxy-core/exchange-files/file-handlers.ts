import type { Handlers } from '../contract/commands.ts'
import type { Gateway } from '../gateway.ts'
import { exportSource } from './export-source.ts'
import { Exports } from './exports.ts'
import { Imports } from './imports.ts'

type FileCommand = Extract<keyof Handlers, `export.${string}` | `import.${string}` | `recording.${string}`>

/** Who answers the commands that write and read files of exchanges, and keep recordings. */
export function fileHandlers(gateway: Gateway): Pick<Handlers, FileCommand> {
  const exports = new Exports(gateway.store, gateway.status.version)
  const imports = new Imports((record) => gateway.addRecord(record, 'imported'))
  return {
    'export.start': ({ ids, format, withSecrets }) => exports.start(ids, format, withSecrets),
    'export.read': ({ exportId }) => exports.read(exportId),
    'export.stop': ({ exportId }) => exports.stop(exportId),
    'import.start': () => imports.start(),
    'import.write': ({ importId, bytes }) => imports.write(importId, bytes),
    'import.finish': ({ importId }) => imports.finish(importId),
    'recording.save': ({ id, name }) => gateway.recordings.save(name, exportSource(gateway.store, id, false)),
    'recording.remove': ({ name }) => gateway.recordings.remove(name),
    'recording.list': () => gateway.recordings.list(),
    'import.stop': ({ importId }) => imports.stop(importId),
  }
}
