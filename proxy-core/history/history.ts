import { join } from 'node:path'
import type { GatewayEvent } from '../contract/events.ts'
import { GatewayError, type ErrorReport } from '../contract/errors.ts'
import type { ExchangeId } from '../contract/exchange.ts'
import type { HistoryKey, HistoryPage, HistoryQuery, HistorySettings, HistoryStatus } from '../contract/history.ts'
import type { ExchangeStore } from '../exchange-store.ts'
import type { StoredContent } from './history-database.ts'
import { historyBytes, historyFile, removeHistory } from './history-file.ts'
import { HistoryKeys } from './history-keys.ts'
import { HistoryLink, notOpen } from './history-link.ts'
import type { FoundPage, HistoryLimits, ListedExchange } from './history-messages.ts'
import { HistoryWriter } from './history-writer.ts'
import { readContent } from './read-content.ts'

/** Pauses before a file is tried again that could not be opened. */
const retryMs = 5000
/** News are told this often at most. */
const tellEveryMs = 250
/** What closing waits for the disk. */
const closingMs = 700

/** What a history needs of its gateway. */
export interface HistoryOptions {
  /** Where its folder is made; null keeps no history. */
  readonly dataDir: string | null
  readonly threadFile: string | URL
  readonly settings: HistorySettings
  readonly store: ExchangeStore
  readonly emit: (event: GatewayEvent) => void
}

/** The exchanges that are kept on disk. The file belongs to a thread of its own, and nothing in here waits for it. */
export class History {
  readonly #options: HistoryOptions
  readonly #folder: string | null
  readonly #keys = new HistoryKeys()
  readonly #writer: HistoryWriter
  #settings: HistorySettings
  #link: HistoryLink | null = null
  #state: HistoryStatus['state'] = 'off'
  #counts = { fileBytes: 0, exchanges: 0, oldestAt: null as number | null }
  #problem: ErrorReport | null = null
  #keptAside: string | null = null
  #retry: NodeJS.Timeout | null = null
  #tell: NodeJS.Timeout | null = null

  constructor(options: HistoryOptions) {
    this.#options = options
    this.#settings = options.settings
    this.#folder = options.dataDir === null ? null : join(options.dataDir, 'history')
    this.#writer = new HistoryWriter({ store: options.store, keyOf: (id) => this.#keys.keyFor(id), changed: () => this.#changed() })
    if (this.#settings.enabled) this.#open()
    else this.#measure()
  }

  get status(): HistoryStatus {
    return {
      settings: this.#settings,
      state: this.#state,
      file: this.#folder === null ? null : historyFile(this.#folder),
      ...this.#counts,
      waiting: this.#writer.waiting,
      missed: this.#writer.missed,
      problem: this.#problem,
      keptAside: this.#keptAside,
    }
  }

  apply(settings: HistorySettings): void {
    const before = this.#settings
    this.#settings = settings
    if (settings.enabled && !before.enabled) this.#open()
    else if (!settings.enabled && before.enabled) this.#close()
    else if (settings.enabled) this.#link?.post({ type: 'limit', limits: limitsOf(settings) })
    this.#changed()
  }

  /** Takes notice of what happens to exchanges. */
  record(event: GatewayEvent): void {
    if (event.type === 'exchanges.forgotten') this.#keys.forget(event.ids)
    if (!this.#settings.enabled) return
    if (event.type === 'exchange.ended') this.#writer.add(event.id)
    else if (event.type === 'exchange.pinned') this.#pinned(event.id, event.isPinned)
  }

  /** A person has cleared them from the list: they stay away from it after a start, too. */
  cleared(ids: readonly ExchangeId[]): void {
    this.#writer.drop(ids)
    const keys = this.#keys.keys(ids)
    if (keys.length > 0) this.#link?.post({ type: 'unlist', keys })
  }

  /** The rows of all kept exchanges that hold a text. */
  async search(query: HistoryQuery): Promise<HistoryPage> {
    const { hits, cursor } = (await this.#opened.ask({ type: 'search', query })) as FoundPage
    return { hits: hits.map((hit) => ({ ...hit, id: this.#keys.id(hit.key) ?? null })), cursor }
  }

  /** Lists an exchange that was found, if it is not listed. */
  async list(key: HistoryKey): Promise<ExchangeId> {
    const { exchange } = await this.#content(key)
    return this.#keys.id(key) ?? (this.#restore([{ key, exchange }])[0] as ExchangeId)
  }

  /** Forgets exchanges here and on disk; when it is done, no byte of theirs is in the file. */
  async forget(ids: readonly ExchangeId[]): Promise<void> {
    const { store, emit } = this.#options
    for (const id of ids) {
      if (store.find(id).live.endedAt === null) throw new GatewayError('invalid-input', `The exchange ${id} is open. End it to forget it.`)
    }
    const keys = this.#keys.keys(ids)
    const link = keys.length > 0 ? this.#opened : null
    this.#writer.drop(ids)
    store.forget(ids)
    emit({ type: 'exchanges.forgotten', ids })
    await link?.ask({ type: 'forget', keys })
  }

  /** Forgets all that is on disk; what came since the start stays in the list, and is not written any more. */
  async forgetAll(): Promise<void> {
    this.#writer.dropAll()
    this.#unlistRestored()
    this.#keys.clear()
    if (this.#link !== null) await this.#link.ask({ type: 'forget', keys: 'all' })
    else if (this.#folder !== null) await removeHistory(this.#folder)
    this.#measure()
  }

  /** Lets what waits be written, as far as the disk does it in a moment. */
  async close(): Promise<void> {
    const until = performance.now() + closingMs
    while (this.#link !== null && this.#state !== 'failed' && this.#writer.waiting > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    for (const timer of [this.#retry, this.#tell]) if (timer !== null) clearTimeout(timer)
    const link = this.#link
    this.#link = null
    await link?.close(Math.max(100, until - performance.now()))
  }

  #open(): void {
    if (this.#folder === null) return this.#failed({ code: 'history-failed', message: 'There is no folder to keep a history in.' })
    this.#state = 'opening'
    this.#link = new HistoryLink({
      threadFile: this.#options.threadFile,
      data: { folder: this.#folder, limits: limitsOf(this.#settings) },
      onReport: (report) => this.#take(report),
      onGone: (reason) => this.#failed({ code: 'history-failed', message: `The history has stopped: ${reason}` }),
    })
    for (const { id, isPinned, origin } of this.#options.store.views()) if (isPinned && origin !== 'restored') this.#writer.add(id)
  }

  #take(report: Parameters<ConstructorParameters<typeof HistoryLink>[0]['onReport']>[0]): void {
    switch (report.type) {
      case 'opened':
        this.#state = 'on'
        this.#problem = null
        this.#keys.startAt(report.nextKey)
        if (report.keptAside !== null) this.#asideAs(report.keptAside)
        this.#writer.connect(this.#link)
        break
      case 'listed':
        this.#restore(report.exchanges.filter(({ key }) => this.#keys.id(key) === undefined))
        // Not before the traffic was let through.
        if (!report.isLast) setImmediate(() => this.#link?.post({ type: 'more' }))
        break
      case 'saved':
        this.#problem = null
        this.#writer.saved(report.keys)
        break
      case 'unsaved':
        this.#problem = report.problem
        this.#writer.unsaved(report.keys)
        break
      case 'dropped':
        this.#dropped(report.keys)
        break
      case 'counted':
        this.#counts = { fileBytes: report.fileBytes, exchanges: report.exchanges, oldestAt: report.oldestAt }
        break
      case 'failed':
        if (report.keptAside !== null) this.#asideAs(report.keptAside)
        this.#failed(report.problem)
        break
      default:
        report satisfies never
    }
    this.#changed()
  }

  #restore(listed: readonly ListedExchange[]): readonly ExchangeId[] {
    if (listed.length === 0) return []
    const exchanges = this.#options.store.restore(
      listed.map(({ key, exchange }) => ({ exchange, read: async () => readContent(await this.#content(key)) })),
    )
    exchanges.forEach(({ id }, index) => this.#keys.know(id, (listed[index] as ListedExchange).key))
    this.#options.emit({ type: 'exchanges.restored', exchanges })
    return exchanges.map(({ id }) => id)
  }

  async #content(key: HistoryKey): Promise<StoredContent> {
    const content = (await this.#opened.ask({ type: 'load', key })) as StoredContent | null
    if (content === null) throw new GatewayError('exchange-not-found', 'This exchange is no longer in the history.')
    return content
  }

  #pinned(id: ExchangeId, isPinned: boolean): void {
    const key = this.#keys.key(id)
    if (key !== undefined) this.#link?.post({ type: 'pin', key, isPinned })
    else if (isPinned) this.#writer.add(id)
  }

  /** The limits took them; one that came since the start stays listed. */
  #dropped(keys: readonly HistoryKey[]): void {
    const { store, emit } = this.#options
    const ids = this.#keys.ids(keys)
    const restored = ids.filter((id) => store.find(id).live.view().origin === 'restored')
    this.#keys.forget(ids)
    if (restored.length === 0) return
    store.forget(restored)
    emit({ type: 'exchanges.forgotten', ids: restored })
  }

  #asideAs(name: string): void {
    this.#keptAside = name
    this.#unlistRestored()
    this.#keys.clear()
  }

  #unlistRestored(): void {
    const { store, emit } = this.#options
    const ids = store.views().flatMap(({ id, origin }) => (origin === 'restored' ? [id] : []))
    if (ids.length === 0) return
    store.forget(ids)
    emit({ type: 'exchanges.forgotten', ids })
  }

  #failed(problem: ErrorReport): void {
    this.#problem = problem
    this.#disconnect()
    this.#state = 'failed'
    if (this.#folder === null) return
    this.#retry = setTimeout(() => this.#open(), retryMs).unref()
    this.#changed()
  }

  /** It is switched off: what is on disk stays there, and is no longer listed. */
  #close(): void {
    this.#writer.dropAll()
    this.#disconnect()
    this.#state = 'off'
    this.#problem = null
    this.#unlistRestored()
    this.#measure()
  }

  #disconnect(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    this.#writer.connect(null)
    void this.#link?.close(closingMs)
    this.#link = null
  }

  #measure(): void {
    if (this.#folder === null || this.#state === 'on') return
    void historyBytes(this.#folder).then((fileBytes) => {
      this.#counts = { fileBytes, exchanges: 0, oldestAt: null }
      this.#changed()
    })
  }

  #changed(): void {
    this.#tell ??= setTimeout(() => {
      this.#tell = null
      this.#options.emit({ type: 'history.changed', history: this.status })
    }, tellEveryMs).unref()
  }

  get #opened(): HistoryLink {
    if (this.#link === null) throw new GatewayError(notOpen.code, notOpen.message)
    return this.#link
  }
}

function limitsOf({ maxMiB, maxDays }: HistorySettings): HistoryLimits {
  return { maxBytes: maxMiB * 1_048_576, maxAgeMs: maxDays * 86_400_000 }
}
