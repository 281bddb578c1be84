import { randomBytes } from 'node:crypto'
import { CaptureBudget } from './capture.ts'
import { catchUp, now } from './clock.ts'
import type { Config, ConfigStatus } from './contract/config.ts'
import type { FeedMessage, GatewayEvent, GatewayStatus, GatewayTotals, Snapshot } from './contract/events.ts'
import type { ExchangeId } from './contract/exchange.ts'
import type { ExchangeRecord, RecordOrigin } from './exchange-record.ts'
import { ExchangeStore } from './exchange-store.ts'
import { historyThreadFile } from './history/history-link.ts'
import { History } from './history/history.ts'
import { GatewayJournal, type FeedHandle } from './journal.ts'
import { Listener } from './listener.ts'
import { LocalAuthority } from './local-ca.ts'
import { directRouteId } from './contract/requests.ts'
import { OwnUpstreams } from './own-upstreams.ts'
import { Recordings } from './replay/recordings.ts'
import { Reception, type ReceptionDesk } from './reception.ts'
import { RequestSender } from './request-sender.ts'
import { RouteActivities } from './route-activities.ts'
import { Router } from './router.ts'
import { Upstreams } from './upstreams.ts'

/** Of the capture budget, the share that one exchange may keep. */
const sharePerExchange = 1 / 4
const sampleEveryMs = 1000
/** No more often, though there be a batch that could take them along. */
const totalsEveryMs = 66

/** The gateway: listens, forwards, holds and watches, as its config says at each moment. */
export class Gateway {
  readonly store: ExchangeStore
  /** Sends what the window asks for. */
  readonly sender: RequestSender
  readonly #version: string
  readonly #startedAt = now()
  readonly #journal: GatewayJournal
  readonly #reception: Reception
  readonly #upstreams: Upstreams
  readonly recordings: Recordings
  readonly #own: OwnUpstreams
  readonly #activities = new RouteActivities(() => this.#upstreams)
  readonly history: History
  readonly #dataDir: string | null
  #authority: Promise<LocalAuthority> | null = null
  #listeners: Listener[] = []
  #config: Config
  #configStatus: ConfigStatus = { file: null, problem: null }
  #router: Router
  #isRunning = false
  #captureStoppedAt: number | null = null
  #totalsSentAt = 0
  #sampledAt = now()
  readonly #sampler: ReturnType<typeof setInterval>

  constructor(options: { config: Config; version: string; dataDir: string | null; historyThread?: string | URL }) {
    this.#version = options.version
    this.#dataDir = options.dataDir
    this.#config = options.config
    this.#router = new Router(options.config.routes)
    const budgetBytes = budgetBytesOf(options.config)
    this.store = new ExchangeStore(new CaptureBudget(budgetBytes, budgetBytes * sharePerExchange))
    this.recordings = new Recordings(options.dataDir)
    this.#own = new OwnUpstreams(this.recordings)
    this.#upstreams = new Upstreams({
      demoOrigin: () => this.#own.demoOrigin,
      replayOrigin: () => this.#own.replayOrigin,
      onHealthChanged: () => this.#healthChanged(),
    })
    this.#journal = new GatewayJournal({
      takeSnapshot: () => this.#takeSnapshot(),
      emitTotals: (at) => this.#emitTotals(at),
      record: (event) => this.#record(event),
    })
    this.history = new History({
      dataDir: options.dataDir,
      threadFile: options.historyThread ?? historyThreadFile(),
      settings: options.config.history,
      store: this.store,
      emit: (event) => this.#journal.emit(event),
    })
    this.sender = this.#openSender()
    this.#reception = new Reception(this.#desk())
    this.#sampler = setInterval(() => this.#sample(), sampleEveryMs).unref()
  }

  get status(): GatewayStatus {
    return {
      state: this.#isRunning ? 'running' : 'stopped',
      version: this.#version,
      startedAt: this.#startedAt,
      captureStoppedAt: this.#captureStoppedAt,
      listeners: this.#listeners.map((listener) => listener.status),
    }
  }

  /** Who vouches for the listeners with TLS; it is made when it is first asked for. */
  authority(): Promise<LocalAuthority> {
    return (this.#authority ??= LocalAuthority.open(this.#dataDir))
  }

  openFeed(send: (message: FeedMessage) => void, hasProgress = true): FeedHandle {
    return this.#journal.openFeed(send, hasProgress)
  }

  /** Listens on every configured address; one that fails says so in the status and is tried again. */
  async start(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    await this.#own.openFor(this.#config.routes)
    await this.#listen()
  }

  /** Stops listening; open exchanges go on until they end. */
  stop(): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    for (const listener of this.#listeners) listener.close()
    this.#announce()
  }

  /** Puts a config in force at once. What it leaves as it was is not touched: no connection, no byte, no listener. */
  async apply(config: Config): Promise<void> {
    const before = this.#config
    this.#config = config
    this.#router = new Router(config.routes)
    const byId = new Map(config.routes.map((route) => [route.id, route]))
    for (const forward of this.store.open()) {
      const route = forward.exchange.route && byId.get(forward.exchange.route.id)
      if (route) forward.responsePath.follow(route)
    }
    this.#upstreams.apply(config.routes)
    this.store.budget.setLimits(budgetBytesOf(config), budgetBytesOf(config) * sharePerExchange)
    this.#activities.keep((id) => byId.has(id) || id === directRouteId)
    this.history.apply(config.history)
    this.#journal.emit({ type: 'routes.changed', routes: config.routes })
    if (!this.#isRunning) return
    await this.#own.openFor(this.#config.routes)
    if (before.listen.join() !== config.listen.join()) await this.#listen()
  }

  setConfigStatus(status: ConfigStatus): void {
    this.#configStatus = status
    this.#journal.emit({ type: 'config.changed', config: status })
  }

  addRecord(record: ExchangeRecord, origin: RecordOrigin): Promise<ExchangeId> {
    return this.store.addRecord(record, origin, this.#journal)
  }

  clearExchanges(ids: readonly ExchangeId[] | undefined, withOpen: boolean): void {
    const cleared = this.store.clear(ids)
    this.history.cleared(cleared)
    if (withOpen) this.store.clearOpenCaptures()
    if (cleared.length > 0) this.#journal.emit({ type: 'exchanges.forgotten', ids: cleared })
  }

  pinExchange(id: ExchangeId, isPinned: boolean): void {
    this.store.pin(id, isPinned)
    this.#journal.emit({ type: 'exchange.pinned', id, isPinned })
  }

  /** Stops or starts keeping bodies, of open exchanges too; all else goes on. */
  setCapture(isOn: boolean): void {
    if (isOn === this.store.budget.isKeeping) return
    this.store.budget.isKeeping = isOn
    this.#captureStoppedAt = isOn ? null : now()
    this.#announce()
  }

  /** Stops listening, lets open exchanges end for so long, then ends them. */
  async close(options: { drainMs: number }): Promise<void> {
    this.sender.close()
    this.stop()
    const until = now() + options.drainMs
    while (this.store.openCount > 0 && now() < until) await new Promise((resolve) => setTimeout(resolve, 25))
    for (const forward of this.store.open()) forward.stop({ code: 'gateway-stopping', message: 'The gateway was stopped.' })
    clearInterval(this.#sampler)
    await this.history.close()
    this.#journal.close()
    for (const listener of this.#listeners) listener.destroy()
    await this.#upstreams.destroy()
    await this.#own.close()
  }

  #desk(): ReceptionDesk {
    const router = (): Router => this.#router
    const token = (): string | null => this.#config.remote.token
    const isRunning = (): boolean => this.#isRunning
    return {
      journal: this.#journal,
      store: this.store,
      upstreams: this.#upstreams,
      // Its own name in Via, by which it knows its own requests again (RFC 9110 §7.6.3).
      viaName: `sluice-${randomBytes(6).toString('hex')}`,
      get router() {
        return router()
      },
      get token() {
        return token()
      },
      get isAccepting() {
        return isRunning()
      },
      activity: (id) => this.#activities.of(id),
      claim: (socket) => this.sender.claim(socket),
    }
  }

  #openSender(): RequestSender {
    return new RequestSender({
      listeners: () => this.#listeners.flatMap(({ address, status: { url } }) => (url === null ? [] : [{ address, url }])),
      router: () => this.#router,
      token: () => this.#config.remote.token,
      authority: async () => (await this.authority()).certificate.certificate,
      changed: (request) => this.#journal.emit({ type: 'request.changed', request }),
    })
  }

  async #listen(): Promise<void> {
    const wanted = this.#config.listen
    const kept = this.#listeners.filter((listener) => wanted.includes(listener.address) && listener.status.state !== 'stopped')
    const dropped = this.#listeners.filter((listener) => !kept.includes(listener))
    const owner = {
      receive: this.#reception.receive.bind(this.#reception),
      changed: () => this.#announce(),
      authority: () => this.authority(),
    }
    this.#listeners = wanted.map((address) => kept.find((listener) => listener.address === address) ?? new Listener(address, owner))
    for (const listener of dropped) listener.close()
    await Promise.all(this.#listeners.filter((listener) => !kept.includes(listener)).map((listener) => listener.open()))
  }

  #healthChanged(): void {
    this.#activities.touchAll()
    this.#journal.wake()
  }

  #announce(): void {
    this.#journal.emit({ type: 'gateway.changed', status: this.status })
  }

  #record(event: GatewayEvent): void {
    const surplus = this.store.record(event)
    this.history.record(event)
    if (surplus.length > 0) this.#journal.emit({ type: 'exchanges.forgotten', ids: surplus })
  }

  #sample(): void {
    catchUp()
    const at = now()
    this.#activities.sample(at)
    if (!this.#journal.isWatched) return
    this.#journal.timePassed(this.store.openLive(), at, at - this.#sampledAt)
    this.#sampledAt = at
    this.#journal.wake()
  }

  #emitTotals(at: number): void {
    if (at - this.#totalsSentAt < totalsEveryMs) return
    this.#totalsSentAt = at
    for (const totals of this.#activities.takeTouched(this.#config.routes)) this.#journal.emit({ type: 'route.progressed', totals })
    this.#journal.emit({ type: 'gateway.progressed', totals: this.#totals() })
  }

  #totals(): GatewayTotals {
    return { ...this.store.totals(), ...this.#activities.sums() }
  }

  #takeSnapshot(): Snapshot {
    return {
      status: this.status,
      config: this.#configStatus,
      routes: this.#config.routes,
      routeTotals: this.#activities.totals(this.#config.routes),
      totals: this.#totals(),
      exchanges: this.store.views(),
      history: this.history.status,
      requests: this.sender.views(),
    }
  }
}

function budgetBytesOf(config: Config): number {
  return config.capture.budgetMiB * 1_048_576
}
