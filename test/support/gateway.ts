import { writeFile } from 'node:fs/promises'
import type { Argument, CommandName, Output } from '../../proxy-core/contract/commands.ts'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import type { ConfigInput } from '../../proxy-core/contract/config.ts'
import type { RouteInput } from '../../proxy-core/contract/route.ts'
import { openGateway, type OpenedGateway } from '../../proxy-core/open-gateway.ts'
import { FeedReader, type FeedOptions } from './feed-view.ts'
import { openTempFolder } from './temp.ts'

/** A gateway under test, on a free port of 127.0.0.1, reached by its front door alone. */
export interface TestGateway {
  /** Its first listening address. */
  readonly url: string
  readonly gateway: OpenedGateway
  readonly configFile: string | null
  readonly dataDir: string
  /** Runs a command; a refusal is thrown as a GatewayError. */
  command<K extends CommandName>(name: K, ...input: Argument<K> extends void ? [] : [Argument<K>]): Promise<Output<K>>
  /** Opens a feed, waits for its snapshot, and closes it with the gateway. */
  feed(options?: FeedOptions): Promise<FeedReader>
  close(): Promise<void>
}

/** How a gateway is started for a test. */
export interface TestGatewayOptions {
  /** Writes the config to a file in the test's folder and runs on that, rather than on a config in memory. */
  readonly onDisk?: boolean
  /** Runs on this file, as it is, in place of a config. */
  readonly configFile?: string
  readonly listen?: readonly string[]
  /** How long open exchanges may go on when the gateway closes. */
  readonly drainMs?: number
  /** Keeps its files here, where they outlive it, rather than in a folder of its own. */
  readonly dataDir?: string
  readonly historyThread?: URL
}

/** Starts a gateway on a config: YAML text, or an object in its place, which listens on a free port unless it says otherwise. */
export async function startGateway(config: string | Partial<ConfigInput> = {}, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { onDisk = false, listen, drainMs = 0 } = options
  const folder = await openTempFolder()
  const configText = typeof config === 'string' ? config : JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], ...config })
  const configFile = options.configFile ?? (onDisk ? folder.file('sluice.yaml') : null)
  if (onDisk) await writeFile(folder.file('sluice.yaml'), configText)
  const gateway = await openGateway({
    version: '0.0.0-test',
    dataDir: options.dataDir ?? folder.path,
    ...(options.historyThread ? { historyThread: options.historyThread } : {}),
    configFile,
    configText,
    ...(listen === undefined ? {} : { listen }),
    // A test's own mistake in a config is an error of the test.
    strictConfig: options.configFile === undefined,
  })
  const feeds: FeedReader[] = []
  return {
    get url() {
      const url = gateway.status().listeners.find((listener) => listener.url !== null)?.url
      if (url === undefined || url === null) throw new Error(`The gateway does not listen: ${JSON.stringify(gateway.status())}`)
      return url
    },
    gateway,
    configFile,
    dataDir: options.dataDir ?? folder.path,
    command: async <K extends CommandName>(name: K, ...input: unknown[]) => {
      const reply = await gateway.command(name, input[0])
      if (!reply.ok) throw new GatewayError(reply.error.code, reply.error.message, reply.error.issues)
      return reply.value as Output<K>
    },
    feed: async (options) => {
      const feed = new FeedReader((send) => gateway.openFeed(send), options)
      feeds.push(feed)
      await feed.until(() => true, 'the first snapshot')
      return feed
    },
    close: async () => {
      for (const feed of feeds) feed.close()
      await gateway.close({ drainMs })
      await folder.close()
    },
  }
}

/** A route from every path to one upstream, with what a test cares about put over it. */
export function routeTo(upstreamUrl: string, route: Partial<RouteInput> = {}): RouteInput {
  return { id: 'all', match: { path: '/*' }, upstream: { url: upstreamUrl }, ...route }
}
