import { rename, writeFile } from 'node:fs/promises'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import type { Findings } from './findings.ts'
import type { GatewayChild } from './gateway-child.ts'
import type { Random } from './random.ts'
import { drawRoute, guestRoutes, markerOf, markerRoute, restingRoutes, stableRoutes } from './route-draws.ts'

/** An edit that is not in force after so long is a finding: what is promised is 50 ms, on a machine that has nothing else to do. */
const takenWithinMs = 10_000
/** What captures may fill: so little that they are full before the base is taken. */
export const captureMiB = 64

/** What the edits need. */
export interface ConfigEditsOptions {
  readonly file: string
  readonly gateway: GatewayChild
  readonly findings: Findings
  readonly random: Random
  readonly upstreamUrls: readonly string[]
  readonly deadUrl: string
  readonly firstAddress: string
  /** The address that comes and goes. */
  readonly extraAddress: string
}

/** Changes the config of a gateway at random, by its file and by commands, one edit after the other. */
export class ConfigEdits {
  readonly counts: Record<string, number> = {}
  /** How long the edits by the file took to be in force, in ms. */
  readonly takenMs: number[] = []
  readonly #options: ConfigEditsOptions
  readonly #routes = new Map<string, RouteInput>()
  #hasExtra = false
  #isExtraOpen = false
  #marker = 0
  #extraRemovedAt = 0
  #guestsChangedAt = 0

  constructor(options: ConfigEditsOptions) {
    this.#options = options
    this.#rest()
  }

  /** The whole config as it should be. */
  get text(): string {
    const { firstAddress, extraAddress } = this.#options
    const listen = this.#hasExtra ? [firstAddress, extraAddress] : [firstAddress]
    return JSON.stringify({ version: 1, listen, capture: { budgetMiB: captureMiB }, routes: [...this.#routes.values()] }, null, 1)
  }

  /** Where a client may connect besides the first address, or null. Between an edit that adds it and its being in force, it may not. */
  get extraUrl(): string | null {
    return this.#isExtraOpen ? `http://${this.#options.extraAddress}` : null
  }

  /** Whether an edit has removed the extra address since that moment, so that a client there may have been turned away. */
  extraRemovedSince(at: number): boolean {
    return this.#extraRemovedAt >= at
  }

  hasRoute(id: string): boolean {
    return this.#routes.has(id)
  }

  guestsChangedSince(at: number): boolean {
    return this.#guestsChangedAt >= at
  }

  /** Carries out one edit and waits until it is in force. */
  async edit(): Promise<void> {
    const { random } = this.#options
    const kind = random.weighted({ flip: 40, release: 10, policies: 20, guests: 15, address: 8, garbage: 7 })
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
    switch (kind) {
      case 'flip':
        return this.#flip()
      case 'release':
        await this.#command('route.release', { id: random.pick(stableRoutes) })
        return
      case 'policies':
        for (const id of stableRoutes) if (random.chance(0.5)) this.#routes.set(id, this.#draw(id))
        return this.#write()
      case 'guests':
        return this.#moveGuests()
      case 'address':
        return this.#moveAddress()
      case 'garbage':
        return this.#spoil()
    }
  }

  /** Puts everything back as it was at the start. */
  async rest(): Promise<void> {
    this.#rest()
    await this.#write()
  }

  #rest(): void {
    const { upstreamUrls, deadUrl } = this.#options
    this.#removeExtra()
    this.#guestsChangedAt = Date.now()
    this.#routes.clear()
    for (const route of restingRoutes(upstreamUrls, deadUrl, this.#marker)) this.#routes.set(route.id, route)
  }

  async #flip(): Promise<void> {
    const { random } = this.#options
    const id = random.pick(stableRoutes)
    const response = random.pick(['off', 'on', 'auto'] as const)
    const route = this.#routes.get(id) as RouteInput
    const before = typeof route.buffering === 'object' ? route.buffering : {}
    this.#routes.set(id, { ...route, buffering: { ...before, response } })
    await this.#command('route.buffering', { id, response })
  }

  async #moveAddress(): Promise<void> {
    const { gateway, findings, extraAddress } = this.#options
    if (this.#hasExtra) {
      this.#removeExtra()
      return this.#write()
    }
    this.#hasExtra = true
    await this.#write()
    const url = `http://${extraAddress}`
    this.#isExtraOpen = await gateway.untilConfig(({ urls }) => urls.includes(url), takenWithinMs)
    if (!this.#isExtraOpen) findings.add('an added address is not listened on', `within ${String(takenWithinMs)} ms`)
  }

  #removeExtra(): void {
    this.#hasExtra = false
    this.#isExtraOpen = false
    this.#extraRemovedAt = Date.now()
  }

  async #moveGuests(): Promise<void> {
    const { random } = this.#options
    const id = random.pick(guestRoutes)
    const isThere = this.#routes.has(id)
    this.#guestsChangedAt = Date.now()
    const route = this.#draw(id)
    if (isThere) this.#routes.delete(id)
    else this.#routes.set(id, route)
    if (random.chance(0.5)) await this.#write()
    else if (isThere) await this.#command('route.remove', { id })
    else await this.#command('route.save', { route })
    this.#guestsChangedAt = Date.now()
  }

  /** A bad file changes nothing, and the next good one is taken. */
  async #spoil(): Promise<void> {
    const { file, gateway, findings, random } = this.#options
    const text = this.text
    await writeFile(
      file,
      random.pick(['', 'version: 1\nroutes: [', '{}}', text.slice(0, text.length / 2), text.replace('"match"', '"mtch"')]),
    )
    if (!(await gateway.untilConfig((config) => config.hasProblem, takenWithinMs))) {
      findings.add('a bad config file is not reported', `within ${String(takenWithinMs)} ms`)
    }
    await this.#write()
  }

  async #write(): Promise<void> {
    const { file, gateway, findings, random } = this.#options
    const marker = ++this.#marker
    this.#routes.set(markerRoute, markerOf(marker))
    if (random.chance(0.7)) {
      await writeFile(`${file}.new`, this.text)
      await rename(`${file}.new`, file)
    } else {
      await writeFile(file, this.text)
    }
    const writtenAt = Date.now()
    const isTaken = await gateway.untilConfig(
      (config) => config.routeNames[markerRoute] === `edit ${String(marker)}` && !config.hasProblem,
      takenWithinMs,
    )
    this.takenMs.push(Date.now() - writtenAt)
    if (!isTaken) findings.add('an edit of the config file is not taken', `edit ${String(marker)} within ${String(takenWithinMs)} ms`)
  }

  async #command(name: string, input: unknown): Promise<void> {
    const { gateway, findings } = this.#options
    const reply = (await gateway.command(name, input)) as { readonly ok: boolean } | undefined
    if (reply?.ok !== true) findings.add(`the command ${name} fails`, JSON.stringify({ input, reply }))
  }

  #draw(id: string): RouteInput {
    return drawRoute(this.#options.random, id, this.#options.upstreamUrls)
  }
}
