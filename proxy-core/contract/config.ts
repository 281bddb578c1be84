import { z } from 'zod'
import type { Issue } from './errors.ts'
import { HistorySettings } from './history.ts'
import { Route } from './route.ts'

/** The version of the config file that this program writes and reads. */
export const configVersion = 1

const address = z
  .string()
  .regex(/^(https?:\/\/)?(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, {
    error: 'Write an address as host:port, such as 127.0.0.1:9080; https:// before it asks for TLS.',
  })
  .refine((value) => listenParts(value).port <= 65_535, {
    error: 'A port is at most 65535; 0 means any free port.',
  })

/** What all captures together may keep in memory. */
export const captureBudgetMiB = z.int().min(16, { error: 'The least is 16 MiB.' }).max(16_384, { error: 'The most is 16384 MiB.' })

/** The whole of `sluice.yaml`. */
export const Config = z
  .strictObject({
    version: z.literal(configVersion),
    listen: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(address).min(1)).default(['127.0.0.1:9080']),
    /** What lets a listener leave loopback: an explicit yes, and a token of at least 128 bits that each client sends as `Sluice-Token`. */
    remote: z
      .strictObject({
        allow: z.boolean().default(false),
        token: z
          .string()
          .regex(/^[A-Za-z0-9_-]{22,256}$/, { error: 'A token has at least 22 letters, digits, - or _ (128 bits).' })
          .nullable()
          .default(null),
      })
      .prefault({}),
    /** One exchange may keep a quarter of the budget. */
    capture: z.strictObject({ budgetMiB: captureBudgetMiB.default(256) }).prefault({}),
    history: HistorySettings.prefault({}),
    routes: z.array(Route).default([]),
  })
  .superRefine((config, context) => {
    const seen = new Set<string>()
    config.routes.forEach((route, index) => {
      if (seen.has(route.id)) {
        context.addIssue({ code: 'custom', path: ['routes', index, 'id'], message: `Two routes are called ${route.id}; an id is unique.` })
      }
      seen.add(route.id)
    })
    config.listen.forEach((entry, index) => {
      const { host, port } = listenParts(entry)
      const isTaken = config.listen.slice(0, index).some((other) => {
        const taken = listenParts(other)
        return port !== 0 && taken.port === port && taken.host.toLowerCase() === host.toLowerCase()
      })
      if (isTaken) context.addIssue({ code: 'custom', path: ['listen', index], message: 'An entry above is the same address.' })
    })
    const remote = config.listen.findIndex((entry) => !isLoopbackAddress(entry))
    if (remote >= 0 && !(config.remote.allow && config.remote.token !== null)) {
      const message = 'This address is not on loopback: it needs remote.allow: true and a remote.token.'
      context.addIssue({ code: 'custom', path: config.listen.length === 1 ? ['listen'] : ['listen', remote], message })
    }
  })
export type Config = z.output<typeof Config>
export type ConfigInput = z.input<typeof Config>

/** Where a config file is wrong; lines and columns count from 1. */
export interface ConfigIssue extends Issue {
  readonly line: number
  readonly column: number
}

/** What is wrong with the config file; the last good one stays in force. */
export interface ConfigProblem {
  readonly file: string
  readonly message: string
  readonly issues: readonly ConfigIssue[]
  /** A copy of the bad file, when one was set aside. */
  readonly keptAs: string | null
}

/** Where the config comes from, and whether it is in order. */
export interface ConfigStatus {
  /** Null when the config lives in memory alone. */
  readonly file: string | null
  readonly problem: ConfigProblem | null
}

/** An entry of `listen` in its parts; `host` is without brackets. */
export interface ListenParts {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
}

/** Takes an entry of `listen` apart: `host:port`, with `http://` before it or, for TLS, `https://`. */
export function listenParts(entry: string): ListenParts {
  const scheme = entry.startsWith('https://') ? 'https' : 'http'
  const address = entry.replace(/^https?:\/\//, '')
  const colon = address.lastIndexOf(':')
  return { scheme, host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) }
}

/** Whether an entry of `listen` can be reached from this machine alone. */
export function isLoopbackAddress(entry: string): boolean {
  const host = listenParts(entry).host.toLowerCase()
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
