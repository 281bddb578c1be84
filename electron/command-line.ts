import path from 'node:path'
import { parseArgs } from 'node:util'

/** What may be said to the app when it is started. */
export interface AppOptions {
  readonly configFile: string | null
  readonly listen: readonly string[]
  readonly userDataDir: string | null
}

/** Reads `--config FILE`, `--listen HOST:PORT` and `--user-data-dir FOLDER`; Electron's and Chromium's own switches are left to them. */
export function readCommandLine(args: readonly string[]): AppOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, listen: { type: 'string', multiple: true }, 'user-data-dir': { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const listen = (values.listen ?? []).filter(isValue)
  return { configFile: fileOf(values.config), listen, userDataDir: fileOf(values['user-data-dir']) }
}

function fileOf(value: string | boolean | undefined): string | null {
  return isValue(value) ? path.resolve(value) : null
}

/** Without `strict`, an option that lacks its value is `true`, or takes the next option for it. */
function isValue(value: string | boolean | undefined): value is string {
  return typeof value === 'string' && !value.startsWith('--')
}
