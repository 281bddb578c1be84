import { historyBytes, leaveHistory, openHistory, putAside, removeHistory } from './history-file.ts'
import type { HistoryKey } from '../contract/history.ts'
import { sides, type HistoryDatabase } from './history-database.ts'
import type { HistoryLimits, HistoryReport, HistoryRequest, HistoryThreadData, ListedExchange } from './history-messages.ts'
import { problemOf, troubleOf } from './history-problem.ts'
import { HistorySearch, openRows } from './history-search.ts'
import { textBlocks } from './history-text.ts'
import { buffersOf } from './stored-parts.ts'

/** What is written is made last this soon: a gateway that is killed loses no more. */
const commitAfterMs = 100
const countAfterMs = 400
const ageEveryMs = 600_000
/** Exchanges listed after a start, and how many at a time, so that the gateway's thread is never long at it. */
const mostListed = 10_000
const listedAtOnce = 50
const droppedAtOnce = 16
/** When the file is too large, it is made a little smaller than it has to be. */
const roomShare = 0.95

/** The history's end of its thread: does one thing after the other, as fast as the disk lets it. */
export class HistoryKeeper {
  readonly #folder: string
  readonly #report: (report: HistoryReport, transfer?: readonly ArrayBuffer[]) => void
  #limits: HistoryLimits
  #open: { readonly database: HistoryDatabase; readonly search: HistorySearch } | null = null
  /** What is still to be listed. */
  #listing: Iterator<ListedExchange> | null = null
  #work: Promise<void> = Promise.resolve()
  /** Written since the last commit. */
  #uncommitted: HistoryKey[] = []
  #commitTimer: NodeJS.Timeout | null = null
  #countTimer: NodeJS.Timeout | null = null

  constructor({ folder, limits }: HistoryThreadData, report: (report: HistoryReport, transfer?: readonly ArrayBuffer[]) => void) {
    this.#folder = folder
    this.#limits = limits
    this.#report = report
    this.#do(() => this.#begin())
    setInterval(() => this.#do(() => this.#enforce()), ageEveryMs).unref()
  }

  take(request: HistoryRequest): void {
    this.#do(async () => {
      try {
        await this.#answer(request)
      } catch (error) {
        if ('ask' in request) this.#report({ type: 'refusal', ask: request.ask, problem: problemOf(error) })
        throw error
      }
    })
  }

  async #answer(request: HistoryRequest): Promise<void> {
    switch (request.type) {
      case 'save':
        return this.#save(request)
      case 'more':
        return this.#list()
      case 'pin':
        this.#database.setPinned(request.key, request.isPinned)
        return this.#commitSoon()
      case 'unlist':
        this.#database.unlist(request.keys)
        return this.#commitSoon()
      case 'limit':
        this.#limits = request.limits
        return this.#enforce()
      case 'load': {
        const content = this.#database.content(request.key)
        const bodies = sides.map((side) => content?.[side]).filter((body) => !!body)
        return this.#report({ type: 'answer', ask: request.ask, value: content }, bodies.flatMap(buffersOf))
      }
      case 'search': {
        const page = await this.#opened.search.page(request.query)
        return this.#report({ type: 'answer', ask: request.ask, value: page })
      }
      case 'forget':
        return this.#forget(request)
      case 'close':
        this.#open?.database.close()
        this.#open = null
        leaveHistory(this.#folder)
        return this.#report({ type: 'answer', ask: request.ask, value: null })
      default:
        return request satisfies never
    }
  }

  async #begin(): Promise<void> {
    const { database, keptAside } = await openHistory(this.#folder)
    this.#open = { database, search: new HistorySearch(database) }
    await this.#enforce()
    this.#report({ type: 'opened', nextKey: database.nextKey, keptAside })
    await this.#count()
    this.#listing = database.listed(mostListed)
    this.#list()
  }

  #list(): void {
    const exchanges: ListedExchange[] = []
    while (this.#listing !== null && exchanges.length < listedAtOnce) {
      const next = this.#listing.next()
      if (next.done === true) this.#listing = null
      else exchanges.push(next.value)
    }
    this.#report({ type: 'listed', exchanges, isLast: this.#listing === null })
  }

  async #save({ stored, bodies }: Extract<HistoryRequest, { type: 'save' }>): Promise<void> {
    const source = await openRows(bodies)
    const blocks = source === null ? [] : [...textBlocks(source)]
    this.#uncommitted.push(stored.key)
    this.#database.save(stored, bodies, blocks)
    this.#commitSoon()
  }

  #commitSoon(): void {
    this.#opened.search.changed()
    if (this.#commitTimer !== null) return
    this.#commitTimer = setTimeout(() => {
      this.#commitTimer = null
      this.#do(() => this.#commit())
    }, commitAfterMs)
  }

  async #commit(): Promise<void> {
    this.#database.commit()
    const keys = this.#uncommitted
    this.#uncommitted = []
    if (keys.length > 0) this.#report({ type: 'saved', keys })
    await this.#enforce()
    this.#countSoon()
  }

  /** Forgets what is too old, or the oldest while there is too much. */
  async #enforce(): Promise<void> {
    const { maxAgeMs, maxBytes } = this.#limits
    const database = this.#database
    const drop = async (keys: readonly HistoryKey[]): Promise<void> => {
      database.remove(keys)
      database.shrink()
      this.#opened.search.changed()
      this.#report({ type: 'dropped', keys })
      this.#countSoon()
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (let old = database.oldest(Date.now() - maxAgeMs, droppedAtOnce); old.length > 0;) {
      await drop(old)
      old = database.oldest(Date.now() - maxAgeMs, droppedAtOnce)
    }
    if (database.bytes().used <= maxBytes) return
    while (database.bytes().used > maxBytes * roomShare) {
      const [oldest] = database.oldest(Number.POSITIVE_INFINITY, 1)
      if (oldest === undefined) return
      await drop([oldest])
    }
  }

  /** What is forgotten is gone from the file, too, when this is answered. */
  async #forget({ ask, keys }: Extract<HistoryRequest, { type: 'forget' }>): Promise<void> {
    this.#opened.search.changed()
    if (keys === 'all') {
      this.#listing = null
      this.#database.close()
      this.#open = null
      await removeHistory(this.#folder)
      const { database } = await openHistory(this.#folder)
      this.#open = { database, search: new HistorySearch(database) }
      this.#uncommitted = []
      await this.#count()
      this.#report({ type: 'answer', ask, value: null })
    } else {
      this.#database.remove(keys)
      await this.#commit()
      this.#tidy(ask, true)
    }
  }

  /** Goes on with the file of what is forgotten, a part at a time: what ends meanwhile is kept in between. */
  #tidy(ask: number, begins: boolean): void {
    this.#do(async () => {
      try {
        // Only then what has been sent here meanwhile stands in the queue, too.
        await new Promise((resolve) => setImmediate(resolve))
        await this.#commit()
        if (!this.#database.tidyIndex(begins)) return this.#tidy(ask, false)
        this.#database.clean()
        await this.#count()
        this.#report({ type: 'answer', ask, value: null })
      } catch (error) {
        this.#report({ type: 'refusal', ask, problem: problemOf(error) })
        throw error
      }
    })
  }

  #countSoon(): void {
    if (this.#countTimer !== null) return
    this.#countTimer = setTimeout(() => {
      this.#countTimer = null
      this.#do(() => this.#count())
    }, countAfterMs)
  }

  async #count(): Promise<void> {
    this.#report({ type: 'counted', fileBytes: await historyBytes(this.#folder), ...this.#database.counts() })
  }

  get #opened() {
    if (this.#open === null) throw new Error('The history is not open.')
    return this.#open
  }

  get #database(): HistoryDatabase {
    return this.#opened.database
  }

  #do(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => this.#failed(error))
  }

  #failed(error: unknown): void {
    const problem = problemOf(error)
    const keys = this.#uncommitted
    this.#uncommitted = []
    this.#open?.database.rollback()
    if (keys.length > 0) this.#report({ type: 'unsaved', keys, problem })
    if (this.#open !== null && troubleOf(error) !== 'unreadable') {
      if (keys.length === 0) this.#report({ type: 'unsaved', keys, problem })
      return
    }
    let keptAside: string | null = null
    this.#listing = null
    if (this.#open !== null) {
      this.#open.database.close()
      this.#open = null
      keptAside = putAside(this.#folder)
    }
    this.#report({ type: 'failed', problem, keptAside })
  }
}
