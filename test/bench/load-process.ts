import { connect, type Socket } from 'node:net'
import { cpuUs, residentBytes } from './process-cost.ts'
import {
  monotonicUs,
  type Fetched,
  type FetchOrder,
  type Held,
  type HoldOrder,
  type Order,
  type Paced,
  type PaceOrder,
} from './process-messages.ts'
import { quantile } from './statistics.ts'

const mark = '"sent":"'
const digits = 16
const markBytes = mark.length + digits
/** So many clients leave one by one, the others at once. */
const leavesMeasured = 100
/** All sockets read into one buffer: the callback has done with it before the next read. */
const readBuffer = Buffer.alloc(262_144)

interface Stream {
  readonly id: string
  readonly socket: Socket
  /** Done when the first event is here. */
  readonly opened: Promise<void>
}

let streamIds = 0
let isMeasuring = false
let latenciesUs: number[] = []

async function pace(order: PaceOrder): Promise<Paced> {
  const streams = await openStreams(order.port, order.streams, order.eventsPerSecond)
  await wait(order.settleMs)
  latenciesUs = []
  isMeasuring = true
  const cpuBeforeUs = order.pid === null ? 0 : cpuUs(order.pid)
  const startUs = monotonicUs()
  await wait(order.measureMs)
  const cpuSpentUs = order.pid === null ? 0 : cpuUs(order.pid) - cpuBeforeUs
  const seconds = (monotonicUs() - startUs) / 1_000_000
  isMeasuring = false
  const leftAtUs: Record<string, number> = {}
  for (const { id, socket } of streams.slice(0, leavesMeasured)) {
    leftAtUs[id] = monotonicUs()
    socket.destroy()
    await wait(1)
  }
  for (const { socket } of streams) socket.destroy()
  return {
    events: latenciesUs.length,
    expectedEvents: order.streams * order.eventsPerSecond * seconds,
    cpuUsPerEvent: order.pid === null ? null : cpuSpentUs / latenciesUs.length,
    latencyP50Ms: quantile(latenciesUs, 0.5) / 1000,
    latencyP99Ms: quantile(latenciesUs, 0.99) / 1000,
    leftAtUs,
  }
}

async function hold(order: HoldOrder): Promise<Held> {
  if (order.pid === null) return { bytesPerStream: null }
  // What a hop loads for its first streams is not a cost per stream.
  await closeStreams(await openStreams(order.port, Math.min(200, order.streams), 0))
  await wait(order.settleMs)
  const before = residentBytes(order.pid)
  const streams = await openStreams(order.port, order.streams, 0)
  await wait(order.settleMs)
  const bytesPerStream = (residentBytes(order.pid) - before) / order.streams
  await closeStreams(streams)
  return { bytesPerStream }
}

function fetchLarge({ port, bytes }: FetchOrder): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const startUs = monotonicUs()
    let received = 0
    const socket = openSocket(port, `/large?bytes=${String(bytes)}`, (count) => {
      received += count
      if (received < bytes) return
      socket.destroy()
      resolve({ bytesPerSecond: received / ((monotonicUs() - startUs) / 1_000_000) })
    })
    socket.on('close', () => reject(new Error(`A large body ended after ${String(received)} bytes.`)))
  })
}

/** Opens streams a hundred at a time, so that no listener's backlog overflows, and waits for the first event of each. */
async function openStreams(port: number, count: number, eventsPerSecond: number): Promise<readonly Stream[]> {
  const streams: Stream[] = []
  while (streams.length < count) {
    const batch = Array.from({ length: Math.min(100, count - streams.length) }, () => openStream(port, eventsPerSecond))
    await Promise.all(batch.map((stream) => stream.opened))
    streams.push(...batch)
  }
  return streams
}

function openStream(port: number, eventsPerSecond: number): Stream {
  const id = String(++streamIds)
  let rest = ''
  let hasOpened = (): void => {}
  let hasFailed: (error: Error) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => {
    hasOpened = resolve
    hasFailed = reject
  })
  const socket = openSocket(port, `/stream?rate=${String(eventsPerSecond)}&id=${id}`, (count) => {
    const text = rest + readBuffer.toString('latin1', 0, count)
    const nowUs = monotonicUs()
    let end = 0
    for (let at = text.indexOf(mark); at !== -1 && at + markBytes <= text.length; at = text.indexOf(mark, end)) {
      end = at + markBytes
      if (isMeasuring) latenciesUs.push(nowUs - Number(text.slice(at + mark.length, end)))
    }
    if (end > 0) hasOpened()
    // A mark that is cut in two is found when the rest of it comes.
    rest = text.endsWith('\n') ? '' : text.slice(Math.max(end, text.length - markBytes + 1))
  })
  socket.on('close', () => hasFailed(new Error('A stream was closed before its first event.')))
  return { id, socket, opened }
}

function openSocket(port: number, target: string, onBytes: (count: number) => void): Socket {
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (count) => {
        onBytes(count)
        return true
      },
    },
  })
  socket.on('error', () => socket.destroy())
  socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nAccept: text/event-stream\r\n\r\n`)
  return socket
}

async function closeStreams(streams: readonly Stream[]): Promise<void> {
  for (const { socket } of streams) socket.destroy()
  await wait(200)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function carryOut(order: Order): Promise<void> {
  switch (order.type) {
    case 'pace':
      process.send?.(await pace(order))
      return
    case 'hold':
      process.send?.(await hold(order))
      return
    case 'fetch':
      process.send?.(await fetchLarge(order))
      return
    case 'closes':
      throw new Error('The load process knows no closes.')
  }
}

// Without the benchmark that started it there is nothing to do.
process.on('disconnect', () => process.exit())
process.on('message', (order) => void carryOut(order as Order))
process.send?.({ port: 0 })
