import { feedPortMessage } from '../../../proxy-core/contract/bridge.ts'
import { ScriptedStream } from './scripted-stream.ts'
const asked = new URLSearchParams(window.location.search)
const rate = Number(asked.get('rate') ?? 5000)
const past = Number(asked.get('past') ?? 5000)
const many = Number(asked.get('many') ?? 0)
const start = Date.now() - past
const old = Array.from({ length: many }, (_, i) => {
  const s = new ScriptedStream({ id: i + 1, startedAt: start - 100000, rowsPerSecond: 1, target: `/old/${i}` })
  s.end(start - 50000)
  return s
})
const stream = new ScriptedStream({ id: many + 1, startedAt: start, rowsPerSecond: rate, ...(asked.get('kept') ? { keptRows: Number(asked.get('kept')) } : {}) })
const state: any = { commands: {}, looks: [], stream }
;(window as any).bench = state
let port: MessagePort | null = null
let seq = 0
let waiting = false
const queue: any[] = []
const all = new Map([...old, stream].map((s) => [s.id as number, s]))
function handle(name: string, input: any): unknown {
  state.commands[name] = (state.commands[name] ?? 0) + 1
  const now = Date.now()
  const s = all.get(input?.id)!
  switch (name) {
    case 'exchange.rows':
      return s.rows(input, now)
    case 'exchange.row':
      return s.row(input.index, now)
    case 'exchange.timeline':
      return s.timeline(input, now)
    case 'exchange.body':
      return s.body(input, now)
    case 'exchange.heads':
      return { requestReceived: [], requestSent: [], responseReceived: [], responseSent: [] }
    default:
      return undefined
  }
}
Object.defineProperty(window, 'sluice', {
  value: {
    async command(name: string, input: unknown) {
      await new Promise((r) => setTimeout(r, 1))
      return { ok: true, value: structuredClone(handle(name, input)) }
    },
    openFeed() {
      const ch = new MessageChannel()
      port = ch.port1
      port.onmessage = (e) => {
        if (e.data.type === 'ack') waiting = false
        else state.looks.push(e.data.exchangeIds)
      }
      window.postMessage(feedPortMessage, '*', [ch.port2])
      const now = Date.now()
      port.postMessage({
        type: 'snapshot',
        seq: ++seq,
        snapshot: {
          status: {
            state: 'running',
            version: '0',
            startedAt: now,
            listeners: [{ address: '127.0.0.1:9080', url: 'http://127.0.0.1:9080', state: 'listening', error: null }],
          },
          config: { file: null, problem: null },
          routes: [],
          routeTotals: [],
          totals: {
            open: 1,
            eventsPerSecond: rate,
            heldBytes: 0,
            capturedBytes: 0,
            captureBudgetBytes: 1,
            forgottenRows: 0,
            forgottenExchanges: 0,
          },
          exchanges: [...all.values()].map((x) => x.exchange(now)),
        },
      })
    },
  },
})
let nextId = many + 2
setInterval(() => {
  if (waiting || !port) return
  const now = Date.now()
  const events: any[] = [...queue.splice(0)]
  events.push({ type: 'exchange.progressed', id: stream.id, progress: stream.exchange(now) })
  waiting = true
  port.postMessage({ type: 'batch', seq: ++seq, events })
}, 16)
state.add = (n: number) => {
  for (let i = 0; i < n; i++) {
    const s = new ScriptedStream({ id: nextId++, startedAt: Date.now(), rowsPerSecond: 1, target: '/new' })
    all.set(s.id, s)
    queue.push({ type: 'exchange.started', exchange: s.exchange(Date.now()) })
  }
}
state.announce = () =>
  queue.push({ type: 'exchange.decided', id: stream.id, decisions: stream.exchange(Date.now()).decisions, isOverridden: false })
