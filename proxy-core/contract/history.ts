import { z } from 'zod'
import type { ErrorReport } from './errors.ts'
import type { Exchange, ExchangeId } from './exchange.ts'

const defaults = { enabled: false, maxMiB: 512, maxDays: 14 }

/** What is kept on disk, and for how long. */
export const HistorySettings = z.strictObject({
  enabled: z.boolean().default(defaults.enabled),
  maxMiB: z.int().min(16, { error: 'The least is 16 MiB.' }).max(65_536, { error: 'The most is 65536 MiB.' }).default(defaults.maxMiB),
  maxDays: z.int().min(1, { error: 'The least is 1 day.' }).max(3650, { error: 'The most is 3650 days.' }).default(defaults.maxDays),
})
export type HistorySettings = z.output<typeof HistorySettings>

/** The number of an exchange in the history; it stays the same over restarts. */
export const HistoryKey = z.int().min(1).brand<'HistoryKey'>()
export type HistoryKey = z.output<typeof HistoryKey>

/** How the history on disk fares. */
export interface HistoryStatus {
  readonly settings: HistorySettings
  /** `failed` is a file that can't be opened; it is tried again. */
  readonly state: 'off' | 'opening' | 'on' | 'failed'
  /** Where it lies; null where there is no folder for it. */
  readonly file: string | null
  /** What the file takes, also while the history is off. */
  readonly fileBytes: number
  /** Exchanges in it, and when the oldest of them began; known while it is on. */
  readonly exchanges: number
  readonly oldestAt: number | null
  /** Exchanges that are still to be written. */
  readonly waiting: number
  /** Exchanges that were forgotten in memory before they could be written. */
  readonly missed: number
  /** Why it can't be opened, or the last write failed; null when all is well. */
  readonly problem: ErrorReport | null
  /** A file that could not be read, or is from a newer version, was put aside under this name. */
  readonly keptAside: string | null
}

/** A history that nobody has switched on. */
export const noHistory: HistoryStatus = {
  settings: defaults,
  state: 'off',
  file: null,
  fileBytes: 0,
  exchanges: 0,
  oldestAt: null,
  waiting: 0,
  missed: 0,
  problem: null,
  keptAside: null,
}

/** A text looked for in all events of the history, the newest exchanges first. */
export const HistoryQuery = z.strictObject({
  text: z.string().min(1).max(300),
  /** Where the page before this one ended; null for the first. */
  cursor: z.string().max(100).nullable(),
})
export type HistoryQuery = z.output<typeof HistoryQuery>

/** One row that holds the text. */
export interface HistoryHit {
  readonly key: HistoryKey
  /** The exchange as it is listed; null when it is not. */
  readonly id: ExchangeId | null
  readonly exchange: Pick<Exchange, 'method' | 'target' | 'status' | 'startedAt'>
  readonly row: number
  /** The text with what stands before and after it. */
  readonly before: string
  readonly match: string
  readonly after: string
}

/** A page of what a search found. */
export interface HistoryPage {
  readonly hits: readonly HistoryHit[]
  /** Where the next page begins; null when all has been searched. */
  readonly cursor: string | null
}
