import { workerData, type MessagePort } from 'node:worker_threads'
import type { FeedMessage } from '../../proxy-core/contract/events.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { WatcherRequest } from './watched-process.ts'

// What a window does: it acknowledges each message, has 24 exchanges on screen, and follows the rows and the strip of one 15 times a second.
const onScreen = 24
const rowsOnScreen = 20
const port = workerData as MessagePort
let shown: readonly Exchange[] = []
let lookedAt = ''

port.on('message', (message: FeedMessage | { readonly ok: boolean }) => {
  if ('ok' in message || message.type === 'down') return
  if (message.type === 'snapshot') shown = message.snapshot.exchanges.slice(-onScreen)
  else {
    for (const event of message.events) {
      if (event.type === 'exchange.started') shown = [...shown.slice(1 - onScreen), event.exchange]
      else if (event.type === 'exchange.progressed') shown = shown.map((one) => (one.id === event.id ? { ...one, ...event.progress } : one))
    }
  }
  ask({ type: 'ack', seq: message.seq })
  const ids = shown.map(({ id }) => id)
  if (ids.join() === lookedAt) return
  lookedAt = ids.join()
  ask({ type: 'look', exchangeIds: ids, followedIds: ids.slice(-1) })
})

setInterval(() => {
  const watched = shown.at(-1)
  if (watched === undefined) return
  const { id, rows } = watched
  command('exchange.rows', { id, from: Math.max(0, rows - rowsOnScreen), to: rows })
  command('exchange.timeline', { id, from: Date.now() - 15_000, to: Date.now(), columns: 960 })
}, 66)

function command(name: string, input: { readonly id: ExchangeId; readonly [key: string]: unknown }): void {
  ask({ type: 'command', name, input })
}

function ask(request: WatcherRequest): void {
  port.postMessage(request)
}
