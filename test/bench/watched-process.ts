import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { openGateway } from '../../proxy-core/open-gateway.ts'
import type { FeedMessage, FeedRequest } from '../../proxy-core/contract/events.ts'

// The gateway on this thread, which alone is measured, and a window's share of the work on another, if it is to be watched.
const upstreamPort = Number(process.argv[2])
const isWatched = process.argv[3] === 'watched'
const route = { id: 'bench', match: { path: '/*' }, upstream: `http://127.0.0.1:${String(upstreamPort)}`, buffering: 'off' }
const gateway = await openGateway({
  configFile: null,
  configText: JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], routes: [route] }),
  version: '0',
  dataDir: null,
})

/** What the watching thread sends: what a window asks of its feed, or a command. */
export type WatcherRequest = FeedRequest | { readonly type: 'command'; readonly name: string; readonly input: unknown }

if (isWatched) {
  const { port1, port2 } = new MessageChannel()
  const watcher = new Worker(new URL('watching-window.ts', import.meta.url), { workerData: port2, transferList: [port2] })
  watcher.unref()
  watch(port1)
}

function watch(port: MessagePort): void {
  const feed = gateway.openFeed((message: FeedMessage) => port.postMessage(message))
  port.on('message', (request: WatcherRequest) => {
    if (request.type === 'command') void gateway.command(request.name, request.input).then((reply) => port.postMessage(reply))
    else feed.receive(request)
  })
}

const url = gateway.status().listeners[0]?.url ?? ''
process.stdout.write(`${JSON.stringify({ type: 'listening', url })}\n`)
