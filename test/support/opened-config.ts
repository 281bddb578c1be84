import { ConfigFile } from '../../proxy-core/config-file.ts'
import type { Config, ConfigStatus } from '../../proxy-core/contract/config.ts'
import { Condition } from './condition.ts'

/** A config file under test, with all that it has told since it was opened. */
export interface OpenedConfig {
  readonly file: ConfigFile
  readonly changes: readonly { readonly config: Config; readonly at: number }[]
  readonly statuses: readonly ConfigStatus[]
  /** Waits until it has told something that fits. */
  until<T>(probe: () => T, what: string): Promise<Exclude<T, null | undefined | false>>
}

/** Opens a config file, with one route `fallback` where there is none. */
export async function openConfig(file: string | null, options: { isStrict?: boolean; fallback?: string } = {}): Promise<OpenedConfig> {
  const told = new Condition()
  const changes: { config: Config; at: number }[] = []
  const statuses: ConfigStatus[] = []
  const opened = await ConfigFile.open({
    file,
    fallback: options.fallback ?? configText('fallback'),
    isStrict: options.isStrict ?? false,
    onChange: (config) => {
      changes.push({ config, at: performance.now() })
      told.changed()
    },
    onStatus: (status) => {
      statuses.push(status)
      told.changed()
    },
  })
  return { file: opened, changes, statuses, until: (probe, what) => told.until(probe, () => what) }
}

/** A config with one route of that id; `second` is its second line, `last` its last. */
export function configText(id: string, last = '', second = ''): string {
  return `version: 1\nroutes:\n  - id: ${id} # ${id}\n${second}    match: { path: /${id} }\n    upstream: http://127.0.0.1:1\n${last}`
}

/** The ids of a config's routes. */
export function routeIds(config: Config): string {
  return config.routes.map((route) => route.id).join(' ')
}
