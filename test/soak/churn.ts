import { ConfigEdits } from './config-edits.ts'
import type { Findings } from './findings.ts'
import type { EndedExchange } from './gateway-messages.ts'
import { startGatewayChild, type GatewayChild } from './gateway-child.ts'
import { Life } from './life.ts'
import type { Connected, World } from './life-judge.ts'
import { drawLife, lifeIdOf, type LifePlan } from './life-plan.ts'
import { Random } from './random.ts'
import { Tally } from './tally.ts'
import { openClient, type Client } from '../support/client.ts'
import { freeLowPorts } from './free-ports.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { writeFile } from 'node:fs/promises'

/** How much goes on at a time. */
export interface ChurnLoad {
  readonly openStreams: number
  readonly newPerSecond: number
}

const lifeTimeoutMs = 120_000
const idleClients = 20

/** Many lives through one gateway, with edits of its config all the while. */
export class Churn {
  readonly tally = new Tally()
  readonly closes: number[] = []
  readonly uploadCloses: number[] = []
  /** How many lives were open at each look. */
  readonly openCounts: number[] = []
  readonly gateway: GatewayChild
  readonly edits: ConfigEdits
  readonly temporaryFolder: string
  readonly #findings: Findings
  readonly #random: Random
  readonly #load: ChurnLoad
  readonly #lives = new Map<number, Life>()
  readonly #open = new Map<Life, Promise<void>>()
  readonly #idle: Client[] = []
  readonly #records: Map<string, EndedExchange>
  readonly #expected: Parameters<World['expectRecord']>[] = []
  readonly #close: () => Promise<void>
  #nextId = 1

  private constructor(parts: ChurnParts) {
    this.gateway = parts.gateway
    this.edits = parts.edits
    this.temporaryFolder = parts.temporaryFolder
    this.#findings = parts.findings
    this.#random = parts.random
    this.#load = parts.load
    this.#records = parts.records
    this.#close = parts.close
  }

  /** Starts a gateway, two upstreams, and nothing else yet. */
  static async open(findings: Findings, seed: number, load: ChurnLoad): Promise<Churn> {
    let churn: Churn | null = null
    const random = new Random(seed)
    const folder = await openTempFolder()
    const spools = await openTempFolder()
    const arrive: Parameters<typeof startUpstream>[0] = (exchange) => {
      const life = churn === null ? undefined : churn.#lives.get(lifeIdOf(exchange.target))
      if (life !== undefined) life.arrived(exchange)
      else {
        findings.add('a request comes to an upstream that no open life has sent', exchange.rawHead.split('\r\n')[0] ?? '')
        exchange.destroy()
      }
    }
    const upstreams: Upstream[] = [await startUpstream(arrive), await startUpstream(arrive)]
    const upstreamUrls = upstreams.map((upstream) => upstream.url)
    const file = folder.file('sluice.yaml')
    const [first, extra, dead] = await freeLowPorts(3)
    const addresses = { firstAddress: `127.0.0.1:${String(first)}`, extraAddress: `127.0.0.1:${String(extra)}` }
    const deadUrl = `http://127.0.0.1:${String(dead)}`
    const records = new Map<string, EndedExchange>()
    const editsFor = (gateway: GatewayChild) => new ConfigEdits({ file, gateway, findings, random, upstreamUrls, deadUrl, ...addresses })
    // The first config is written before there is a gateway to tell of it.
    await writeFile(file, editsFor(undefined as never).text)
    const gateway = await startGatewayChild(file, {
      temporaryFolder: spools.path,
      onEnded: (exchange) => void records.set(exchange.target, exchange),
    })
    const close = async () => {
      await gateway.close()
      for (const upstream of upstreams) await upstream.close()
      await folder.close()
      await spools.close()
    }
    churn = new Churn({ gateway, edits: editsFor(gateway), temporaryFolder: spools.path, findings, random, load, records, close })
    return churn
  }

  /** Runs lives and edits for so long, then lets all end and puts the config back. */
  async run(ms: number): Promise<void> {
    const until = Date.now() + ms
    const editing = this.#editUntil(until)
    for (let due = Date.now(); Date.now() < until; due += 1000 / this.#load.newPerSecond) {
      await sleep(due - Date.now())
      this.#begin()
      this.openCounts.push(this.#open.size)
      // Which stream ends is chance; that one does keeps their number.
      if (this.#open.size > this.#load.openStreams) this.#random.pick([...this.#open.keys()]).tellToEnd()
      if (this.gateway.exitCode !== null) break
    }
    await editing
    for (const life of this.#open.keys()) life.tellToEnd()
    await this.#untilAllEnded()
    await this.edits.rest()
    for (const client of this.#idle.splice(0)) client.close()
    await sleep(1500)
    this.#compareRecords()
  }

  close(): Promise<void> {
    return this.#close()
  }

  async #untilAllEnded(): Promise<void> {
    let late: NodeJS.Timeout | undefined
    const isLate = new Promise<void>((resolve) => {
      late = setTimeout(() => {
        const lives = [...this.#open.keys()].map(({ plan }) => `${plan.target} (${plan.kind}, ${plan.ending})`)
        this.#findings.add('an exchange does not come to its end', lives.slice(0, 5).join('; '))
        resolve()
      }, lifeTimeoutMs)
    })
    await Promise.race([Promise.all(this.#open.values()), isLate])
    clearTimeout(late)
  }

  #begin(): void {
    const id = this.#nextId++
    const life = new Life(drawLife(this.#random, id), this.#random.int(0, 4_294_967_295), this.#world())
    this.#lives.set(id, life)
    this.tally.add(`kind:${life.plan.kind}`)
    this.tally.add('lives')
    const running = life
      .run()
      .catch((error: unknown) =>
        this.#findings.add('a life fails', `${life.plan.target} (${life.plan.kind}): ${String((error as Error).stack)}`),
      )
      .then(() => {
        this.#open.delete(life)
        this.#lives.delete(id)
      })
    this.#open.set(life, running)
  }

  async #editUntil(until: number): Promise<void> {
    while (Date.now() < until && this.gateway.exitCode === null) {
      await sleep(this.#random.int(50, 600))
      await this.edits.edit()
    }
  }

  #world(): World {
    return {
      gateway: this.gateway,
      edits: this.edits,
      findings: this.#findings,
      tally: this.tally,
      closes: this.closes,
      uploadCloses: this.uploadCloses,
      connect: (plan) => this.#connect(plan),
      giveBack: (client) => {
        if (client.isClosed || this.#idle.length >= idleClients) client.close()
        else this.#idle.push(client)
      },
      expectRecord: (...expected) => void this.#expected.push(expected),
    }
  }

  async #connect(plan: LifePlan): Promise<Connected | null> {
    while (plan.wantsOldConnection && this.#idle.length > 0) {
      const client = this.#idle.shift() as Client
      if (!client.isClosed) return { client, isOld: true, isExtra: false }
    }
    const startedAt = Date.now()
    const extraUrl = plan.wantsExtraAddress ? this.edits.extraUrl : null
    try {
      const client = await openClient(extraUrl ?? this.gateway.url, { timeoutMs: lifeTimeoutMs })
      return { client, isOld: false, isExtra: extraUrl !== null }
    } catch (error) {
      if (extraUrl !== null && this.edits.extraRemovedSince(startedAt)) this.tally.add('turned away')
      else this.#findings.add(`a connection to the ${extraUrl === null ? 'first' : 'extra'} address is refused`, (error as Error).message)
      return null
    }
  }

  /** What the gateway tells of each exchange must be what its client saw. */
  #compareRecords(): void {
    for (const [target, { states, bytes }] of this.#expected.splice(0)) {
      const record = this.#records.get(target)
      if (record === undefined) this.tally.add('records missed')
      else if (!states.includes(record.state)) {
        this.#findings.add('an exchange is recorded with another end', `${target}: ${JSON.stringify(record)}, not ${states.join(' or ')}`)
      } else if (bytes !== null && (record.arrivedBytes !== bytes || record.leftBytes !== bytes)) {
        this.#findings.add('an exchange is recorded with other byte counts', `${target}: ${JSON.stringify(record)}, not ${String(bytes)}`)
      } else this.tally.add('records checked')
    }
    this.#records.clear()
  }
}

interface ChurnParts {
  readonly gateway: GatewayChild
  readonly edits: ConfigEdits
  readonly temporaryFolder: string
  readonly findings: Findings
  readonly random: Random
  readonly load: ChurnLoad
  readonly records: Map<string, EndedExchange>
  readonly close: () => Promise<void>
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
