import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { feedPortMessage, type Bridge } from '../../proxy-core/contract/bridge.ts'
import { GatewayError, type Reply } from '../../proxy-core/contract/errors.ts'
import type { FeedMessage, FeedRequest } from '../../proxy-core/contract/events.ts'
import type { ExchangeId } from '../../proxy-core/contract/exchange.ts'
import { invoke, openFeed } from '../../renderer/gateway.ts'

// A window as far as the feed needs one: messages, and the bridge that the preload script puts there.
class FeedWindow extends EventTarget {
  readonly asked: { name: string; input: unknown }[] = []
  readonly gateway: MessagePort
  reply: Reply<unknown> = { ok: true, value: undefined }
  readonly #windowEnd: MessagePort

  constructor() {
    super()
    const { port1, port2 } = new MessageChannel()
    this.gateway = port1
    this.#windowEnd = port2
  }

  readonly sluice: Bridge = {
    command: (name, input) => {
      this.asked.push({ name, input })
      return Promise.resolve(this.reply)
    },
    openFeed: () => this.offer(feedPortMessage, this),
  }

  offer(data: unknown, source: unknown, port: MessagePort = this.#windowEnd): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, source, ports: [port] }))
  }
}

let view: FeedWindow

beforeEach(() => {
  view = new FeedWindow()
  vi.stubGlobal('window', view)
})

afterEach(() => {
  view.gateway.close()
  vi.unstubAllGlobals()
})

it('each message is acknowledged after it was taken in', async () => {
  const order: string[] = []
  const acknowledged = nextRequest()
  openFeed((message) => order.push(`taken in ${message.type === 'down' ? 'down' : message.seq}`))
  view.gateway.postMessage(batch(41))
  order.push(`acknowledged ${JSON.stringify(await acknowledged)}`)
  expect(order).toEqual(['taken in 41', 'acknowledged {"type":"ack","seq":41}'])
})

it('a message that cannot be taken in is not acknowledged', async () => {
  openFeed((message) => {
    if (message.type !== 'down' && message.seq === 1) throw new Error('cannot be taken in')
  })
  const failure = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve))
  const listeners = process.rawListeners('uncaughtException').slice(0, -1) as ((...args: unknown[]) => void)[]
  for (const listener of listeners) process.off('uncaughtException', listener)
  const acknowledged = nextRequest()
  view.gateway.postMessage(batch(1))
  await failure
  for (const listener of listeners) process.on('uncaughtException', listener)
  view.gateway.postMessage(batch(2))
  expect(await acknowledged).toEqual({ type: 'ack', seq: 2 })
})

it('what is looked at is said again after a snapshot, for the gateway may be a new one', async () => {
  const feed = openFeed(() => undefined)
  const requests = collect(3)
  feed.send({ type: 'look', exchangeIds: [7 as ExchangeId], followedIds: [] })
  view.gateway.postMessage({ type: 'snapshot', seq: 5, at: 0, snapshot: {} })
  expect(await requests).toEqual([
    { type: 'look', exchangeIds: [7], followedIds: [] },
    { type: 'ack', seq: 5 },
    { type: 'look', exchangeIds: [7], followedIds: [] },
  ])
})

it('a port that another window or frame offers is not taken', async () => {
  const foreign = new MessageChannel()
  view.sluice.openFeed = () => {
    view.offer(feedPortMessage, {}, foreign.port2)
    view.offer(feedPortMessage, view)
  }
  const acknowledged = nextRequest()
  openFeed(() => undefined)
  foreign.port1.postMessage(batch(1))
  view.gateway.postMessage(batch(2))
  expect(await acknowledged).toEqual({ type: 'ack', seq: 2 })
  foreign.port1.close()
})

it('a refusal is thrown with its code and issues', async () => {
  view.reply = { ok: false, error: { code: 'invalid-input', message: 'No.', issues: [{ path: ['route', 'id'], message: 'Bad id.' }] } }
  const refusal = await invoke('gateway.start').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(GatewayError)
  expect(refusal).toMatchObject({ code: 'invalid-input', message: 'No.', issues: [{ path: ['route', 'id'] }] })
})

it('a command goes out with its name and input, and its value comes back', async () => {
  view.reply = { ok: true, value: { requestId: 3 } }
  const sent = await invoke('request.send', { method: 'GET', url: '/.sse' })
  expect(sent).toEqual({ requestId: 3 })
  expect(view.asked).toEqual([{ name: 'request.send', input: { method: 'GET', url: '/.sse' } }])
})

function batch(seq: number): FeedMessage {
  return { type: 'batch', seq, at: 0, events: [] }
}

async function nextRequest(): Promise<FeedRequest | undefined> {
  return (await collect(1))[0]
}

function collect(count: number): Promise<FeedRequest[]> {
  const requests: FeedRequest[] = []
  return new Promise((resolve) => {
    view.gateway.on('message', (request: FeedRequest) => {
      requests.push(request)
      if (requests.length === count) resolve(requests)
    })
  })
}
