import { fork } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Condition } from '../support/condition.ts'
import type { ConfigTold, EndedExchange, Footprint, GatewayAsk, GatewaySays } from './gateway-messages.ts'

/** A gateway in a process of its own, as one sees it from outside. */
export interface GatewayChild {
  readonly pid: number
  /** Its first address. */
  readonly url: string
  /** What its config is by what it last told. */
  readonly config: ConfigTold
  /** All that it printed: nothing, when all is well. */
  output(): string
  /** How it ended, when it has. */
  readonly exitCode: number | null
  /** Waits until its config is as wanted; false when that does not come. */
  untilConfig(isWanted: (config: ConfigTold) => boolean, timeoutMs: number): Promise<boolean>
  command(name: string, input: unknown): Promise<unknown>
  /** A command for the open exchange of that target, if it is still open. */
  exchangeCommand(target: string, name: string, input?: Readonly<Record<string, unknown>>): Promise<unknown>
  footprint(): Promise<Footprint>
  /** Its file descriptors, counted by kind. */
  descriptors(): ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Three gateways start at once, on a machine that may be busy. */
const listensWithinMs = 60_000

/** Starts a gateway on a config file; its temporary files go to `temporaryFolder`. */
export async function startGatewayChild(
  configFile: string,
  { temporaryFolder, onEnded = () => {} }: { temporaryFolder: string; onEnded?: (exchange: EndedExchange) => void },
): Promise<GatewayChild> {
  const child = fork(join(import.meta.dirname, 'gateway-process.ts'), [configFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, TMPDIR: temporaryFolder },
  })
  const told = new Condition()
  const answers = new Map<number, (value: unknown) => void>()
  let config: ConfigTold | null = null
  let output = ''
  let asked = 0
  let hasExited = false
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasExited = true
      for (const answer of answers.values()) answer(undefined)
      told.changed()
      resolve()
    })
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => (output = (output + bytes.toString()).slice(0, 20_000)))
  child.on('message', (message) => {
    const says = message as GatewaySays
    if (says.type === 'config') config = says.config
    else if (says.type === 'ended') says.exchanges.forEach(onEnded)
    else {
      answers.get(says.number)?.(says.value)
      answers.delete(says.number)
    }
    told.changed()
  })
  const ask = (what: GatewayAsk): Promise<unknown> =>
    new Promise((resolve) => {
      const number = ++asked
      if (hasExited) return resolve(undefined)
      answers.set(number, resolve)
      child.send({ number, ask: what })
    })
  await told.until(
    () => {
      if (hasExited) throw new Error(`The gateway has ended: ${output}`)
      return config !== null && config.urls.length > 0
    },
    () => `the gateway to listen. ${output}`,
    listensWithinMs,
  )
  const pid = child.pid as number
  return {
    pid,
    url: (config as ConfigTold | null)?.urls[0] as string,
    get config() {
      return config as ConfigTold
    },
    get exitCode() {
      return child.exitCode
    },
    output: () => output,
    untilConfig: (isWanted, timeoutMs) =>
      told
        .until(
          () => config !== null && isWanted(config),
          () => 'a config',
          timeoutMs,
        )
        .catch(() => false),
    command: (name, input) => ask({ type: 'command', name, input }),
    exchangeCommand: (target, name, input = {}) => ask({ type: 'exchange', target, name, input }),
    footprint: async () => (await ask({ type: 'footprint' })) as Footprint,
    descriptors: () => descriptorsOf(pid),
    close: async () => {
      child.kill()
      await exited
    },
  }
}

function descriptorsOf(pid: number): ReadonlyMap<string, number> {
  const folder = `/proc/${String(pid)}/fd`
  const counts = new Map<string, number>()
  for (const descriptor of readdirSync(folder)) {
    let target = 'gone'
    try {
      target = readlinkSync(`${folder}/${descriptor}`)
    } catch {
      // Closed between the listing and the look.
      continue
    }
    const kind = /^([a-z]+):\[\d+\]$/.exec(target)?.[1] ?? target.replace(/ \(deleted\)$/, '')
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}
