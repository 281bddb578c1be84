import { workerData, type MessagePort } from 'node:worker_threads'
import type { FeedMessage } from '../../proxy-core/contract/events.ts'
import type { Exchange, ExchangeId } from '../../proxy-core/contract/exchange.ts'
import type { WatcherRequest } from './watched-process.ts'

// What a window does: it acknowledges each message, has 24 exchanges on screen, and follows one of them: it asks for the rows that it has
// not read, 15 times a second, and for the strip anew 12 times.
const onScreen = 24
const rowsOnScreen = 20
const rowsEveryMs = 66
const stripEveryMs = 80
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

let rowsOf: ExchangeId | null = null
let rowsRead = 0

setInterval(() => {
  const watched = shown.at(-1)
  if (watched === undefined) return
  const { id, rows } = watched
  if (id !== rowsOf) rowsRead = 0
  rowsOf = id
  if (rows > rowsRead) command('exchange.rows', { id, from: Math.max(rowsRead, rows - rowsOnScreen), to: rows })
  rowsRead = rows
}, rowsEveryMs)

setInterval(() => {
  const watched = shown.at(-1)
  if (watched === undefined) return
  command('exchange.timeline', { id: watched.id, from: Date.now() - 15_000, to: Date.now(), columns: 960 })
}, stripEveryMs)

function command(name: string, input: { readonly id: ExchangeId; readonly [key: string]: unknown }): void {
  ask({ type: 'command', name, input })
}

function ask(request: WatcherRequest): void {
  port.postMessage(request)
}
