import { ConfigFile } from './config-file.ts'
import type { FeedMessage, FeedRequest, GatewayStatus } from './contract/events.ts'
import type { Reply } from './contract/errors.ts'
import { demoConfig } from './demo/demo-config.ts'
import { dispatch } from './dispatch.ts'
import { Gateway } from './gateway.ts'
import { removeStaleSpools } from './stale-spools.ts'
import { createHandlers } from './handlers.ts'

/** How a gateway is opened. */
export interface OpenGatewayOptions {
  /** The config file, which need not exist yet; null keeps the config in memory. */
  readonly configFile: string | null
  /** The config where there is no file; the demo routes when left out. */
  readonly configText?: string
  /** Addresses to listen on in place of the config's. */
  readonly listen?: readonly string[]
  readonly version: string
  /** Where files of the gateway's own go; null for none. */
  readonly dataDir: string | null
  /** Where the thread of the history is, when it is not beside this program. */
  readonly historyThread?: string | URL
  /** Throw a `GatewayError` on an invalid file, in place of starting on the last good one. */
  readonly strictConfig?: boolean
}

/** A gateway that runs, with its config file watched. */
export interface OpenedGateway {
  /** Answers a command; never rejects. */
  command(name: string, input: unknown): Promise<Reply<unknown>>
  /** Opens a feed; without progress it tells what happens, and not how totals move meanwhile. */
  openFeed(send: (message: FeedMessage) => void, options?: { hasProgress: boolean }): { receive(request: FeedRequest): void; close(): void }
  status(): GatewayStatus
  openExchanges(): number
  close(options: { drainMs: number }): Promise<void>
}

/** Opens a gateway: reads its config, listens, and watches the file. A listener that fails shows in the status. */
export async function openGateway(options: OpenGatewayOptions): Promise<OpenedGateway> {
  let gateway: Gateway | null = null
  const config = await ConfigFile.open({
    file: options.configFile,
    fallback: options.configText ?? demoConfig,
    isStrict: options.strictConfig ?? false,
    onChange: (changed) => void gateway?.apply(withListen(changed)),
    onStatus: (status) => gateway?.setConfigStatus(status),
  })
  function withListen<T extends { listen: string[] }>(value: T): T {
    return options.listen ? { ...value, listen: [...options.listen] } : value
  }
  const running = new Gateway({
    config: withListen(config.config),
    version: options.version,
    dataDir: options.dataDir,
    ...(options.historyThread === undefined ? {} : { historyThread: options.historyThread }),
  })
  gateway = running
  running.setConfigStatus(config.status)
  const handlers = createHandlers(running, config)
  await removeStaleSpools()
  await running.start()
  return {
    command: (name, input) => dispatch(handlers, name, input),
    openFeed: (send, { hasProgress } = { hasProgress: true }) => running.openFeed(send, hasProgress),
    status: () => running.status,
    openExchanges: () => running.store.openCount,
    close: async (closing) => {
      await running.close(closing)
      await config.close()
    },
  }
}
