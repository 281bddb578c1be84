import { constants } from 'node:os'
import { parseConfig } from '../config-document.ts'
import { readContent } from '../config-copies.ts'
import { Config } from '../contract/config.ts'
import { GatewayError } from '../contract/errors.ts'
import type { FeedMessage } from '../contract/events.ts'
import { openGateway, type OpenedGateway } from '../open-gateway.ts'
import { printIssues } from './check.ts'
import type { ServeCommand } from './command-line.ts'
import { dataFolder } from './data-folder.ts'
import { exitCodes } from './exit-codes.ts'
import { boundNewSpace } from './new-space.ts'
import { createLog, type LogLine } from './serve-log.ts'
import { ServeWatch } from './serve-watch.ts'

/** Runs a gateway until a signal ends it. */
export async function serve(command: ServeCommand, version: string): Promise<number> {
  const stopped = firstSignal()
  const refusal = await listenRefusal(command)
  if (refusal !== null) {
    process.stderr.write(`--listen ${refusal}\n`)
    return exitCodes.unclear
  }
  boundNewSpace()
  const gateway = await open(command, version)
  if (gateway === null) return exitCodes.invalidConfig

  const log = createLog(command.isJson)
  follow(gateway, log)
  if (!gateway.status().listeners.some((listener) => listener.state === 'listening')) {
    await gateway.close({ drainMs: 0 })
    return exitCodes.failed
  }
  const signal = await stopped
  const { drainMs } = command
  log({ type: 'stopping', signal, openExchanges: gateway.openExchanges(), drainMs })
  await gateway.close({ drainMs })
  log({ type: 'stopped' })
  return exitCodes.ok
}

async function open(command: ServeCommand, version: string): Promise<OpenedGateway | null> {
  const { configFile, listen } = command
  try {
    return await openGateway({
      configFile,
      ...(listen.length > 0 ? { listen } : {}),
      version,
      dataDir: command.dataDir ?? dataFolder(),
      strictConfig: true,
    })
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'config-invalid') throw error
    printIssues(configFile ?? '', error)
    return null
  }
}

/** Why the addresses of the command line may not be listened on: they obey the rules of those in a config. */
async function listenRefusal({ configFile, listen }: ServeCommand): Promise<string | null> {
  if (listen.length === 0) return null
  const content = configFile === null ? null : await readContent(configFile)
  const parsed = content?.type === 'text' ? parseConfig(content.text) : null
  const remote = parsed?.ok ? parsed.config.remote : undefined
  const checked = Config.safeParse({ version: 1, listen, remote })
  if (checked.success) return null
  const [issue] = checked.error.issues
  const address = listen[Number(issue?.path[1] ?? 0)] ?? listen[0]
  return `${address}: ${issue?.message}`
}

/** The log is a client of the feed, as the window is. */
function follow(gateway: OpenedGateway, log: (line: LogLine) => void): void {
  const watch = new ServeWatch(log)
  const early: FeedMessage[] = []
  let acknowledge = (message: FeedMessage): void => {
    early.push(message)
  }
  const take = (message: FeedMessage): void => {
    watch.receive(message)
    acknowledge(message)
  }
  // No line says how totals move, and to gather that costs with each event.
  const feed = gateway.openFeed(take, { hasProgress: false })
  acknowledge = (message) => {
    if (message.type !== 'down') feed.receive({ type: 'ack', seq: message.seq })
  }
  // The snapshot may come before `openFeed` has returned the feed that takes its ack.
  early.forEach(acknowledge)
}

/** Resolves at the first signal; a second one ends the program at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isStopping = false
    const received = (signal: NodeJS.Signals) => {
      if (isStopping) process.exit(128 + constants.signals[signal])
      isStopping = true
      resolve(signal)
    }
    process.on('SIGTERM', received)
    process.on('SIGINT', received)
    // The terminal has gone.
    process.on('SIGHUP', received)
  })
}
