import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** Opens paced event streams, lets them settle, measures, and leaves them one by one. */
export interface PaceOrder {
  readonly type: 'pace'
  readonly port: number
  readonly streams: number
  readonly eventsPerSecond: number
  /** Length of one event on the wire. */
  readonly eventBytes: number
  readonly settleMs: number
  readonly measureMs: number
  /** The hop's process; its CPU time is read at both ends of the measurement. */
  readonly pid: number | null
  /** Leave the CPU time of its other threads and of its children out. */
  readonly isMainThreadAlone?: boolean
}

/** What the clients saw of paced streams. */
export interface Paced {
  readonly events: number
  readonly expectedEvents: number
  /** CPU time of the hop per event; null without a process. */
  readonly cpuUsPerEvent: number | null
  /** The part of one core that the hop was busy for; null without a process. */
  readonly coreShare: number | null
  /** What each stream added to the memory of the hop; null without a process. */
  readonly bytesPerStream: number | null
  readonly latencyP50Ms: number
  readonly latencyP99Ms: number
  /** When each stream was left, by its id. */
  readonly leftAtUs: Readonly<Record<string, number>>
}

/** Opens quiet streams, of which each has had one event, and weighs the hop before and after. */
export interface HoldOrder {
  readonly type: 'hold'
  readonly port: number
  readonly streams: number
  readonly settleMs: number
  readonly pid: number | null
}

export interface Held {
  readonly bytesPerStream: number | null
}

/** Fetches one large body. */
export interface FetchOrder {
  readonly type: 'fetch'
  readonly port: number
  readonly bytes: number
}

export interface Fetched {
  readonly bytesPerSecond: number
}

/** Sends one large body. */
export interface UploadOrder {
  readonly type: 'upload'
  readonly port: number
  readonly bytes: number
}

/** Asks for a small JSON body again and again on kept connections, the next as soon as the last is there. */
export interface RequestsOrder {
  readonly type: 'requests'
  readonly port: number
  readonly pid: number | null
  readonly connections: number
  readonly settleMs: number
  readonly measureMs: number
}

export interface Requested {
  readonly requestsPerSecond: number
  /** CPU time of the hop per request; null without a process. */
  readonly cpuUsPerRequest: number | null
}

/** Asks the upstream which streams were closed by the other side since it was last asked. */
export interface ClosesOrder {
  readonly type: 'closes'
}

export interface Closes {
  readonly closedAtUs: Readonly<Record<string, number>>
}

/** What each order is answered with. */
export interface Answers {
  readonly pace: Paced
  readonly hold: Held
  readonly fetch: Fetched
  readonly upload: Fetched
  readonly requests: Requested
  readonly closes: Closes
}
export type Order = PaceOrder | HoldOrder | FetchOrder | UploadOrder | RequestsOrder | ClosesOrder

/** A process of the benchmark that takes orders, one at a time. */
export interface Worker {
  /** What it said when it was ready. */
  readonly port: number
  /** Rejects when it fails, or takes far longer than it should. */
  ask<O extends Order>(order: O): Promise<Answers[O['type']]>
  close(): void
}

/** What takes so much longer than it is told to is given up: one path that hangs must not cost the figures of the others. */
const patienceMs = 180_000

/** Starts one of the benchmark's own processes by its file name. */
export async function startWorker(file: string): Promise<Worker> {
  const start = async () => {
    const child = fork(join(import.meta.dirname, file), { stdio: 'inherit' })
    const { port } = (await nextMessage(child)) as { readonly port: number }
    return { child, port }
  }
  let running = await start()
  let isSpent = false
  return {
    port: running.port,
    ask: async <O extends Order>(order: O) => {
      // What failed may have left sockets open.
      if (isSpent) running = await start()
      isSpent = true
      const { child } = running
      const answer = nextMessage(child)
      child.send(order)
      const orderedMs = 'measureMs' in order ? order.settleMs + order.measureMs : 0
      const impatience = setTimeout(() => child.kill(), orderedMs + patienceMs)
      const told = await answer.finally(() => clearTimeout(impatience))
      if (isFailure(told)) {
        child.kill()
        throw new Error(told.failed)
      }
      isSpent = false
      return told as Answers[O['type']]
    },
    close: () => running.child.kill(),
  }
}

/** What a process of the benchmark answers when it could not do what it was asked. */
export interface Failure {
  readonly failed: string
}

function isFailure(told: unknown): told is Failure {
  return typeof told === 'object' && told !== null && 'failed' in told
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('a process of the benchmark has ended, or was given up'))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}

/** Microseconds of the machine's monotonic clock, the same in all processes. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
