import type { Socket } from 'node:net'
import { openSocket, readBuffer, requestHead, wait } from './load-sockets.ts'
import { cpuUs, mainThreadUs, residentBytes } from './process-cost.ts'
import { monotonicUs, type Held, type HoldOrder, type Paced, type PaceOrder } from './process-messages.ts'
import { quantile } from './statistics.ts'

const mark = '"sent":"'
const digits = 16
const markBytes = mark.length + digits
/** So many clients leave one by one, the others at once. */
const leavesMeasured = 100

interface Stream {
  readonly id: string
  readonly socket: Socket
  /** Done when the first event is here. */
  readonly opened: Promise<void>
}

type StreamKind = Pick<PaceOrder, 'eventsPerSecond' | 'eventBytes'>
const quiet: StreamKind = { eventsPerSecond: 0, eventBytes: 140 }

let streamIds = 0
let isMeasuring = false
let latenciesUs: number[] = []

/** Opens streams, measures them while they run, and leaves them. */
export async function pace(order: PaceOrder): Promise<Paced> {
  const { pid } = order
  const cpuNow = (): number => (pid === null ? 0 : order.isMainThreadAlone === true ? mainThreadUs(pid) : cpuUs(pid))
  const residentBefore = pid === null ? 0 : residentBytes(pid)
  const streams = await openStreams(order.port, order.streams, order)
  await wait(order.settleMs)
  latenciesUs = []
  isMeasuring = true
  const cpuBeforeUs = cpuNow()
  const startUs = monotonicUs()
  await wait(order.measureMs)
  const cpuSpentUs = cpuNow() - cpuBeforeUs
  const seconds = (monotonicUs() - startUs) / 1_000_000
  isMeasuring = false
  const residentAfter = pid === null ? 0 : residentBytes(pid)
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
    cpuUsPerEvent: pid === null ? null : cpuSpentUs / latenciesUs.length,
    coreShare: pid === null ? null : cpuSpentUs / 1_000_000 / seconds,
    bytesPerStream: pid === null ? null : (residentAfter - residentBefore) / order.streams,
    latencyP50Ms: quantile(latenciesUs, 0.5) / 1000,
    latencyP99Ms: quantile(latenciesUs, 0.99) / 1000,
    leftAtUs,
  }
}

/** Weighs a hop before and after quiet streams are opened. */
export async function hold(order: HoldOrder): Promise<Held> {
  if (order.pid === null) return { bytesPerStream: null }
  // What a hop loads for its first streams is not a cost per stream.
  await closeStreams(await openStreams(order.port, Math.min(200, order.streams), quiet))
  await wait(order.settleMs)
  const before = residentBytes(order.pid)
  const streams = await openStreams(order.port, order.streams, quiet)
  await wait(order.settleMs)
  const bytesPerStream = (residentBytes(order.pid) - before) / order.streams
  await closeStreams(streams)
  return { bytesPerStream }
}

/** Opens streams a hundred at a time, so that no listener's backlog overflows, and waits for the first event of each. */
async function openStreams(port: number, count: number, kind: StreamKind): Promise<readonly Stream[]> {
  const streams: Stream[] = []
  while (streams.length < count) {
    const batch = Array.from({ length: Math.min(100, count - streams.length) }, () => openStream(port, kind))
    await Promise.all(batch.map((stream) => stream.opened))
    streams.push(...batch)
  }
  return streams
}

function openStream(port: number, { eventsPerSecond, eventBytes }: StreamKind): Stream {
  const id = String(++streamIds)
  let rest = ''
  let hasOpened = (): void => {}
  let hasFailed: (error: Error) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => {
    hasOpened = resolve
    hasFailed = reject
  })
  const target = `/stream?rate=${String(eventsPerSecond)}&bytes=${String(eventBytes)}&id=${id}`
  const socket = openSocket(port, requestHead(port, `GET ${target}`), (count) => {
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

async function closeStreams(streams: readonly Stream[]): Promise<void> {
  for (const { socket } of streams) socket.destroy()
  await wait(200)
}
